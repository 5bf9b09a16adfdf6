"""A message as words to tick, and what was ticked as stretches to hide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from redaction import TOKEN

_WORD: Final = re.compile(r"\w(?:\S*\w)?")
PAGE: Final = 150  # words that can be ticked on one page


@dataclass(frozen=True)
class Word:
    """One word that can be ticked; `value` holds its place too, so that a form that grew old hides nothing else."""

    text: str
    start: int
    end: int
    n: int

    @property
    def value(self) -> str:
        """What its tick box sends."""
        return f"{self.n}:{self.text}"


class TicksGrewOld(Exception):
    """The message was changed since its words were ticked."""


def words_to_tick(text: str) -> list[Word]:
    """The words of a message in tokens, tokens left out, from left to right."""
    found = _WORD.finditer(TOKEN.sub(lambda token: " " * len(token[0]), text))
    return [Word(text[match.start() : match.end()], match.start(), match.end(), n) for n, match in enumerate(found)]


def ticked(text: str, values: Iterable[str]) -> list[str]:
    """The stretches that were ticked: words that stand side by side are one. Raises TicksGrewOld."""
    words = words_to_tick(text)
    stretches: list[tuple[int, int]] = []
    for word in sorted(_found(words, values), key=lambda word: word.start):
        if stretches and not text[stretches[-1][1] : word.start].strip(" \t-"):
            stretches[-1] = (stretches[-1][0], word.end)
        else:
            stretches.append((word.start, word.end))
    return list(dict.fromkeys(text[start:end] for start, end in stretches))


def _found(words: Sequence[Word], values: Iterable[str]) -> set[Word]:
    by_value = {word.value: word for word in words}
    try:
        return {by_value[value] for value in values}
    except KeyError:
        raise TicksGrewOld from None
