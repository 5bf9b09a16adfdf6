"""National Insurance numbers."""

from redaction import shapes, types
from redaction.recognisers.base import ShapeRecogniser


class NinoRecogniser(ShapeRecogniser):
    """Two letters, six digits and a letter A to F, however spaced; without the last letter only near `NI` or `NINO`.

    Letters that are not given out (D, F, I, Q, U, V) count too: a slip does not make the number less personal.
    """

    TYPE = types.NINO
    SHAPES = (
        ("whole", shapes.NINO, 0.85),
        ("without last letter", r"\b[a-z]{2}[ .\-]?[0-9]{2}[ .\-]?[0-9]{2}[ .\-]?[0-9]{2}\b", 0.2),
    )
    CONTEXT = ("nino", "ni", "insurance", "nat", "nin")
