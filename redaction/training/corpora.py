"""Labelled words to learn from: outside corpora, our notes, our clauses; in several letter cases, with other names."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from redaction.gazetteer import FOLDER, gazetteer
from redaction.names import TITLES
from redaction.tagger import LABELS
from redaction.training.notes import KEPT_APART, MarkedNote, read_notes
from redaction.types import ADDRESS, HANDLE, ORG, PERSON, TOWN
from redaction.words import fold, words_of

_OUTSIDE_TYPES = {"PERSON": PERSON, "LOCATION": TOWN, "ORG": ORG}
_TOKEN = re.compile(r"\[(PERSON|TOWN|ADDRESS|ORG) \d+\]")
# Words inside these are names of a kind, but not of ours: nothing is learnt from them.
_UNCLEAR = frozenset({ADDRESS, HANDLE})


_USED = 0.8
_WORD_NAMES = 0.2
_ORGANISATIONS = (
    *("Primary", "Infants", "Juniors", "Academy", "High", "School", "College", "Nursery", "Surgery", "Practice"),
    *("Medical Centre", "Pharmacy", "Dental", "Care", "Care Home", "Homes", "Housing", "Lets", "Logistics", "Bakery"),
    *("Foods", "Garage", "Cleaning", "Taxis", "Motors", "Joinery", "Builders", "Packaging", "Laundry", "Hotel"),
)


@dataclass(frozen=True)
class Labelled:
    """A text and a label for each of its words, as an index into LABELS; -1 where nothing is to be learnt."""

    text: str
    labels: tuple[int, ...]


def label(note: MarkedNote) -> Labelled:
    """Labels for the words of a marked text."""
    labels = []
    for word in words_of(note.text):
        kind = next((kind for start, end, kind in note.marks if start < word.end and word.start < end), "O")
        labels.append(-1 if kind in _UNCLEAR else LABELS.index(kind) if kind in LABELS else 0)
    return Labelled(note.text, tuple(labels))


def read_outside(path: Path) -> Iterator[MarkedNote]:
    """A JSON-lines file of tokens and IOB2 tags over PERSON, LOCATION, ORG."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            sentence = json.loads(line)
            text = ""
            marks: list[tuple[int, int, str]] = []
            for token, tag in zip(sentence["tokens"], sentence["tags"], strict=True):
                start = len(text)
                text += token + " "
                kind = _OUTSIDE_TYPES.get(tag[2:])
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
        if path.stem in KEPT_APART:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            clause = line.split("|")[-1]
            marks = tuple((match.start(), match.end(), match[1]) for match in _TOKEN.finditer(clause))
            yield MarkedNote(f"{path.stem}-{number}", clause, marks)


def learnable_notes(folder: Path) -> list[MarkedNote]:
    """Our notes without those kept apart."""
    return list(read_notes(folder, kept_apart=False))


class NameSwapper:
    """Puts other names in place of those that are marked, from four fifths of our lists."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._firsts = self._some("first_names.txt")
        self._lasts = self._some("surnames.txt")
        self._towns = [
            town.strip()
            for line in _list_lines("places.txt")
            for town in line.split(",")
            if town.strip() and self._rng.random() < _USED
        ]
        words = gazetteer().also_words
        self._word_names = [name for names in self._firsts for name in names if fold(name) in words]

    def _some(self, file: str) -> list[list[str]]:
        """One list a community, so that first name and surname of one person mostly belong together."""
        return [
            [name for name in line.split() if self._rng.random() < _USED] or line.split()[:1]
            for line in _list_lines(file)
        ]

    def swap(self, note: MarkedNote, *, always: bool = False) -> MarkedNote:
        """Other people, towns and, now and then, organisations: the same one for the same words.

        `always` also where a token stands, whatever its kind.
        """
        chosen: dict[str, str] = {}
        text, marks, at = "", [], 0
        for start, end, kind in sorted(note.marks):
            surface = note.text[start:end]
            if always or kind in (PERSON, TOWN, ORG):
                surface = chosen.setdefault(surface.casefold(), self._other(surface, kind))
            text += note.text[at:start]
            marks.append((len(text), len(text) + len(surface), kind))
            text += surface
            at = end
        return MarkedNote(note.id, text + note.text[at:], tuple(marks))

    def _other(self, surface: str, kind: str) -> str:
        if kind == TOWN:
            made = self._rng.choice(self._towns)
        elif kind == PERSON:
            made = self._person(surface)
        elif kind == ORG:
            made = self._organisation(surface)
        else:
            made = f"{self._rng.choice(self._towns)} Road"
        if surface.islower():
            return made.lower()
        return made.upper() if surface.isupper() and len(surface) > 2 and not _TOKEN.fullmatch(surface) else made

    def _organisation(self, surface: str) -> str:
        if not _TOKEN.fullmatch(surface) and self._rng.random() < 0.5:
            return surface
        begins = self._rng.choice((self._towns, self._rng.choice(self._lasts)))
        return f"{self._rng.choice(begins)} {self._rng.choice(_ORGANISATIONS)}"

    def _person(self, surface: str) -> str:
        words = surface.split()
        last = self._rng.choice(self._rng.choice(self._lasts))
        if words and fold(words[0]).rstrip(".") in TITLES:
            return f"{words[0]} {last}"
        community = self._rng.randrange(len(self._firsts))
        # Names that are words are few on the lists, and the hardest to tell.
        firsts = self._word_names if self._rng.random() < _WORD_NAMES else self._firsts[community]
        if _TOKEN.fullmatch(surface):
            words = words[: self._rng.choice((1, 1, 2))]
        return f"{self._rng.choice(firsts)} {last}" if len(words) > 1 else self._rng.choice(firsts)


def in_case(note: MarkedNote, case: str) -> MarkedNote:
    """The same text as typed, in small letters or in capitals, where that moves no letter."""
    changed = {"as typed": note.text, "lower": note.text.lower(), "upper": note.text.upper()}[case]
    return MarkedNote(note.id, changed, note.marks) if len(changed) == len(note.text) else note


def _list_lines(file: str) -> list[str]:
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
