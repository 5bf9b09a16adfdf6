"""The same notes in other forms: letter case, other names, numbers typed in haste."""

import random
from collections.abc import Iterable, Iterator
from typing import Final

from redaction.evaluation.counting import STRUCTURED
from redaction.training.corpora import in_case
from redaction.training.notes import MarkedNote
from redaction.training.variation import Variation, mangle

CASES: Final = ("as typed", "lower", "upper")
_SEED: Final = 7


def in_cases(notes: Iterable[MarkedNote]) -> Iterator[tuple[str, list[MarkedNote]]]:
    """Each letter case with the notes in it."""
    kept = list(notes)
    for case in CASES:
        yield case, [in_case(note, case) for note in kept]


def with_other_names(notes: Iterable[MarkedNote]) -> list[MarkedNote]:
    """Names, streets, organisations and numbers swapped for those kept for testing: no model has learnt any of them."""
    variation = Variation(random.Random(_SEED), "testing")  # noqa: S311 - no secret
    return [variation.vary(note) for note in notes]


def with_slips(notes: Iterable[MarkedNote]) -> list[MarkedNote]:
    """Every structured identifier typed in haste: spacing, hyphens, a letter O for 0, one digit wrong or gone."""
    rng = random.Random(_SEED)  # noqa: S311 - no secret
    return [_slipped(note, rng) for note in notes]


def _slipped(note: MarkedNote, rng: random.Random) -> MarkedNote:
    text, marks, at = "", [], 0
    for start, end, kind in note.marks:
        surface = note.text[start:end]
        if kind in STRUCTURED:
            surface = mangle(rng, surface)
        text += note.text[at:start]
        marks.append((len(text), len(text) + len(surface), kind))
        text += surface
        at = end
    return MarkedNote(note.id, text + note.text[at:], tuple(marks), note.register)
