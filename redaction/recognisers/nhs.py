"""NHS numbers."""

from redaction import shapes, types
from redaction.recognisers.base import ShapeRecogniser


class NhsRecogniser(ShapeRecogniser):
    """Ten digits as 3-3-4; run together only near `NHS` or with the right check digit."""

    TYPE = types.NHS
    SHAPES = (
        ("spaced", shapes.NHS, 0.6),
        ("run together", r"(?<![\w£$€.,/\-])[0-9]{10}(?![\w])", 0.2),
    )
    CONTEXT = ("nhs", "hospital", "gp", "surgery", "patient")

    def validate_result(self, pattern_text: str) -> bool | None:
        """Sure with the right check digit (NHS Data Dictionary, modulus 11); unchanged without it."""
        return True if shapes.is_nhs_number(pattern_text) else None
