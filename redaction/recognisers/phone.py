"""Telephone numbers."""

from typing import Final

from redaction import shapes, types
from redaction.recognisers.base import ShapeRecogniser

_DIGIT: Final = r"(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|hundred|thousand|ten|[0-9])"
_SPOKEN: Final = (
    rf"\b(?:(?:double|treble|triple) )?{_DIGIT}(?:[ ,\-]{{1,2}}(?:(?:double|treble|triple) )?{_DIGIT}){{6,}}\b"
)


class PhoneRecogniser(ShapeRecogniser):
    """UK and foreign numbers however they are spaced, with a digit too few or too many; spoken ones.

    A short number without its area code counts only near a word such as `tel`. Public numbers do not count.
    """

    TYPE = types.PHONE
    SHAPES = (
        ("whole", shapes.PHONE, 0.75),
        ("spoken", _SPOKEN, 0.7),
        ("without area code", r"(?<![\w£$€.,/\-])[0-9]{3}[ \-]?[0-9]{3,5}(?![\w])(?![.,/\-][0-9])", 0.1),
    )
    CONTEXT = ("tel", "telephone", "phone", "mob", "mobile", "landline", "ring", "call", "text", "whatsapp", "number")

    def invalidate_result(self, pattern_text: str) -> bool:
        """Helplines and other public numbers."""
        return shapes.is_public(pattern_text)
