"""Number plates."""

from redaction import types
from redaction.recognisers.base import ShapeRecogniser
from redaction.words import fold, word_list


class VehicleRecogniser(ShapeRecogniser):
    """Plates since 2001, except what reads as words (`wk12 for`); older plates only near a word such as `car`."""

    TYPE = types.VEHICLE
    SHAPES = (
        ("capitals", r"(?-i:\b[A-Z]{2}[0-9]{2} ?[A-Z]{3}\b)", 0.7),
        ("run together", r"\b[a-z]{2}[0-9]{2}[a-z]{3}\b", 0.6),
        ("small letters with a gap", r"\b[a-z]{2}[0-9]{2} [a-z]{3}\b", 0.45),
        ("older", r"\b(?:[a-z][0-9]{1,3} ?[a-z]{3}|[a-z]{3} ?[0-9]{1,3}[a-z])\b", 0.1),
    )
    CONTEXT = (
        "reg",
        "registration",
        "plate",
        "plates",
        "car",
        "van",
        "vehicle",
        "motor",
        "bike",
        "taxi",
        "drives",
        "driving",
        "mot",
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """`wk12 for`, `yr10 boy`."""
        if pattern_text == pattern_text.upper():
            return False
        letters = fold(pattern_text)
        return letters[:2] in word_list("no_plate_start") or letters[-3:] in word_list("no_plate_end")
