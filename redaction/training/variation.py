"""Other people, places and numbers in the same notes, from lists that are split between training and testing."""

import random
import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from redaction import types
from redaction.gazetteer import FOLDER, gazetteer
from redaction.names import TITLES
from redaction.training.notes import MarkedNote, Part
from redaction.types import TOKEN
from redaction.words import fold, words_of

_TESTED: Final = 4  # one in so many list entries is kept for testing
_WORD_NAMES: Final = 0.15
_UNCHANGED: Final = 0.25
"""Part of the notes in which places and organisations stay as they were written."""
_PARTICLES: Final = frozenset(
    {
        *("van", "de", "der", "den", "da", "dos", "di", "du", "la", "le", "el", "al", "bin", "bint", "ibn"),
        *("ap", "ab", "o", "mc", "st", "abu", "ben"),
    }
)
_DIGITS: Final = re.compile(r"[0-9]+")
_MONTHS: Final = (
    *("january", "february", "march", "april", "june", "july", "august", "september", "october"),
    *("november", "december"),
    *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
)
_NUMBERS: Final = frozenset(
    {
        *(types.PHONE, types.NINO, types.NHS, types.UPN, types.BANK, types.REF, types.VEHICLE, types.PASSPORT),
        *(types.LICENCE, types.UTR, types.IP, types.HANDLE),
    }
)


def is_for_testing(entry: str) -> bool:
    """Whether a list entry, by its spelling, is kept for testing and never learnt."""
    return zlib.crc32(fold(entry).encode()) % _TESTED == 0


class Variation:
    """Puts other names and numbers in place of the marked ones; the same one for the same words of a note."""

    def __init__(self, rng: random.Random, part: Part) -> None:
        self._rng = rng
        self._testing = part == "testing"
        self._firsts = [some for names in _lines("first_names.txt") if (some := self._some(names.split()))]
        self._lasts = [some for names in _lines("surnames.txt") if (some := self._some(names.split()))]
        self._towns = self._some(_entries("places.txt"))
        self._streets = self._some(_entries("streets.txt"))
        self._organisations = self._some(_entries("organisations.txt"))
        self._boats = self._some(_entries("boats.txt"))
        words = gazetteer().also_words
        self._word_names = [name for names in self._firsts for name in names if fold(name) in words]

    def vary(self, note: MarkedNote, *, tokens: bool = False) -> MarkedNote:
        """The note with other people, places, organisations and numbers; `tokens`: also where a token stands."""
        chosen: dict[str, str] = {}
        community = self._rng.randrange(len(self._firsts))
        keep_places = self._rng.random() < _UNCHANGED
        text, marks, at = "", [], 0
        for start, end, kind in sorted(note.marks):
            surface = note.text[start:end]
            if not (keep_places and kind in (types.ORG, types.TOWN, types.ADDRESS) and not tokens):
                surface = self._other(surface, kind, chosen, community)
            text += note.text[at:start]
            marks.append((len(text), len(text) + len(surface), kind))
            text += surface
            at = end
        return MarkedNote(note.id, text + note.text[at:], tuple(marks), note.register)

    def _some(self, entries: Sequence[str]) -> list[str]:
        return [entry for entry in entries if is_for_testing(entry) == self._testing]

    def _other(self, surface: str, kind: str, chosen: dict[str, str], community: int) -> str:
        key = f"{kind} {surface.casefold()}"
        if kind == types.PERSON:
            made = self._person(surface, chosen, community)
        elif key in chosen:
            made = chosen[key]
        elif kind == types.TOWN:
            made = self._rng.choice(self._towns)
        elif kind == types.ORG:
            made = self._rng.choice(self._organisations)
        elif kind == types.VEHICLE and not _DIGITS.search(surface):
            made = self._rng.choice(self._boats)
        elif kind == types.ADDRESS:
            made = self._address(surface)
        elif kind in (types.DATE, types.DOB):
            made = self._date(surface)
        elif kind == types.POSTCODE or kind in _NUMBERS:
            made = _DIGITS.sub(lambda match: self._digits(len(match[0])), surface)
        else:
            made = surface
        chosen[key] = made
        return _in_case_of(surface, made)

    def _person(self, surface: str, chosen: dict[str, str], community: int) -> str:
        """Word by word, so that first name, surname and initial of one person still belong together."""
        if TOKEN.fullmatch(surface):
            first = self._first_name(community)
            return first if self._rng.random() < 0.6 else f"{first} {self._rng.choice(self._rng.choice(self._lasts))}"
        words = words_of(surface)
        named = [word for word in words if word.folded not in TITLES]
        titled = len(named) < len(words)
        made, at = "", 0
        for word in words:
            made += surface[at : word.start]
            at = word.end
            last = word is named[-1] and (titled or len(named) > 1) if named else False
            made += _in_case_of(word.text, self._name_word(word.text, word.folded, chosen, community, last=last))
        return made + surface[at:]

    def _name_word(self, text: str, folded: str, chosen: dict[str, str], community: int, *, last: bool) -> str:
        if folded in TITLES or folded in _PARTICLES or any(letter.isdigit() for letter in text):
            return text
        if len(folded) == 1:
            known = [new for old, new in chosen.items() if old.startswith(f"name {folded}")]
            return (known[0] if known else self._first_name(community))[0]
        key = f"name {folded}"
        if key not in chosen:
            chosen[key] = self._rng.choice(self._rng.choice(self._lasts)) if last else self._first_name(community)
        return chosen[key]

    def _first_name(self, community: int) -> str:
        # Names that are words are few on the lists, and the hardest to tell.
        if self._word_names and self._rng.random() < _WORD_NAMES:
            return self._rng.choice(self._word_names)
        return self._rng.choice(self._firsts[community])

    def _address(self, surface: str) -> str:
        """Another street where the words end like one; the number changed everywhere."""
        words = words_of(surface)
        names = [word for word in words if word.text.isalpha() and len(word.text) > 2]
        ends_like_street = len(names) >= 2 and fold(names[-1].text) in _STREET_WORDS
        made = surface
        if ends_like_street:
            made = surface[: names[-2].start] + self._rng.choice(self._streets)
        return _DIGITS.sub(lambda match: self._digits(len(match[0])), made)

    def _date(self, surface: str) -> str:
        made = surface
        for month in _MONTHS:
            made = re.sub(rf"\b{month}\b", lambda match: self._month(match[0]), made, flags=re.IGNORECASE)
        parts = _DIGITS.findall(made)
        if len(parts) >= 2 and all(len(part) <= 2 for part in parts[:2]):
            days = iter((f"{self._rng.randint(1, 28)}", f"{self._rng.randint(1, 12)}", *parts[2:]))
            return _DIGITS.sub(lambda match: next(days).zfill(len(match[0])), made)
        if parts and len(parts[0]) <= 2:
            days = iter((f"{self._rng.randint(1, 28)}", *parts[1:]))
            return _DIGITS.sub(lambda _: next(days), made) if "st" not in made and "nd" not in made else made
        return made

    def _month(self, month: str) -> str:
        same = [other for other in _MONTHS if (len(other) > 4) == (len(month) > 4)]
        return _in_case_of(month, self._rng.choice(same))

    def _digits(self, count: int) -> str:
        return "".join(self._rng.choice("0123456789") for _ in range(count))


_STREET_WORDS: Final = frozenset(
    {
        *("street", "st", "road", "rd", "avenue", "ave", "crescent", "close", "lane", "terrace", "drive", "way"),
        *("court", "gardens", "place", "row", "walk", "grove", "rise", "hill"),
    }
)


def mangle(rng: random.Random, surface: str) -> str:
    """A number as it is typed in haste: other spacing, hyphens, dots, a letter O for 0, one digit wrong or gone."""
    digits = [place for place, letter in enumerate(surface) if letter.isdigit()]
    if len(digits) < 4:
        return surface
    way = rng.randrange(5)
    if way == 0:
        return re.sub(r"(?<=\w)[ \-.](?=\w)", "", surface)
    if way == 1:
        place = rng.choice(digits[1:-1])
        return f"{surface[:place]} {surface[place:]}"
    if way == 2:
        return re.sub(r"(?<=\w) (?=\w)", rng.choice(("-", ".", "  ")), surface)
    if way == 3 and "0" in surface:
        return surface.replace("0", "O", 1) if rng.random() < 0.5 else surface.replace("0", "o", 1)
    place = rng.choice(digits)
    return surface[:place] + (rng.choice("0123456789") if rng.random() < 0.6 else "") + surface[place + 1 :]


def _in_case_of(model: str, made: str) -> str:
    if model.islower():
        return made.lower()
    return made.upper() if model.isupper() and sum(letter.isalpha() for letter in model) > 1 else made


def _entries(file: str) -> list[str]:
    return [entry.strip() for line in _lines(file) for entry in line.split(",") if entry.strip()]


def _lines(file: str) -> Iterator[str]:
    for line in (FOLDER / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line
