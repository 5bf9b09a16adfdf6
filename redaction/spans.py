"""What the layers found, and one answer out of many that overlap."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from redaction.types import (
    BANK,
    DATE,
    DOB,
    LICENCE,
    NHS,
    NINO,
    ORG,
    PASSPORT,
    PERSON,
    PHONE,
    REF,
    TOWN,
    TYPES,
    UPN,
    VEHICLE,
)

# A name may be a person, a place or an organisation: the longer, then the surer find says which.
# The rest goes by kind alone.
_NAMES = frozenset({PERSON, TOWN, ORG})
# What is left of a number says something only if it holds a digit.
_NUMBERS = frozenset({BANK, NHS, NINO, UPN, LICENCE, PASSPORT, PHONE, REF, VEHICLE, DATE, DOB})
_RANK = {kind: rank for rank, kind in enumerate(TYPES)}


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of normalised text that one layer takes for personal data."""

    start: int
    end: int
    type: str
    score: float
    doubtful: bool = False


def resolve(text: str, found: Iterable[Found]) -> list[Found]:
    """Non-overlapping spans, from left to right, that cover every letter and digit which any of `found` covers.

    Where two overlap, the stronger keeps its whole stretch and the weaker what is left of its own.
    """
    taken: list[Found] = []
    for candidate in sorted(found, key=_strength):
        taken.extend(_uncovered(text, candidate, taken))
    return sorted(taken, key=lambda item: item.start)


def _strength(item: Found) -> tuple[object, ...]:
    if item.type in _NAMES:
        return (len(TYPES), item.doubtful, item.start - item.end, -item.score, item.start, item.type)
    return (_RANK[item.type], item.doubtful, item.start - item.end, -item.score, item.start, item.type)


def _uncovered(text: str, candidate: Found, taken: Iterable[Found]) -> list[Found]:
    """The parts of `candidate` that nothing covers yet and that say something."""
    parts = [candidate]
    for other in taken:
        parts = [
            replace(part, start=start, end=end)
            for part in parts
            for start, end in (
                (part.start, min(part.end, other.start)),
                (max(part.start, other.end), part.end),
            )
            if start < end
        ]
    return [kept for part in parts if (kept := part if part == candidate else _trim(text, part))]


def _trim(text: str, part: Found) -> Found | None:
    """Without what is not a letter or digit at its ends; nothing if that is all there is."""
    start, end = part.start, part.end
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    if start == end or (part.type in _NUMBERS and not any(letter.isdigit() for letter in text[start:end])):
        return None
    return replace(part, start=start, end=end)
