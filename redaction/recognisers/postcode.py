"""Postcodes."""

from redaction import shapes, types
from redaction.recognisers.base import ShapeRecogniser
from redaction.words import word_list

_AREAS = "|".join(sorted(area for area in word_list("postcode_areas") if len(area) == 2))


class PostcodeRecogniser(ShapeRecogniser):
    """Whole postcodes; the first half alone (`BA2`) only near a word that speaks of a place."""

    TYPE = types.POSTCODE
    SHAPES = (
        ("whole", shapes.POSTCODE, 0.8),
        ("first half", rf"\b(?:{_AREAS})[0-9]{{1,2}}[a-z]?\b(?! ?[0-9])", 0.15),
    )
    CONTEXT = (
        "postcode",
        "pcode",
        "address",
        "addr",
        "live",
        "lives",
        "living",
        "moved",
        "moving",
        "area",
        "street",
        "road",
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """`yr7 1st` and the like."""
        return len(pattern_text) > 4 and not shapes.is_postcode(pattern_text)
