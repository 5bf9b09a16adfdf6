"""Claim, rent account, crime and other reference numbers."""

from redaction import shapes, types
from redaction.recognisers.base import ShapeRecogniser


class ReferenceRecogniser(ShapeRecogniser):
    """Letters with a run of digits, codes in parts, long numbers; shorter ones near a word such as `ref` or `claim`."""

    TYPE = types.REF
    SHAPES = (
        ("letters and digits", r"\b[a-z]{1,4}[0-9]{5,12}[a-z]{0,2}\b", 0.5),
        (
            "letters and digits in parts",
            r"\b[a-z]{2,5}(?:[/\-][a-z0-9]{1,8}){0,2}[/\-][0-9]{4,9}(?:[/\-][a-z0-9]{1,4})?\b",
            0.45,
        ),
        ("in parts", r"\b[0-9]{2,6}(?:[/\-][a-z0-9]{1,8}){0,2}[/\-][0-9]{4,9}[a-z]?\b", 0.3),
        (
            "letters, gap, digits",
            r"\b(?!(?:is|no|on|ref|of|to|at|the|was|acc|for|in|by|or|and|tel|my|his|her)\b)[a-z]{1,3} [0-9]{5,10}\b",
            0.1,
        ),
        (
            "after the word",
            r"(?<=\b(?:ref|refs|reference|claim no|case no|case number|claim number|account no|acc no|log)\b"
            r"(?: is| no| number)?[ :.#]{1,3})(?:(?!is\b|no\b|the\b|to\b|re\b)[a-z]{1,4}[ /\-])?[a-z]?[0-9]{3,}"
            r"(?:[ /\-](?:[0-9]{2,}|[a-z]{1,2})\b)*",
            0.5,
        ),
        ("capitals and digits", r"(?-i:\b(?=(?:[A-Z]*[0-9]){3})(?=[0-9]*[A-Z])[A-Z0-9]{6,14}\b)", 0.45),
        ("long number", shapes.LONG_NUMBER, 0.5),
        ("short number", r"(?<![\w£$€.,/\-])[0-9]{5,6}(?![\w])(?![.,/\-][0-9])", 0.1),
        (
            "short code",
            r"\b(?=[a-z0-9/\-]*[0-9]{2})(?=[a-z0-9/\-]*[a-z/\-])[a-z0-9]{1,6}(?:[/\-]?[a-z0-9]{1,8}){1,3}\b",
            0.1,
        ),
    )
    CONTEXT = (
        "ref", "reference", "claim", "case", "account", "acc", "acct", "tenancy", "rent", "crime", "incident", "log",
        "number", "no", "cust", "customer", "file", "record", "id", "urn", "application", "app", "journal", "index",
        "licence",
    )  # fmt: skip

    def invalidate_result(self, pattern_text: str) -> bool:
        """A range of years, or a code with too few digits to lead anywhere."""
        digits = sum(letter.isdigit() for letter in pattern_text)
        years = pattern_text.replace("/", "-").split("-")
        is_range = len(years) == 2 and all(part.isdigit() and part[:2] in ("19", "20") for part in years)
        return digits < 3 or (is_range and all(len(part) == 4 for part in years))
