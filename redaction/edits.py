"""Hiding something late: what is to change in a text that was hidden, and kept, before."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a kept text, in code points, and the token that is to stand there. It carries no words."""

    start: int
    end: int
    token: str


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """`text` with every edit made; they must not overlap. Raises ValueError where one lies outside the text."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        if not 0 <= edit.start < edit.end <= len(text):
            raise ValueError("An edit lies outside the text that it is for.")
        text = text[: edit.start] + edit.token + text[edit.end :]
    return text


def moved(place: int, edits: Sequence[Edit]) -> int:
    """Where the code point at `place` of the text before stands in the text after `edits`.

    A place inside a stretch that was hidden moves to the start of its token.
    """
    shift = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        if edit.end <= place:
            shift += len(edit.token) - (edit.end - edit.start)
        elif edit.start < place:
            return edit.start + shift
    return place + shift
