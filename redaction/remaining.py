"""What can still point to somebody in a text whose names and numbers are hidden. No model: lists and their places."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from redaction.types import TOKEN

_LISTS: Final = Path(__file__).parent / "remaining.yml"
_LIST_NAME: Final = re.compile(r"\{([a-z_]+)\}")
_WORDS: Final = "words"


@dataclass(frozen=True, slots=True)
class Remaining:
    """A detail that a neighbour might know a family by."""

    kind: str
    """As in remaining.yml: age, school_year, children, twins, when, origin, faith, job, health and so on."""
    words: str
    """As they were written; spaces are made single."""


def remaining(text: str) -> tuple[Remaining, ...]:
    """Every such detail in `text`, tokens set aside, each once, from left to right.

    It helps an officer to leave out what is not needed. It finds what is common, not everything: a story can be known
    by what no list holds.
    """
    bare = TOKEN.sub(lambda token: "@" * len(token[0]), text)
    said: dict[tuple[str, str], Remaining] = {}
    for kind, start, end in _apart(list(_matches(bare))):
        words = " ".join(bare[start:end].replace("@", "").split())
        said.setdefault((kind, words.casefold()), Remaining(kind, words))
    return tuple(said.values())


def _matches(bare: str) -> Iterator[tuple[str, int, int]]:
    for kind, pattern in _patterns():
        for match in pattern.finditer(bare):
            start, end = match.span(_WORDS if _WORDS in pattern.groupindex else 0)
            yield kind, start, end


def _apart(found: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Without what lies inside something longer."""
    kept: list[tuple[str, int, int]] = []
    end_so_far = -1
    for kind, start, end in sorted(found, key=lambda item: (item[1], -item[2])):
        if end > end_so_far:
            kept.append((kind, start, end))
            end_so_far = end
    return kept


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    kept = yaml.safe_load(_LISTS.read_text(encoding="utf-8"))
    lists = {name: _any_of(phrases) for name, phrases in kept["lists"].items()}
    return tuple(
        (kind, re.compile(rf"(?<!\w)(?:{_filled(pattern, lists)})(?!\w)", re.IGNORECASE))
        for kind, patterns in kept["kinds"].items()
        for pattern in patterns
    )


def _any_of(phrases: str) -> str:
    """The phrases of a list as alternatives, the longest first; any space between words fits."""
    listed = sorted((phrase.strip() for phrase in phrases.split(",")), key=len, reverse=True)
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+").replace("'", "['’]") for phrase in listed if phrase)


def _filled(pattern: str, lists: dict[str, str]) -> str:
    """`pattern` with its `{lists}` put in."""
    return _LIST_NAME.sub(lambda name: lists[name[1]], pattern)
