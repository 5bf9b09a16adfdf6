"""Sort codes, account numbers, card numbers, IBANs."""

from redaction import shapes, types
from redaction.recognisers.base import ShapeRecogniser


class BankRecogniser(ShapeRecogniser):
    """What money is paid to or from. Eight digits alone, or a sort code with spaces, need a word such as `account`."""

    TYPE = types.BANK
    SHAPES = (
        ("sort code", shapes.SORT_CODE, 0.6),
        ("sort code with spaces", r"(?<![\w£$€.,/\-])[0-9]{2} [0-9]{2} [0-9]{2}(?![\w])(?! [0-9])", 0.1),
        ("account", r"(?<![\w£$€.,/\-])[0-9]{8}(?![\w])", 0.2),
        ("card", shapes.CARD, 0.5),
        ("iban", shapes.IBAN, 0.8),
    )
    CONTEXT = (
        "account",
        "acc",
        "acct",
        "ac",
        "bank",
        "sort",
        "sortcode",
        "sc",
        "card",
        "iban",
        "barclays",
        "lloyds",
        "natwest",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Sure for a card number that passes Luhn's check; unchanged otherwise."""
        return True if shapes.is_card(pattern_text) else None
