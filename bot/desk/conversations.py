"""Conversations as the desk keeps them: whose they are in clear, everything said in them sealed.

What is sealed is under the key `conversation/<id>` and bound to its own row: destroying that key erases it, backups
included. Names are not here but in the vault.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select, update

from bot.desk.bot_client import BotMessage
from bot.desk.tables import (
    CONVERSATIONS,
    METADATA,
    NAMES_CLEARED,
    REWRITES,
    SENT,
    TURNS,
    bot_key_owner,
    key_owner,
)
from conversation import State
from conversation.turns import Choice
from sealing import KeyDestroyed, KeyRing, KeyStore, SealBroken, new_id

Found = TypeVar("Found")
WhyCleared = Literal["said_no", "finished", "time", "referral_over", "referral_time"]
"""They said no; the officer finished it; nobody used it for the time set; the team decided; the time after sending."""


class NoSuchConversation(Exception):
    """There is no such conversation, or it is another officer's: the asker is not told which."""


@dataclass(frozen=True)
class NamesCleared:
    """When the names of a conversation were cleared, and why: a name in words.yml (names_cleared)."""

    at: datetime
    why: WhyCleared


@dataclass(frozen=True)
class Conversation:
    """One call or visit, and what is known in it (tokens only). Once `closed_at`, nothing more can be said in it.

    `unfinished` while something is hidden or shown not everywhere yet (words.yml, not_everywhere_yet): it is tried
    again until it is. New messages are hidden rightly all the same.
    """

    id: str
    officer: str
    opened_at: datetime
    touched_at: datetime
    closed_at: datetime | None
    state: State
    unfinished: bool = False
    names_cleared: NamesCleared | None = None


@dataclass(frozen=True)
class Turn:
    """One exchange: what the officer said (`text`, in tokens, or `choice`; neither when opening), and the answer."""

    id: str
    n: int
    kept_at: datetime
    text: str | None
    choice: Choice | None
    messages: tuple[BotMessage, ...]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ConversationStore:
    """All queries about conversations. One function, one commit. Every call blocks: use it off the event loop."""

    def __init__(self, engine: Engine, keys: KeyStore, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock
        METADATA.create_all(engine)

    def create(self, officer: str) -> Conversation:
        """A new conversation of `officer`, under a key of its own."""
        now = self._clock()
        conversation = Conversation(new_id("c"), officer, now, now, None, State())
        ring = KeyRing(self._keys.get_or_create(key_owner(conversation.id)))
        with self._engine.begin() as db:
            db.execute(
                insert(CONVERSATIONS).values(
                    id=conversation.id,
                    officer=officer,
                    opened_at=now,
                    touched_at=now,
                    state=seal_state(ring, conversation.id, conversation.state),
                )
            )
        return conversation

    def get(self, conversation_id: str, officer: str) -> Conversation:
        """The officer's own conversation. Raises NoSuchConversation."""
        own = (CONVERSATIONS.c.id == conversation_id) & (CONVERSATIONS.c.officer == officer)

        def read(db: Connection) -> Conversation:
            row = db.execute(select(CONVERSATIONS).where(own)).one_or_none()
            if row is None:
                raise NoSuchConversation("there is no such conversation of this officer")
            waits = db.scalar(select(REWRITES.c.due).where(REWRITES.c.conversation == conversation_id)) is not None
            cleared = db.execute(select(NAMES_CLEARED).where(NAMES_CLEARED.c.conversation == conversation_id)).first()
            names = None if cleared is None else NamesCleared(cleared.at, cleared.why)
            return replace(self._opened(row), unfinished=waits, names_cleared=names)

        return self._steadily(read)

    def unfinished(self, officer: str) -> list[Conversation]:
        """The officer's conversations that are neither closed nor ended in a referral, the last used first."""
        still_open = (CONVERSATIONS.c.officer == officer) & CONVERSATIONS.c.closed_at.is_(None)
        with self._engine.begin() as db:
            rows = db.execute(select(CONVERSATIONS).where(still_open).order_by(CONVERSATIONS.c.touched_at.desc())).all()
        return [one for one in self._readable(rows) if one.state.ended is None or one.state.ended.how != "referred"]

    def open(self) -> list[Conversation]:
        """Every officer's conversations that were not closed."""
        with self._engine.begin() as db:
            rows = db.execute(select(CONVERSATIONS).where(CONVERSATIONS.c.closed_at.is_(None))).all()
        return list(self._readable(rows))

    def sending(self, conversation: Conversation, turn: str, *, text: str | None, choice: Choice | None) -> bool:
        """Note a turn that is about to go to the bot, until its answer is kept.

        False where something else went under this id before: the bot may have that, and needs another id for this.
        """
        ring = self._keys.ring(key_owner(conversation.id))
        body = {"text": text, "choice": choice and choice.model_dump(mode="json")}
        with self._engine.begin() as db:
            before = db.execute(select(SENT).where(_sent(conversation, turn))).one_or_none()
            if before is not None:
                return open_sent(ring, before) == body
            sealed = seal_sent(ring, conversation.id, turn, body)
            db.execute(insert(SENT).values(conversation=conversation.id, turn=turn, body=sealed))
        return True

    def not_taken(self, conversation: Conversation, turn: str) -> None:
        """The bot refused the turn, so it has nothing of it."""
        with self._engine.begin() as db:
            db.execute(delete(SENT).where(_sent(conversation, turn)))

    def keep_turn(
        self,
        conversation: Conversation,
        turn: str,
        *,
        text: str | None,
        choice: Choice | None,
        messages: tuple[BotMessage, ...],
        state: State,
    ) -> Conversation:
        """Keep an exchange and the state after it, in one commit. A turn kept before is left as it is."""
        ring = self._keys.ring(key_owner(conversation.id))
        now = self._clock()
        body = {
            "text": text,
            "choice": choice and choice.model_dump(mode="json"),
            "messages": [message.model_dump(mode="json") for message in messages],
        }
        of_this = TURNS.c.conversation == conversation.id
        with self._engine.begin() as db:
            if db.scalar(select(TURNS.c.n).where(of_this, TURNS.c.turn == turn)) is None:
                n = (db.scalar(select(func.max(TURNS.c.n)).where(of_this)) or 0) + 1
                sealed = seal_turn(ring, conversation.id, n, body)
                db.execute(insert(TURNS).values(conversation=conversation.id, n=n, turn=turn, kept_at=now, body=sealed))
            db.execute(
                update(CONVERSATIONS)
                .where(CONVERSATIONS.c.id == conversation.id)
                .values(touched_at=now, state=seal_state(ring, conversation.id, state))
            )
            db.execute(delete(SENT).where(_sent(conversation, turn)))
        return replace(conversation, touched_at=now, state=state)

    def turns(self, conversation: Conversation) -> list[Turn]:
        """Every exchange, oldest first."""
        wanted = select(TURNS).where(TURNS.c.conversation == conversation.id).order_by(TURNS.c.n)

        def read(db: Connection) -> list[Turn]:
            ring = self._keys.ring(key_owner(conversation.id))
            return [_opened_turn(ring, row) for row in db.execute(wanted).all()]

        return self._steadily(read)

    def find_turn(self, conversation: Conversation, turn: str) -> Turn | None:
        """The exchange that came under this turn id, if it was kept."""
        wanted = select(TURNS).where(TURNS.c.conversation == conversation.id, TURNS.c.turn == turn)

        def read(db: Connection) -> Turn | None:
            row = db.execute(wanted).one_or_none()
            return None if row is None else _opened_turn(self._keys.ring(key_owner(conversation.id)), row)

        return self._steadily(read)

    def close(self, conversation_id: str, why: WhyCleared = "finished") -> None:
        """From now on nothing more can be said in it; `why` its names are cleared now."""
        now = self._clock()
        with self._engine.begin() as db:
            still_open = (CONVERSATIONS.c.id == conversation_id) & CONVERSATIONS.c.closed_at.is_(None)
            if db.execute(update(CONVERSATIONS).where(still_open).values(closed_at=now)).rowcount:
                db.execute(insert(NAMES_CLEARED).values(conversation=conversation_id, at=now, why=why))

    def delete(self, conversation_id: str) -> None:
        """Erase the conversation: its keys first, so that nothing left behind anywhere can be read."""
        self._keys.destroy(key_owner(conversation_id), bot_key_owner(conversation_id))
        with self._engine.begin() as db:
            db.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id))

    def _steadily(self, read: Callable[[Connection], Found]) -> Found:
        """Read in one transaction; once more where the key was changed meanwhile."""
        try:
            with self._engine.begin() as db:
                return read(db)
        except SealBroken:
            with self._engine.begin() as db:
                return read(db)

    def _readable(self, rows: Iterable[Any]) -> Iterator[Conversation]:
        """Those whose key still stands: rows of an erased conversation may come back with a restored backup."""
        for row in rows:
            with suppress(KeyDestroyed):
                yield self._opened(row)

    def _opened(self, row: Any) -> Conversation:
        state = open_state(self._keys.ring(key_owner(row.id)), row)
        return Conversation(row.id, row.officer, row.opened_at, row.touched_at, row.closed_at, state)


def seal_state(ring: KeyRing, conversation_id: str, state: State) -> bytes:
    """What stands in `CONVERSATIONS.c.state`."""
    return ring.seal(state.model_dump_json().encode(), CONVERSATIONS.name, conversation_id, "state")


def open_state(ring: KeyRing, row: Any) -> State:
    """The reverse, for a row of `CONVERSATIONS`. Raises sealing.SealBroken."""
    return State.model_validate_json(ring.unseal(row.state, CONVERSATIONS.name, row.id, "state"))


def seal_turn(ring: KeyRing, conversation_id: str, n: int, body: dict[str, Any]) -> bytes:
    """What stands in `TURNS.c.body`."""
    return ring.seal(json.dumps(body).encode(), TURNS.name, conversation_id, str(n), "body")


def open_turn(ring: KeyRing, row: Any) -> dict[str, Any]:
    """The reverse, for a row of `TURNS`. Raises sealing.SealBroken."""
    body: dict[str, Any] = json.loads(ring.unseal(row.body, TURNS.name, row.conversation, str(row.n), "body"))
    return body


def seal_sent(ring: KeyRing, conversation_id: str, turn: str, body: dict[str, Any]) -> bytes:
    """What stands in `SENT.c.body`."""
    return ring.seal(json.dumps(body).encode(), SENT.name, conversation_id, turn, "body")


def open_sent(ring: KeyRing, row: Any) -> dict[str, Any]:
    """The reverse, for a row of `SENT`. Raises sealing.SealBroken."""
    body: dict[str, Any] = json.loads(ring.unseal(row.body, SENT.name, row.conversation, row.turn, "body"))
    return body


def _sent(conversation: Conversation, turn: str) -> ColumnElement[bool]:
    return (SENT.c.conversation == conversation.id) & (SENT.c.turn == turn)


def _opened_turn(ring: KeyRing, row: Any) -> Turn:
    body = open_turn(ring, row)
    return Turn(
        id=row.turn,
        n=row.n,
        kept_at=row.kept_at,
        text=body["text"],
        choice=body["choice"] and Choice.model_validate(body["choice"]),
        messages=tuple(BotMessage.model_validate(message) for message in body["messages"]),
    )
