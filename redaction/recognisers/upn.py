"""Unique pupil numbers."""

from redaction import shapes, types
from redaction.recognisers.base import ShapeRecogniser


class UpnRecogniser(ShapeRecogniser):
    """A letter, eleven digits, and a digit or letter (Department for Education, UPN guidance)."""

    TYPE = types.UPN
    SHAPES = (("upn", shapes.UPN, 0.9),)
