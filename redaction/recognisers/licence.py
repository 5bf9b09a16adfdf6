"""Driving licence numbers."""

from redaction import shapes, types
from redaction.recognisers.base import ShapeRecogniser


class LicenceRecogniser(ShapeRecogniser):
    """Sixteen characters that hold surname, date of birth and initials (DVLA)."""

    TYPE = types.LICENCE
    SHAPES = (("licence", shapes.LICENCE, 0.85),)
