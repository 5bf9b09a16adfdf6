"""Unique taxpayer references."""

from redaction import types
from redaction.recognisers.base import ShapeRecogniser


class UtrRecogniser(ShapeRecogniser):
    """Ten digits, often with a K behind them, near a word such as `UTR` or `tax` (HM Revenue and Customs)."""

    TYPE = types.UTR
    SHAPES = (
        ("after the word", r"(?<=\butr(?:[ :.#\-]|is|no|number){0,4})[0-9](?:[ \-.]?[0-9]){8,10} ?k?\b", 0.9),
        ("digits", r"(?<![\w£$€.,/\-])[0-9]{5} ?[0-9]{5} ?k?(?![\w])", 0.15),
    )
    CONTEXT = ("utr", "tax", "taxpayer", "sa", "selfassessment")
