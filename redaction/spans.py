"""What the layers found, and one answer out of many that overlap."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from redaction.types import ADDRESS, BANK, DATE, LICENCE, NHS, NINO, ORG, PASSPORT, PERSON, REF, TOWN, TYPES, UPN, UTR

# A name may be a person, a place or an organisation: the longer, then the surer find says which. The rest goes by kind:
# first what is told by its own shape, then by the words around it, then by a shape that many numbers and dates have.
_NAMES = frozenset({PERSON, TOWN, ORG})
_GENERIC = frozenset({REF, DATE})
_BY_SHAPE, _BY_WORDS, _ANY_NUMBER, _BY_LENGTH = range(4)
# What is left of a number says something only if it holds a digit.
_NUMBERS = frozenset({BANK, NHS, NINO, UPN, LICENCE, PASSPORT, REF, UTR})
_RANK = {kind: rank for rank, kind in enumerate(TYPES)}


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of normalised text that one layer takes for personal data."""

    start: int
    end: int
    type: str
    score: float
    doubtful: bool = False
    by_words: bool = False
    """Told by how it is spoken of, not by its shape: a shape that overlaps it says better of which kind it is."""


def resolve(text: str, found: Iterable[Found]) -> list[Found]:
    """Non-overlapping spans, from left to right, that cover every letter and digit which any of `found` covers.

    Where two overlap, the stronger keeps its whole stretch and the weaker what is left of its own.
    """
    taken: list[Found] = []
    covered = bytearray(len(text))
    for candidate in sorted(found, key=lambda item: _strength(text, item)):
        kept = list(_uncovered(text, candidate, covered))
        for part in kept:
            covered[part.start : part.end] = b"\1" * (part.end - part.start)
        taken += kept
    return sorted(taken, key=lambda item: item.start)


def _strength(text: str, item: Found) -> tuple[object, ...]:
    # "Tanyard Lane Primary" is a school, though "Tanyard Lane" alone is a street.
    is_street = item.type == ADDRESS and not any(letter.isdigit() for letter in text[item.start : item.end])
    if item.type in _NAMES or is_street:
        return (_BY_LENGTH, item.doubtful, item.start - item.end, -item.score, item.start, item.type)
    group = _ANY_NUMBER if item.type in _GENERIC else _BY_WORDS if item.by_words else _BY_SHAPE
    return (group, _RANK[item.type], item.doubtful, item.start - item.end, -item.score, item.start, item.type)


def _uncovered(text: str, candidate: Found, covered: bytearray) -> Iterator[Found]:
    """The parts of `candidate` that nothing covers yet and that say something."""
    start = candidate.start
    while (start := covered.find(0, start, candidate.end)) >= 0:
        end = covered.find(1, start, candidate.end)
        part = replace(candidate, start=start, end=end if end >= 0 else candidate.end)
        kept = part if part == candidate else _trim(text, part)
        if kept:
            yield kept
        start = part.end


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
