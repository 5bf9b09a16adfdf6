"""The words of a text, and the form in which names are compared."""

import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import yaml

_LISTS = Path(__file__).parent / "words.yml"

_WORD = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’`]s?$", re.IGNORECASE)
_APOSTROPHES = re.compile("['’`]")
# Letters that no Unicode decomposition turns into plain ones.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, a possessive ending left out."""

    start: int
    end: int
    text: str
    folded: str


@functools.cache
def word_list(name: str) -> frozenset[str]:
    """A list of words.yml, read once."""
    return frozenset(_word_lists()[name].split())


@functools.cache
def _word_lists() -> dict[str, str]:
    lists: dict[str, str] = yaml.safe_load(_LISTS.read_text(encoding="utf-8"))
    return lists


def words_of(text: str) -> list[Word]:
    """The words of `text`, from left to right; a hyphen parts two words."""
    words = []
    for match in _WORD.finditer(text):
        bare = _POSSESSIVE.sub("", match[0])
        words.append(Word(match.start(), match.start() + len(bare), bare, fold(bare)))
    return words


def fold(text: str) -> str:
    """Lower case without accents and apostrophes: `O’Néill` → `oneill`."""
    lowered = _APOSTROPHES.sub("", text.casefold())
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered.translate(_PLAIN))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
