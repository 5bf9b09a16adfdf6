"""Labelled words to learn from: outside corpora, our notes, our clauses."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from redaction.tagger import LABELS
from redaction.training.notes import MarkedNote, part_of
from redaction.types import ORG, PERSON, TOWN, TYPES
from redaction.words import words_of

IGNORED = -1
"""The label of a word from which nothing is to be learnt."""

_OUTSIDE_TYPES = {"PERSON": PERSON, "LOCATION": TOWN, "ORG": ORG}
_UNSURE = "UNSURE"
# Handles, numbers, dates and pages are not marked in the outside text, nor are its places and organisations marked as
# ours are (countries, parties, teams on television).
_OUTSIDE_UNMARKED = re.compile(r"\S*[0-9@#_/]\S*")
_TOKEN = re.compile(rf"\[({'|'.join(TYPES)}) \d+\]")


@dataclass(frozen=True)
class Labelled:
    """A text, a label for each of its words as an index into LABELS, and whether the word begins what is marked."""

    text: str
    labels: tuple[int, ...]
    begins: tuple[bool, ...]


def label(note: MarkedNote) -> Labelled:
    """Labels for the words of a marked text."""
    labels, begins = [], []
    last: tuple[int, int, str] | None = None
    for word in words_of(note.text):
        mark = next((mark for mark in note.marks if mark[0] < word.end and word.start < mark[1]), None)
        kind = mark[2] if mark else "O"
        labels.append(LABELS.index(kind) if kind in LABELS else IGNORED)
        begins.append(mark is not None and mark != last)
        last = mark
    return Labelled(note.text, tuple(labels), tuple(begins))


def read_outside(path: Path) -> Iterator[MarkedNote]:
    """A JSON-lines file of tokens and IOB2 tags over PERSON, LOCATION, ORG; only people are learnt from it."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            sentence = json.loads(line)
            text = ""
            marks: list[tuple[int, int, str]] = []
            for token, tag in zip(sentence["tokens"], sentence["tags"], strict=True):
                start = len(text)
                text += token + " "
                kind = _OUTSIDE_TYPES.get(tag[2:])
                if kind in (TOWN, ORG) or (kind is None and _OUTSIDE_UNMARKED.fullmatch(token)):
                    kind = _UNSURE
                if kind is None:
                    continue
                if tag[0] == "I" and marks and marks[-1][1] == start - 1:
                    marks[-1] = (marks[-1][0], start + len(token), kind)
                else:
                    marks.append((start, start + len(token), kind))
            yield MarkedNote(f"{path.stem}-{number}", text.rstrip(), tuple(marks))


def read_clauses(folder: Path) -> Iterator[MarkedNote]:
    """Our sign clauses, whose tokens mark where names stand."""
    for path in sorted(folder.glob("*.psv")):
        if part_of(path.stem) != "training":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            clause = line.split("|")[-1]
            marks = tuple((match.start(), match.end(), match[1]) for match in _TOKEN.finditer(clause))
            yield MarkedNote(f"{path.stem}-{number}", clause, marks)


def in_case(note: MarkedNote, case: str) -> MarkedNote:
    """The same text as typed, in small letters or in capitals, where that moves no letter."""
    changed = {"as typed": note.text, "lower": note.text.lower(), "upper": note.text.upper()}[case]
    same_length = len(changed) == len(note.text)
    return MarkedNote(note.id, changed, note.marks, note.register) if same_length else note
