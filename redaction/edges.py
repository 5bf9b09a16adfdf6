"""What belongs to a name although no layer found it: a title, an initial, the number of a house."""

import re
from dataclasses import replace
from typing import Final

from redaction.keep import keep
from redaction.nlp import TextArtifacts
from redaction.spans import Found
from redaction.types import ADDRESS, LICENCE, ORG, PASSPORT, PERSON, REF, TOWN, VEHICLE
from redaction.words import fold, word_list

_TITLE_BEFORE: Final = re.compile(
    r"\b(?:(?:mr|mrs|ms|miss|mx|dr|prof|rev|cllr|sgt|sr|councillor|reverend|canon)\.?"
    r"(?: (?:and|&|n) (?:mr|mrs|ms|miss|dr)\.?)?|big|(?-i:(?<=[a-z,:;] )(?:Father|Sister))) (?:[a-z]\.? )?$",
    re.IGNORECASE,
)
# "I" and "A" are words more often than initials.
_INITIAL_BEFORE: Final = re.compile(r"\b[B-HJ-Z] $")
_DOTTED_BEFORE: Final = re.compile(r"(?<![\w.])[A-Za-z]\. ?$")
_INITIAL_AFTER: Final = re.compile(r" (?:[B-HJ-Z]\b(?!['’.]?\w)(?! [a-z])|[A-Z]\b(?=[,.;)\n]|$))")
# "CB 442917", "PC/LAU/30071": letters that belong to a number.
_LETTERS_BEFORE: Final = re.compile(r"(?<![\w/\-])(?:[A-Z]{1,4}[ /\-]){1,2}$")
_NUMBERED: Final = frozenset({REF, PASSPORT, LICENCE})
_HOUSE_BEFORE: Final = re.compile(r"(?<![\w£$€.,/:\-])[0-9]{1,3}[a-d]? $", re.IGNORECASE)
_CAPITAL_BEFORE: Final = re.compile(r"(?<=[a-z,;] )([A-Z][a-z'’]+)[ \-]$")
_CAPITAL_AFTER: Final = re.compile(r"[ \-]([A-Z][a-z]+)\b(?!['’][a-z])")
_FIRM_AFTER: Final = re.compile(
    r" (?:(?:&|and|n) )?(?:sons?|daughters?|co|bros|brothers|partners|ltd|limited|plc)\b", re.IGNORECASE
)
_NEAR: Final = 24


def widen(text: TextArtifacts, found: Found) -> Found:
    """`found` with what belongs to it; a place after a house number becomes an address."""
    before = text.text[max(0, found.start - _NEAR) : found.start]
    after = text.text[found.end : found.end + _NEAR]
    if found.type == TOWN and (house := _HOUSE_BEFORE.search(before)):
        return replace(found, start=found.start - len(house[0]), type=ADDRESS)
    if found.type in _NUMBERED and (letters := _LETTERS_BEFORE.search(before)):
        said = letters[0].replace("/", " ").replace("-", " ").split()
        named = any(keep().keeps_word(fold(word)) for word in said)
        return found if named else replace(found, start=found.start - len(letters[0]))
    if firm := found.type in (PERSON, ORG) and _FIRM_AFTER.match(after):
        return replace(found, end=found.end + len(firm[0]), type=ORG)
    if found.type in (ORG, VEHICLE) and text.has_meaningful_case:
        return _with_capitals(found, before, after)
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


def _with_capitals(found: Found, before: str, after: str) -> Found:
    """With the words beside it that have a capital inside a sentence: `Idle Wren`, `Deanwood Special`."""
    prefix, suffix = _CAPITAL_BEFORE.search(before), _CAPITAL_AFTER.match(after)
    return replace(
        found,
        start=found.start - (len(prefix[0]) if prefix and _may_name(prefix[1]) else 0),
        end=found.end + (len(suffix[0]) if suffix and _may_name(suffix[1]) else 0),
    )


def _may_name(word: str) -> bool:
    return not keep().keeps_word(fold(word)) and fold(word) not in word_list("no_name")
