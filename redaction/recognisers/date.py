"""Dates of events, which tell one family from another."""

from typing import Final

from redaction import shapes, types
from redaction.recognisers.base import ShapeRecogniser

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY: Final = r"(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR: Final = r"(?:(?:19|20)[0-9]{2}|['’]?[0-9]{2})"
_DAY_MONTH: Final = (
    rf"\b{_DAY} ?(?:st|nd|rd|th)?(?: of)?[ \-./]?{_MONTH}\b(?:\.?[ ,\-./]{{0,2}}{_YEAR}\b(?![:.][0-9]))?"
)
# "May 2 of them came" is no date: the day after the month needs its ending or a year.
_MONTH_DAY: Final = rf"\b{_MONTH}\.? {_DAY}(?:(?:st|nd|rd|th)\b(?:,? {_YEAR}\b)?|,? (?:19|20)[0-9]{{2}}\b)"
_DATED: Final = r"(?<=\b(?:on|since|until|till|til|by|from|before|after|due|dated|w/c|wc)(?: the)? )"
# What is counted in a row: "on the 2nd floor".
_NO_ROW: Final = r"(?! (?:floor|time|child|baby|visit|year|week|month|one|attempt|form|letter|warning|day|night|go))"
_NO_TIME: Final = r"(?! ?(?:[ap]m|[:.][0-9]))"
_WEEKDAY: Final = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
# "sat 5 minutes" is no date.
_WORKDAY: Final = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri)(?:day)?"
# A day above twelve, or a month of nine, eleven or twelve: no fraction that people say.
_SLASH_ALONE: Final = (
    r"(?<![\w£$€.,/])(?:(?:1[3-9]|2[0-9]|3[01])/(?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])/(?:0?9|11|12))(?![\w/])"
)
_DAY_SLASH_MONTH: Final = (
    r"(?<=\b(?:on|since|from|by|until|till|til|dated|to|due|after|before) (?:the )?)"
    r"(?:0?[1-9]|[12][0-9]|3[01])/(?:0?[1-9]|1[0-2])(?![/0-9])"
)

WRITTEN_DATE: Final = rf"(?:{shapes.WHOLE_DATE}|{_DAY_MONTH}|{_MONTH_DAY})"


class DateRecogniser(ShapeRecogniser):
    """A day with its month. A month without a year, a weekday, an age, `24/7` and fractions stay."""

    TYPE = types.DATE
    SHAPES = (
        ("written", WRITTEN_DATE, 0.7),
        ("day and month in figures", _DAY_SLASH_MONTH, 0.5),
        ("day and month in figures alone", _SLASH_ALONE, 0.45),
        ("month and year", rf"\b{_MONTH}\.?,? (?:19|20)[0-9]{{2}}\b", 0.5),
        ("weekday and day", rf"(?<=\b{_WEEKDAY},? (?:the )?){_DAY}(?:st|nd|rd|th)\b", 0.5),
        ("weekday and bare day", rf"(?<=\b{_WORKDAY} ){_DAY}\b{_NO_TIME}", 0.45),
        ("day alone", rf"{_DATED}{_DAY}(?:st|nd|rd|th)\b{_NO_ROW}", 0.45),
        ("day and month with dots", rf"{_DATED}{_DAY}\.(?:0?[1-9]|1[0-2])(?![.0-9])", 0.45),
    )
