"""The plain line about what could still point to a family once names are hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from bot.desk.words import WORDS
from redaction import Remaining, remaining

_MOST: Final = 8  # details in one line; more are only counted


def left_line(text: str) -> str:
    """What in `text`, a text in tokens, could still point to the family; a general sentence where nothing was found."""
    details = list(dict.fromkeys(_said(remaining(text))))
    if not details:
        return WORDS("left.general")
    more = len(details) - _MOST
    listed = details[:_MOST] + ([WORDS("left.more", count=more)] if more > 0 else [])
    return WORDS("left.found", details=", ".join(listed))


def _said(details: Iterable[Remaining]) -> Iterator[str]:
    for detail in details:
        name = f"left.kinds.{detail.kind}"
        # "in his late seventies" says by itself that it is an age; "14" does not.
        bare = detail.kind != "age" or detail.words.isdigit()
        yield WORDS(name, words=detail.words) if bare and WORDS.has(name) else detail.words
