"""Measures everything and writes the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from redaction import types
from redaction.evaluation.charts import draw_charts
from redaction.evaluation.counting import STRUCTURED, Hide, Share, Tally, count
from redaction.evaluation.float_encoder import float_redactor
from redaction.evaluation.outside import measure_outside
from redaction.evaluation.variants import in_cases, with_other_names, with_slips
from redaction.evaluation.writing import write_report
from redaction.gazetteer import gazetteer
from redaction.names import TITLES
from redaction.redacted import Span
from redaction.redactor import Redactor
from redaction.training.notes import MarkedNote, Part, read_notes
from redaction.words import words_of

NOTES: Final = Path("nlu_data/notes")


@dataclass
class Results:
    """Everything that the report tells."""

    part: Part
    day: date
    notes: list[MarkedNote]
    cases: dict[str, Tally] = field(default_factory=dict)
    """As typed, in small letters, in capitals."""
    other_names: dict[str, Tally] = field(default_factory=dict)
    slips: Tally = field(default_factory=Tally)
    registers: dict[str, Tally] = field(default_factory=dict)
    writers: dict[str, Tally] = field(default_factory=dict)
    listed: dict[str, Tally] = field(default_factory=dict)
    """People whose names are on our lists, partly, not at all."""
    as_float: Tally | None = None
    """As typed, with the encoder in 32-bit numbers."""
    outside: list[tuple[str, dict[str, Share]]] = field(default_factory=list)


def evaluate_redaction(
    model_dir: Path,
    *,
    notes: Path = NOTES,
    part: Part = "testing",
    outside: Path | None = None,
    out: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Results:
    """Measure on one part of the notes, and write `out`/redaction.md, redaction.html and charts if `out` is given.

    `outside` is a folder with btc_dev.jsonl and wnut17_dev.jsonl, for the tagger alone on text of others. Raises
    EncoderMissing or EncoderDamaged.
    """
    redactor = Redactor.load(model_dir)
    results = Results(part, date.today(), list(read_notes(notes, part)))
    for case, varied in in_cases(results.notes):
        say(f"{len(varied)} notes, {case}")
        results.cases[case] = count(varied, hider(redactor))
    for case, varied in in_cases(with_other_names(results.notes)):
        say(f"with names kept for testing, {case}")
        results.other_names[case] = count(varied, hider(redactor))
    say("with slips in every number")
    results.slips = count(with_slips(results.notes), hider(redactor))
    hide = _remembering(hider(redactor))
    results.registers = _by(results.notes, hide, lambda note: note.register)
    results.writers = _by(results.notes, hide, lambda note: note.id.rsplit("-", 1)[0])
    results.listed = {name: count(some, hide) for name, some in _by_lists(results.notes).items()}
    say("with the encoder in 32-bit numbers")
    results.as_float = count(results.notes, hider(float_redactor()))
    if outside:
        say("the tagger alone on outside text")
        results.outside = measure_outside(model_dir, outside)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        draw_charts(results, out)
        write_report(results, out)
    return results


def hider(redactor: Redactor) -> Hide:
    """Each text as a conversation of its own."""
    return lambda text: redactor.redact(text).spans


def figures(results: Results) -> dict[str, tuple[Share, str, float]]:
    """The figures that have a target: the share, and the target as `at least` or `at most` a value."""
    typed, lower, upper = (results.cases[case] for case in ("as typed", "lower", "upper"))
    at_least, at_most = "at least", "at most"
    return {
        "PERSON, as typed": (typed.recall(types.PERSON), at_least, 0.97),
        "PERSON, small letters": (lower.recall(types.PERSON), at_least, typed.recall(types.PERSON).value - 0.02),
        "PERSON, capitals": (upper.recall(types.PERSON), at_least, typed.recall(types.PERSON).value - 0.02),
        "structured identifiers, clean": (typed.recall(*STRUCTURED), at_least, 0.99),
        "structured identifiers, mangled": (results.slips.recall(*STRUCTURED), at_least, 0.93),
        "ADDRESS": (typed.recall(types.ADDRESS), at_least, 0.95),
        "TOWN": (typed.recall(types.TOWN), at_least, 0.9),
        "ORG": (typed.recall(types.ORG), at_least, 0.9),
        "kind right": (typed.type_right(), at_least, 0.95),
        "other words wrongly hidden": (typed.over_hidden(), at_most, 0.015),
        "words marked as doubtful": (typed.doubtful(), at_most, 0.01),
    }


def _by(notes: Iterable[MarkedNote], hide: Hide, key: Callable[[MarkedNote], str]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for note in notes:
        tallies.setdefault(key(note) or "not said", Tally()).add(note, hide)
    return dict(sorted(tallies.items()))


def _by_lists(notes: Iterable[MarkedNote]) -> dict[str, list[MarkedNote]]:
    """The notes three times, each time with only those people marked whose names are on our lists, partly, or not."""
    groups: dict[str, list[MarkedNote]] = {"on our lists": [], "partly": [], "on no list": []}
    for note in notes:
        for name, kept in groups.items():
            marks = tuple(
                mark for mark in note.marks if mark[2] == types.PERSON and _listed(note.text[mark[0] : mark[1]]) == name
            )
            if marks:
                kept.append(MarkedNote(note.id, note.text, marks, note.register))
    return groups


def _listed(surface: str) -> str:
    words = [word.folded for word in words_of(surface) if word.folded not in TITLES and len(word.folded) > 1]
    known = [gazetteer().is_name(word) for word in words]
    return "on our lists" if words and all(known) else "partly" if any(known) else "on no list"


def _remembering(hide: Hide) -> Hide:
    """The same notes are counted in several ways, but read once."""
    seen: dict[str, tuple[Span, ...]] = {}

    def remembered(text: str) -> tuple[Span, ...]:
        if text not in seen:
            seen[text] = tuple(hide(text))
        return seen[text]

    return remembered
