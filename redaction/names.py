"""How a person may be named: whole, by first name or surname, initial, nickname, with a slip of the fingers."""

import functools
from dataclasses import dataclass
from typing import Self

from rapidfuzz.distance import OSA

from redaction.gazetteer import gazetteer
from redaction.words import fold, words_of

_WOMEN = frozenset({"mrs", "ms", "miss", "madam", "sister", "auntie", "aunty", "lady"})
_MEN = frozenset({"mr", "mister", "sir", "uncle", "brother", "father", "fr"})
TITLES = frozenset(
    {
        *("mr", "mister", "mrs", "ms", "miss", "mx", "dr", "doctor", "prof", "rev", "sir", "cllr", "pc", "sgt", "fr"),
        *("councillor", "reverend", "canon", "sr"),
    }
)
# Shorter names are too near to other words for a slip to be told from another word.
_ONE_SLIP_LENGTH = 5
_TWO_SLIPS_LENGTH = 8


@dataclass(frozen=True)
class PersonName:
    """One way in which a person was named; the words are folded, a hyphen parts two words."""

    title: str
    words: tuple[str, ...]

    @classmethod
    def parse(cls, surface: str) -> Self:
        """Split off a title: `Mrs K. Marsh` → mrs, (k, marsh)."""
        words = [word.folded for word in words_of(surface)]
        title = words.pop(0) if len(words) > 1 and words[0] in TITLES else ""
        return cls(title, tuple(words))

    @property
    def first(self) -> str:
        """The first word, which is a surname where there is a title and nothing else."""
        return self.words[0]

    @property
    def last(self) -> str:
        """The last word."""
        return self.words[-1]

    @property
    def only_surname(self) -> bool:
        """A title and one word."""
        return bool(self.title) and len(self.words) == 1

    def may_be(self, known: "PersonName") -> bool:
        """Whether this may be said of the person who is known by the other name.

        `Mrs Marsh` may be the Kelly Marsh who is known; a Kelly Marsh who appears after a Mrs Marsh may be her child.
        """
        if not self.words or not known.words or _contradict(self.title, known.title):
            return False
        if self.words == known.words:
            return True
        if len(self.words) == 1:
            return self._is_part_of(known)
        if len(known.words) == 1:
            return known._is_part_of(self) and (bool(self.title) or not known.only_surname)
        return _same_word(self.last, known.last) and (
            _same_first(self.first, known.first) or _initial(self.first, known.first)
        )

    def _is_part_of(self, longer: "PersonName") -> bool:
        word = self.first
        if len(longer.words) == 1:
            if self.only_surname or longer.only_surname:
                return False
            return _same_first(word, longer.first)
        if self.only_surname:
            return _same_word(word, longer.last)
        if len(word) == 1:
            return longer.first.startswith(word)
        return _same_first(word, longer.first) or any(_same_word(word, rest) for rest in longer.words[1:])


def _contradict(one: str, other: str) -> bool:
    return (one in _MEN and other in _WOMEN) or (one in _WOMEN and other in _MEN)


def _same_first(one: str, other: str) -> bool:
    return gazetteer().may_be_same_first_name(one, other) or _same_word(one, other)


def _initial(one: str, other: str) -> bool:
    return min(len(one), len(other)) == 1 and one[0] == other[0]


def _same_word(one: str, other: str) -> bool:
    return one == other or (is_slip(one, other) and not (_known(one) and _known(other)))


def _known(folded: str) -> bool:
    return gazetteer().is_name(folded) or folded in gazetteer().also_words


@functools.lru_cache(maxsize=4096)
def is_slip(typed: str, meant: str) -> bool:
    """Whether `typed` is `meant` with a letter or two dropped, doubled, swapped or wrong. Both folded."""
    shorter = min(len(typed), len(meant))
    if typed == meant or shorter < _ONE_SLIP_LENGTH - 1 or typed[0] != meant[0]:
        return False
    if max(len(typed), len(meant)) < _ONE_SLIP_LENGTH:
        return False
    allowed = 2 if shorter >= _TWO_SLIPS_LENGTH else 1
    return int(OSA.distance(typed, meant, score_cutoff=allowed)) <= allowed


def same_surface(surface: str) -> str:
    """What is equal for two ways of writing the same thing: letters and digits, folded."""
    return "".join(letter for letter in fold(surface) if letter.isalnum())
