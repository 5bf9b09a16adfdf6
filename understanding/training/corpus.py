"""Reads the hand-written clauses and notes in nlu_data/; which authors are kept apart stands here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import yaml

from understanding.heard import ABOUTS, SAID_BYS, About, Interrupt, SaidBy, Status
from understanding.rulepack import RulePack

ROOT = Path(__file__).parents[2]
CLAUSES = ROOT / "nlu_data" / "signs"
NOTES = ROOT / "nlu_data" / "notes"
KEPT_APART = frozenset({"receptionist", "somali_dad"})
"""Authors for testing only: never trained on, tuned on, or read to write patterns."""

_MARK = re.compile(r"\[\[([^|\]]+)\|([A-Z]+)\]\]")


class CorpusInvalid(Exception):
    """A corpus file is not of the agreed form; the message names file and line."""


@dataclass(frozen=True)
class LabelledClause:
    """One hand-written clause: the signs it carries, all with the same status."""

    author: str
    signs: tuple[str, ...]
    status: Status
    about: About
    said_by: SaidBy
    text: str


@dataclass(frozen=True)
class LabelledNote:
    """One hand-written note, details replaced by tokens: its (sign, status) pairs and the interrupt it calls for."""

    id: str
    author: str
    text: str
    signs: frozenset[tuple[str, Status]]
    interrupt: Interrupt


def clauses(pack: RulePack, *, kept_apart: bool) -> list[LabelledClause]:
    """All clauses of the authors kept apart, or of all others; raises CorpusInvalid."""
    return [clause for path in _files(CLAUSES, "psv", kept_apart) for clause in _read_clauses(path, pack)]


def notes(pack: RulePack, *, kept_apart: bool) -> list[LabelledNote]:
    """All notes of the authors kept apart, or of all others; raises CorpusInvalid."""
    return [note for path in _files(NOTES, "yml", kept_apart) for note in _read_notes(path, pack)]


def phrase_examples(pack: RulePack) -> list[LabelledClause]:
    """The pack's own example phrases, as clauses of an author called "pack"."""
    return [
        LabelledClause("pack", (sign.id,), "present", "adult", "person" if sign.spoken else "officer_saw", phrase)
        for sign in pack.sign_list
        for phrase in sign.phrases
    ]


def _files(folder: Path, ending: str, kept_apart: bool) -> Iterable[Path]:
    return sorted(path for path in folder.glob(f"*.{ending}") if (path.stem in KEPT_APART) == kept_apart)


def _read_clauses(path: Path, pack: RulePack) -> Iterator[LabelledClause]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("signs|"):
            continue
        fields = line.split("|")
        if len(fields) != 6:
            raise CorpusInvalid(f"{path.name}, line {number}: {len(fields)} fields, not 6.")
        signs, status, about, said_by, _, text = (field.strip() for field in fields)
        ids = () if signs == "none" else tuple(signs.split("+"))
        _check(f"{path.name}, line {number}", ids, status, pack)
        if about not in ABOUTS or said_by not in SAID_BYS:
            raise CorpusInvalid(f"{path.name}, line {number}: about or said_by is not one of those agreed.")
        yield LabelledClause(path.stem, ids, status, about, said_by, text)  # type: ignore[arg-type]


def _read_notes(path: Path, pack: RulePack) -> Iterator[LabelledNote]:
    for note in yaml.safe_load(path.read_text(encoding="utf-8")):
        if "signs" not in note:
            continue  # written for hiding personal data; nobody has said which signs are in it
        pairs = [str(item).partition(":") for item in note["signs"] if item != "none"]
        for sign, _, status in pairs:
            _check(f"{path.name}, {note['id']}", (sign,), status or "present", pack)
        yield LabelledNote(
            id=note["id"],
            author=path.stem,
            text=hide_marked(note["text"]),
            signs=frozenset((sign, status or "present") for sign, _, status in pairs),  # type: ignore[misc]
            interrupt=note["interrupt"],
        )


def hide_marked(text: str) -> str:
    """Every [[detail|TYPE]] as a token, the same detail the same number: what perfect redaction would give."""
    numbers: dict[tuple[str, str], int] = {}

    def token(match: re.Match[str]) -> str:
        detail, kind = match.group(1).casefold(), match.group(2)
        known = sum(1 for other in numbers if other[1] == kind)
        return f"[{kind} {numbers.setdefault((detail, kind), known + 1)}]"

    return _MARK.sub(token, text)


def _check(where: str, signs: Iterable[str], status: str, pack: RulePack) -> None:
    for sign in signs:
        if sign not in pack.sign_ids:
            raise CorpusInvalid(f"{where}: the pack has no sign {sign}.")
    if status not in get_args(Status):
        raise CorpusInvalid(f"{where}: {status} is no status.")
