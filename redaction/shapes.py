"""The shapes of numbers and addresses that identify a person, with their checks: plain regular expressions.

Kept apart from the recognisers that use them, so that the tripwire can look for the same shapes without loading
anything. All are meant for IGNORECASE on normalised text. None relies on a checksum: a number with a slip in it is
still somebody's number.
"""

import re
from typing import Final

from redaction.keep import keep
from redaction.words import word_list

# Not in the middle of a longer number, an amount of money, or a code.
_ALONE: Final = r"(?<![\w£$€])(?<![\w£$€][.,/\-])"
_ENDS: Final = r"(?![\w])(?![.,/\-][0-9])"
_GAP: Final = r"[ .\-()/]{0,2}"

PHONE: Final = (
    rf"(?<![\w£$€])(?:"
    rf"(?:\+|00) ?44 ?(?:\(0\) ?)?[1-9](?:{_GAP}[0-9]){{8,9}}"
    rf"|\+[1-9](?:{_GAP}[0-9]){{7,13}}"
    rf"|\(?0 ?7(?:{_GAP}[0-9]){{8,9}}[0-9]?"
    rf"|\(?0 ?[1-9](?:{_GAP}[0-9]){{8,9}}"
    rf"|7[0-9]{{3}} ?[0-9]{{3}} ?[0-9]{{3}}"
    rf"){_ENDS}"
)
EMAIL: Final = (
    r"[a-z0-9][a-z0-9._%+'\-]* ?(?:@|\(at\)|\[at\]) ?[a-z0-9\-]+"
    r"(?:(?:\.| \. | ?(?:\(dot\)|\[dot\]) ?)[a-z0-9\-]+)*(?:\.| \. | ?(?:\(dot\)|\[dot\]) ?)[a-z]{2,}"
)
NINO: Final = r"\b(?!in\b|at\b|on\b|to\b|by\b)[a-z]{2}[ .\-]?[0-9]{2}[ .\-]?[0-9]{2}[ .\-]?[0-9]{2}[ .\-]?[a-f]\b"
NHS: Final = rf"{_ALONE}[0-9]{{3}}[ \-][0-9]{{3}}[ \-][0-9]{{4}}{_ENDS}"
UPN: Final = r"\b[a-z][ \-]?[0-9](?:[ \-]?[0-9]){10}[ \-]?[0-9a-z]\b"
POSTCODE: Final = r"\b(?:gir ?0aa|[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2})\b"
SORT_CODE: Final = rf"{_ALONE}[0-9]{{2}}[\-–][0-9]{{2}}[\-–][0-9]{{2}}{_ENDS}"
CARD: Final = rf"{_ALONE}[0-9]{{4}}(?:[ \-]?[0-9]{{4}}){{2}}[ \-]?[0-9]{{1,7}}{_ENDS}"
IBAN: Final = r"\b[a-z]{2}[0-9]{2}(?: ?[a-z]{4})(?: ?[0-9]{4}){3,5}(?: ?[0-9]{1,2})?\b"
LICENCE: Final = (
    r"\b[a-z]{2,5}9{0,3}[0-9](?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9][a-z9]{2}[a-z0-9][a-z]{2}\b"
)
IP: Final = r"(?<![\w.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?![\w.])"
LONG_NUMBER: Final = r"(?<![\w£$€.,\-/])[0-9]{7,}(?![\w])"
_YEAR: Final = r"(?:(?:19|20)[0-9]{2}|[0-9]{2})"
WHOLE_DATE: Final = (
    rf"{_ALONE}(?:(?:0?[1-9]|[12][0-9]|3[01]) ?[/.\-–] ?(?:0?[1-9]|1[0-2]) ?[/.\-–] ?{_YEAR}"
    rf"|(?:19|20)[0-9]{{2}}[/\-](?:0?[1-9]|1[0-2])[/\-](?:0?[1-9]|[12][0-9]|3[01])){_ENDS}"
)

_ORDINAL_OR_UNIT = re.compile(r"[0-9](?:st|nd|rd|th|am|pm|hr|kg|mg|ml|cm|mm|km|wk|yr|nd)", re.IGNORECASE)


def is_postcode(text: str) -> bool:
    """Whether this is more likely a postcode than `yr7 1st` or `at9 3pm`."""
    inward = text[-3:]
    area = re.match("[a-z]+", text, re.IGNORECASE)
    if not _ORDINAL_OR_UNIT.fullmatch(inward):
        return True
    if area is None or area[0].casefold() not in word_list("postcode_areas"):
        return False
    return text == text.upper() or area[0].casefold() not in word_list("no_plate_start")


def is_card(text: str) -> bool:
    """Luhn's check over 13 to 19 digits; raises the score, never gates it."""
    digits = [int(letter) for letter in text if letter.isdigit()]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def is_nhs_number(text: str) -> bool:
    """The check digit of the NHS number (modulus 11); raises the score, never gates it."""
    digits = [int(letter) for letter in text if letter.isdigit()]
    if len(digits) != 10:
        return False
    return sum(digit * weight for digit, weight in zip(digits, range(10, 0, -1), strict=True)) % 11 == 0


def is_public(text: str) -> bool:
    """A helpline or another number that anybody may know."""
    return keep().keeps_number(text)
