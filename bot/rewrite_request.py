"""The body of ``POST /webhooks/desk/rewrite``: what is to be hidden or shown in all that is kept of a talk.

Places and tokens only. ``shown`` is the one text in it: words that a person said are not personal, which went through
the desk's redactor like any text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.turn_request import MAX_TEXT, Id, Strict
from redaction import TOKEN, Edit, Rewrite, TurnEdit
from redaction.rewriting import Part

MOST_CHANGES = 20_000  # of each kind, in one rewrite

_Token = Annotated[str, StringConstraints(pattern=f"^{TOKEN.pattern}$", max_length=24)]


class EditWanted(Strict):
    """A stretch of a typed text, in code points, and the token that is to stand there."""

    turn: Id
    part: Part
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    token: _Token


class WordsShown(Strict):
    """What comes back in place of a token."""

    token: _Token
    text: str = Field(min_length=1, max_length=MAX_TEXT)


class TokenRenamed(Strict):
    """The token that takes the place of another."""

    token: _Token
    into: _Token


class RewriteRequest(Strict):
    """One rewrite. The same id again changes nothing and is answered alike."""

    conversation: Id
    rewrite: Id
    turns: tuple[Id, ...] = Field((), max_length=MOST_CHANGES)
    edits: tuple[EditWanted, ...] = Field((), max_length=MOST_CHANGES)
    shown: tuple[WordsShown, ...] = Field((), max_length=MOST_CHANGES)
    renamed: tuple[TokenRenamed, ...] = Field((), max_length=MOST_CHANGES)

    def digest(self) -> str:
        """SHA-256 (hex), to tell a repeated rewrite from an id used twice."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def texts(self) -> Iterator[str]:
        """Every text in it."""
        return (words.text for words in self.shown)

    def wanted(self) -> Rewrite:
        """The same, for `redaction.Rewriting`."""
        return Rewrite(
            turns=frozenset(self.turns),
            edits=tuple(TurnEdit(one.turn, one.part, Edit(one.start, one.end, one.token)) for one in self.edits),
            shown={one.token: one.text for one in self.shown},
            renamed={one.token: one.into for one in self.renamed},
        )
