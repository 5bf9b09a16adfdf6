"""Answers already given, so that a turn sent again repeats nothing, also after a restart."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.tables import TURNS
from sealing import KeyRing


@dataclass(frozen=True)
class AnsweredTurn:
    """The answer to a turn, with the SHA-256 (hex) of the request that it answers."""

    turn: str
    request: str
    answer: dict[str, Any]

    def content(self) -> bytes:
        """What is sealed of it."""
        return json.dumps({"request": self.request, "answer": self.answer}).encode()


def remember(db: Connection, ring: KeyRing, conversation: str, answered: AnsweredTurn) -> None:
    """Store an answer, sealed; belongs into the transaction that stores the turn's events."""
    sealed = ring.seal(answered.content(), TURNS.name, conversation, answered.turn)
    db.execute(insert(TURNS).values(conversation=conversation, turn=answered.turn, sealed=sealed))


def recall(db: Connection, ring: KeyRing, conversation: str, turn: str) -> AnsweredTurn | None:
    """The answer given to ``turn``, if it was. Raises ``SealBroken`` where it was tampered with."""
    sealed = db.scalar(select(TURNS.c.sealed).where(TURNS.c.conversation == conversation, TURNS.c.turn == turn))
    if sealed is None:
        return None
    content = json.loads(ring.unseal(sealed, TURNS.name, conversation, turn))
    return AnsweredTurn(turn, content["request"], content["answer"])
