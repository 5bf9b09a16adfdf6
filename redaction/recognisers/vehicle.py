"""Number plates."""

from redaction import types
from redaction.recognisers.base import ShapeRecogniser


class VehicleRecogniser(ShapeRecogniser):
    """Plates since 2001 in capitals or run together; in small letters with a gap (`wk12 for`), and older
    plates, only near a word such as `car` or `reg`."""

    TYPE = types.VEHICLE
    SHAPES = (
        ("capitals", r"(?-i:\b[A-Z]{2}[0-9]{2} ?[A-Z]{3}\b)", 0.7),
        ("run together", r"\b[a-z]{2}[0-9]{2}[a-z]{3}\b", 0.6),
        ("small letters with a gap", r"\b[a-z]{2}[0-9]{2} [a-z]{3}\b", 0.15),
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
