"""Hiding or showing something late in all that the bot keeps of a conversation: its events and the answers given.

Every row is sealed anew, under a new key: what was overwritten may still lie in a backup, and cannot be opened there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from bot.answered_turns import AnsweredTurn
from bot.errors import LooksPersonal
from bot.tables import EVENTS, TURNS
from bot.turn_request import ChoiceMade, TurnRequest
from redaction import Rewrite, Rewriting, tripwire
from redaction.rewriting import Part, rewrite_event, typed_in_event
from sealing import KeyRing, SealBroken

Event = dict[str, Any]


@dataclass(frozen=True)
class Stored:
    """What is kept of a conversation, opened."""

    events: list[Event]
    answers: list[AnsweredTurn]

    def typed(self) -> dict[tuple[str, Part], str]:
        """Every typed text."""
        return {place: text for event in self.events for place, text in typed_in_event(event).items()}

    def rewritten(self, conversation: str, rewrite: Rewrite) -> Stored:
        """The same after `rewrite`. Raises ValueError where an edit does not fit, LooksPersonal."""
        rewriting = Rewriting(rewrite, self.typed())
        after = Stored([rewrite_event(event, rewriting) for event in self.events], [])
        requests = _requests(conversation, self.typed(), after)
        for answered in self.answers:
            # A message that is sent again comes with the words hidden now: it must be known as the one it is.
            request = requests.get(answered.turn, answered.request)
            after.answers.append(AnsweredTurn(answered.turn, request, rewriting.json(answered.answer)))
        if any(tripwire(text) for text in after.typed().values()):
            raise LooksPersonal("a text would show something personal")
        return after


def open_stored(db: Connection, ring: KeyRing, conversation: str) -> Stored:
    """Read everything. Raises ``SealBroken`` where it was tampered with or is not whole."""
    rows = db.execute(select(EVENTS).where(EVENTS.c.conversation == conversation).order_by(EVENTS.c.n)).all()
    if [row.n for row in rows] != list(range(len(rows))):
        raise SealBroken(f"conversation {conversation} has lost some of its events")
    events = [json.loads(ring.unseal(row.sealed, EVENTS.name, conversation, str(row.n))) for row in rows]
    answers = []
    for row in db.execute(select(TURNS).where(TURNS.c.conversation == conversation)):
        content = json.loads(ring.unseal(row.sealed, TURNS.name, conversation, row.turn))
        answers.append(AnsweredTurn(row.turn, content["request"], content["answer"]))
    return Stored(events, answers)


def seal_stored(db: Connection, ring: KeyRing, conversation: str, stored: Stored) -> None:
    """Write everything, each row in its own place, under the current key."""
    events, turns = EVENTS.c.conversation == conversation, TURNS.c.conversation == conversation
    for n, event in enumerate(stored.events):
        sealed = ring.seal(json.dumps(event).encode(), EVENTS.name, conversation, str(n))
        db.execute(update(EVENTS).where(events, EVENTS.c.n == n).values(sealed=sealed))
    for answered in stored.answers:
        sealed = ring.seal(answered.content(), TURNS.name, conversation, answered.turn)
        db.execute(update(TURNS).where(turns, TURNS.c.turn == answered.turn).values(sealed=sealed))


def _requests(conversation: str, before: dict[tuple[str, Part], str], after: Stored) -> dict[str, str]:
    """By turn, the digest of its request, for those whose typed text changed."""
    changed = {}
    for event in after.events:
        for (turn, part), text in typed_in_event(event).items():
            if before[turn, part] != text:
                changed[turn] = _request(conversation, turn, event).digest()
    return changed


def _request(conversation: str, turn: str, event: Event) -> TurnRequest:
    """The request that would make this event; it was checked when it came."""
    choices = [entity["value"] for entity in event["parse_data"]["entities"] if entity["entity"] == "choice"]
    return TurnRequest.model_construct(
        conversation=conversation,
        turn=turn,
        officer=event["metadata"]["officer"],
        text=None if choices else event["text"],
        choice=ChoiceMade.model_construct(**choices[0]) if choices else None,
        open=None,
    )
