"""What belongs to a name although no layer found it: a title, an initial, the number of a house."""

import re
from dataclasses import replace
from typing import Final

from redaction.nlp import TextArtifacts
from redaction.spans import Found
from redaction.types import ADDRESS, PERSON, TOWN

_TITLE_BEFORE: Final = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof|rev|cllr|sgt)\.? (?:[a-z]\.? )?$", re.IGNORECASE)
# "I" and "A" are words more often than initials.
_INITIAL_BEFORE: Final = re.compile(r"\b[B-HJ-Z] $")
_DOTTED_BEFORE: Final = re.compile(r"(?<![\w.])[A-Za-z]\. ?$")
_INITIAL_AFTER: Final = re.compile(r" [B-HJ-Z]\b(?!['’.]?\w)(?! [a-z])")
_HOUSE_BEFORE: Final = re.compile(r"(?<![\w£$€.,/:\-])[0-9]{1,3}[a-d]? $", re.IGNORECASE)
_NEAR: Final = 16


def widen(text: TextArtifacts, found: Found) -> Found:
    """`found` with what belongs to it; a place after a house number becomes an address."""
    before = text.text[max(0, found.start - _NEAR) : found.start]
    after = text.text[found.end : found.end + _NEAR]
    if found.type == TOWN and (house := _HOUSE_BEFORE.search(before)):
        return replace(found, start=found.start - len(house[0]), type=ADDRESS)
    if found.type != PERSON:
        return found
    prefix = _TITLE_BEFORE.search(before) or _DOTTED_BEFORE.search(before)
    suffix = None
    if text.has_meaningful_case:
        prefix = prefix or _INITIAL_BEFORE.search(before)
        suffix = _INITIAL_AFTER.match(after)
    return replace(
        found,
        start=found.start - (len(prefix[0]) if prefix else 0),
        end=found.end + (len(suffix[0]) if suffix else 0),
    )
