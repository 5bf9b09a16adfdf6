"""Our own notes, in which personal data is marked inline: `[[Kelly Marsh|PERSON]] rang`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

_MARK = re.compile(r"\[\[(?P<surface>[^\[\]|]+)\|(?P<type>[A-Z]+)\]\]")

# Written like the others, but never trained or tuned on.
KEPT_APART = frozenset({"somali_dad", "receptionist"})


@dataclass(frozen=True)
class MarkedNote:
    """A note as a person would type it, and what in it is personal."""

    id: str
    text: str
    marks: tuple[tuple[int, int, str], ...]
    """Start, end, type."""


def unmark(note_id: str, marked: str) -> MarkedNote:
    """Take the marks out of the text and keep their places."""
    text, marks, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        marks.append((len(text), len(text) + len(match["surface"]), match["type"]))
        text += match["surface"]
        at = match.end()
    return MarkedNote(note_id, text + marked[at:], tuple(marks))


def read_notes(folder: Path, *, kept_apart: bool) -> Iterator[MarkedNote]:
    """The notes of `folder`: those to learn from, or those kept apart for testing."""
    for path in sorted(folder.glob("*.yml")):
        if (path.stem in KEPT_APART) == kept_apart:
            for note in yaml.safe_load(path.read_text(encoding="utf-8")) or ():
                yield unmark(note["id"], note["text"])
