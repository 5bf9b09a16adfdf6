"""Dates of birth."""

from redaction import types
from redaction.recognisers.base import ShapeRecogniser
from redaction.recognisers.date import WRITTEN_DATE

_BORN = (
    r"(?<=\b(?:d\.?o\.?b\.?|d o b|date of birth|birth ?date|b ?day|b'day|birthday|born|b\.)"
    r"(?:[ :;,=(\-–]|is|was|on|the|in){0,6})"
)
_FIGURES = r"(?:0?[1-9]|[12][0-9]|3[01])[ /.\-](?:0?[1-9]|1[0-2])(?:[ /.\-](?:(?:19|20)[0-9]{2}|[0-9]{2}))?"


class BirthDateRecogniser(ShapeRecogniser):
    """A date or a year that is said to be of birth; the words that say so stay."""

    TYPE = types.DOB
    SHAPES = (
        ("date", rf"{_BORN}{WRITTEN_DATE}", 0.9),
        ("figures", rf"{_BORN}{_FIGURES}(?![0-9])", 0.8),
        ("run together", rf"{_BORN}[0-9]{{6}}(?:[0-9]{{2}})?(?![0-9])", 0.7),
        ("year", rf"{_BORN}(?:19|20)[0-9]{{2}}\b", 0.7),
        ("before the word", rf"{WRITTEN_DATE}(?= \(?(?:dob|d\.o\.b))", 0.85),
    )
