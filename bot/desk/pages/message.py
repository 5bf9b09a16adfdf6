"""One message of the officer's, with a tick box for each word that is not hidden yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.desk.conversations import Turn
from bot.desk.picking import PAGE, Word, words_to_tick
from bot.desk.shown import Part, Screen, typed_words


@dataclass(frozen=True)
class MessageAsked:
    """Which message to show, and which page of it, as an address or a form says it: perhaps nonsense."""

    number: str
    page: str


_MARKS: Final = re.compile(r"[^\w\s\[(]+")
NO_MESSAGE: Final = MessageAsked("", "")


@dataclass(frozen=True)
class Piece:
    """A word to tick with the marks after it, or what stands between such words: text and what is hidden already."""

    word: Word | None = None
    marks: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class MessageToTick:
    """`number` is that of its turn; long messages come in pages, counted from 1."""

    number: int
    pieces: tuple[Piece, ...]
    page: int
    pages: int


def message_to_tick(asked: MessageAsked, screen: Screen, turns: Sequence[Turn]) -> MessageToTick | None:
    """The message that is asked for; nothing where there is none such."""
    turn = next((turn for turn in turns if str(turn.n) == asked.number), None)
    text = typed_words(turn) if turn is not None else ""
    if turn is None or not text:
        return None
    words = words_to_tick(text)
    pages = max(1, -(-len(words) // PAGE))
    page = min(pages, max(1, int(asked.page))) if asked.page.isascii() and asked.page.isdigit() else 1
    return MessageToTick(turn.n, tuple(_pieces(screen, text, words, page)), page, pages)


def _pieces(screen: Screen, text: str, words: Sequence[Word], page: int) -> Iterator[Piece]:
    first, after = (page - 1) * PAGE, page * PAGE
    place = words[first - 1].end if first else 0
    for word in words[first:after]:
        if text[place : word.start].strip():
            yield Piece(parts=screen.parts(text[place : word.start]))
        marks = _MARKS.match(text, word.end)
        yield Piece(word=word, marks=marks[0] if marks else "")
        place = word.end + (len(marks[0]) if marks else 0)
    end = words[after].start if after < len(words) else len(text)
    if text[place:end].strip():
        yield Piece(parts=screen.parts(text[place:end]))
