"""Our own notes, with personal data marked: `[[Kelly Marsh|PERSON]] rang`. See nlu_data/notes/README.md."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import yaml

_MARK = re.compile(r"\[\[(?P<surface>[^\[\]|]+)\|(?P<type>[A-Z]+)\]\]")

Part = Literal["training", "tuning", "testing"]

PARTS: Final[dict[Part, frozenset[str]]] = {
    # Read while rules are written and thresholds chosen, never learnt from.
    "tuning": frozenset({"foster_carer", "hospital_discharge_clerk", "takeaway_daughter"}),
    # Neither learnt from nor read: what the figures are measured on.
    "testing": frozenset(
        {
            "somali_dad",
            "receptionist",
            "duty_desk_temp",
            "scouse_mum",
            "tamil_pharmacist",
            "community_warden",
            "kinship_teen",
        }
    ),
}
"""Which writers are kept apart, and for what; every other one is learnt from."""


@dataclass(frozen=True)
class MarkedNote:
    """A note as a person would type it, and what in it is personal."""

    id: str
    text: str
    marks: tuple[tuple[int, int, str], ...]
    """Start, end, type."""
    register: str = ""


def unmark(note_id: str, marked: str, register: str = "") -> MarkedNote:
    """Take the marks out of the text and keep their places."""
    text, marks, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        marks.append((len(text), len(text) + len(match["surface"]), match["type"]))
        text += match["surface"]
        at = match.end()
    return MarkedNote(note_id, text + marked[at:], tuple(marks), register)


def part_of(writer: str) -> Part:
    """Whether a writer is learnt from, tuned on or tested on."""
    return next((part for part, writers in PARTS.items() if writer in writers), "training")


def read_notes(folder: Path, part: Part) -> Iterator[MarkedNote]:
    """The notes of one part, writer by writer."""
    for path in sorted(folder.glob("*.yml")):
        if part_of(path.stem) == part:
            for note in yaml.safe_load(path.read_text(encoding="utf-8")) or ():
                yield unmark(note["id"], note["text"], note.get("register", ""))
