"""E-mail addresses, typed or spelt out."""

from redaction import shapes, types
from redaction.recognisers.base import ShapeRecogniser

_SPOKEN = (
    r"\b[a-z0-9]+(?:(?: dot | underscore | dash |[._\-])[a-z0-9]+)* at [a-z0-9\-]+(?: dot |\.)"
    r"(?:(?:co|ac|gov|org)(?: dot |\.)uk|com|net|org|uk)\b"
)


class EmailRecogniser(ShapeRecogniser):
    """`kelly@example.com`, `kelly (at) example.com`, `kelly dot marsh at example dot com`."""

    TYPE = types.EMAIL
    SHAPES = (("typed", shapes.EMAIL, 0.95), ("spelt out", _SPOKEN, 0.8))
