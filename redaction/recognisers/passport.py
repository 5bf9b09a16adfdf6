"""Passport and residence permit numbers."""

from redaction import types
from redaction.recognisers.base import ShapeRecogniser


class PassportRecogniser(ShapeRecogniser):
    """Nine digits, or one to three letters and six to nine digits, near a word such as `passport` or `BRP`."""

    TYPE = types.PASSPORT
    SHAPES = (
        ("digits", r"(?<![\w£$€.,/\-])[0-9]{9}(?![\w])", 0.1),
        ("letters and digits", r"\b[a-z]{1,3} ?[0-9]{6,9}\b", 0.1),
    )
    CONTEXT = ("passport", "passports", "brp", "permit", "visa", "travel", "euss")
