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
from typing import Any

from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.desk.bot_client import BotMessage
from conversation import State
from conversation.turns import Choice
from sealing import KeyDestroyed, KeyStore, UtcDateTime, new_id, seal, unseal

_metadata = MetaData()
_conversations = Table(
    "desk_conversations",
    _metadata,
    Column("id", String(40), primary_key=True),
    Column("officer", String(64), nullable=False, index=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("touched_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("state", LargeBinary, nullable=False),
)
_turns = Table(
    "desk_turns",
    _metadata,
    Column("conversation", String(40), ForeignKey(_conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("turn", String(40), nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("conversation", "turn"),
)


class NoSuchConversation(Exception):
    """There is no such conversation, or it is another officer's: the asker is not told which."""


@dataclass(frozen=True)
class Conversation:
    """One call or visit, and what is known in it (tokens only). Once `closed_at`, nothing more can be said in it."""

    id: str
    officer: str
    opened_at: datetime
    touched_at: datetime
    closed_at: datetime | None
    state: State


@dataclass(frozen=True)
class Turn:
    """One exchange: what the officer said (`text`, in tokens, or `choice`; neither when opening), and the answer."""

    id: str
    n: int
    kept_at: datetime
    text: str | None
    choice: Choice | None
    messages: tuple[BotMessage, ...]


def key_owner(conversation_id: str) -> str:
    """The name of a conversation's key in the key store; the bot seals its events under the same one."""
    return f"conversation/{conversation_id}"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ConversationStore:
    """All queries about conversations. One function, one commit. Every call blocks: use it off the event loop."""

    def __init__(self, engine: Engine, keys: KeyStore, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock
        _metadata.create_all(engine)

    def create(self, officer: str) -> Conversation:
        """A new conversation of `officer`, under a key of its own."""
        now = self._clock()
        conversation = Conversation(new_id("c"), officer, now, now, None, State())
        key = self._keys.get_or_create(key_owner(conversation.id))
        with self._engine.begin() as db:
            db.execute(
                insert(_conversations).values(
                    id=conversation.id,
                    officer=officer,
                    opened_at=now,
                    touched_at=now,
                    state=_sealed_state(key, conversation.id, conversation.state),
                )
            )
        return conversation

    def get(self, conversation_id: str, officer: str) -> Conversation:
        """The officer's own conversation. Raises NoSuchConversation."""
        own = (_conversations.c.id == conversation_id) & (_conversations.c.officer == officer)
        with self._engine.begin() as db:
            row = db.execute(select(_conversations).where(own)).one_or_none()
        if row is None:
            raise NoSuchConversation("there is no such conversation of this officer")
        return self._opened(row)

    def unfinished(self, officer: str) -> list[Conversation]:
        """The officer's conversations that are neither closed nor ended in a referral, the last used first."""
        still_open = (_conversations.c.officer == officer) & _conversations.c.closed_at.is_(None)
        with self._engine.begin() as db:
            rows = db.execute(
                select(_conversations).where(still_open).order_by(_conversations.c.touched_at.desc())
            ).all()
        return [one for one in self._readable(rows) if one.state.ended is None or one.state.ended.how != "referred"]

    def left_alone_since(self, moment: datetime) -> list[Conversation]:
        """Every officer's conversations that ended without a referral, were not closed, and were last used before."""
        with self._engine.begin() as db:
            rows = db.execute(
                select(_conversations).where(_conversations.c.closed_at.is_(None), _conversations.c.touched_at < moment)
            ).all()
        found = self._readable(rows)
        return [one for one in found if one.state.ended is not None and one.state.ended.how != "referred"]

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
        key = self._keys.get(key_owner(conversation.id))
        now = self._clock()
        body = {
            "text": text,
            "choice": choice and choice.model_dump(mode="json"),
            "messages": [message.model_dump(mode="json") for message in messages],
        }
        of_this = _turns.c.conversation == conversation.id
        with self._engine.begin() as db:
            if db.scalar(select(_turns.c.n).where(of_this, _turns.c.turn == turn)) is None:
                n = (db.scalar(select(func.max(_turns.c.n)).where(of_this)) or 0) + 1
                sealed = seal(key, json.dumps(body).encode(), _turns.name, conversation.id, str(n), "body")
                db.execute(
                    insert(_turns).values(conversation=conversation.id, n=n, turn=turn, kept_at=now, body=sealed)
                )
            db.execute(
                update(_conversations)
                .where(_conversations.c.id == conversation.id)
                .values(touched_at=now, state=_sealed_state(key, conversation.id, state))
            )
        return replace(conversation, touched_at=now, state=state)

    def turns(self, conversation: Conversation) -> list[Turn]:
        """Every exchange, oldest first."""
        key = self._keys.get(key_owner(conversation.id))
        of_this = _turns.c.conversation == conversation.id
        with self._engine.begin() as db:
            rows = db.execute(select(_turns).where(of_this).order_by(_turns.c.n)).all()
        return [_opened_turn(key, row) for row in rows]

    def find_turn(self, conversation: Conversation, turn: str) -> Turn | None:
        """The exchange that came under this turn id, if it was kept."""
        key = self._keys.get(key_owner(conversation.id))
        wanted = (_turns.c.conversation == conversation.id) & (_turns.c.turn == turn)
        with self._engine.begin() as db:
            row = db.execute(select(_turns).where(wanted)).one_or_none()
        return None if row is None else _opened_turn(key, row)

    def close(self, conversation_id: str) -> None:
        """From now on nothing more can be said in it."""
        with self._engine.begin() as db:
            db.execute(
                update(_conversations)
                .where(_conversations.c.id == conversation_id, _conversations.c.closed_at.is_(None))
                .values(closed_at=self._clock())
            )

    def delete(self, conversation_id: str) -> None:
        """Erase the conversation: its key first, so that nothing left behind anywhere can be read."""
        self._keys.destroy(key_owner(conversation_id))
        with self._engine.begin() as db:
            db.execute(delete(_conversations).where(_conversations.c.id == conversation_id))

    def _readable(self, rows: Iterable[Any]) -> Iterator[Conversation]:
        """Those whose key still stands: rows of an erased conversation may come back with a restored backup."""
        for row in rows:
            with suppress(KeyDestroyed):
                yield self._opened(row)

    def _opened(self, row: Any) -> Conversation:
        key = self._keys.get(key_owner(row.id))
        state = State.model_validate_json(unseal(key, row.state, _conversations.name, row.id, "state"))
        return Conversation(row.id, row.officer, row.opened_at, row.touched_at, row.closed_at, state)


def _sealed_state(key: bytes, conversation_id: str, state: State) -> bytes:
    return seal(key, state.model_dump_json().encode(), _conversations.name, conversation_id, "state")


def _opened_turn(key: bytes, row: Any) -> Turn:
    body = json.loads(unseal(key, row.body, _turns.name, row.conversation, str(row.n), "body"))
    return Turn(
        id=row.turn,
        n=row.n,
        kept_at=row.kept_at,
        text=body["text"],
        choice=body["choice"] and Choice.model_validate(body["choice"]),
        messages=tuple(BotMessage.model_validate(message) for message in body["messages"]),
    )
