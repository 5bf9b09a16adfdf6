"""Rasa's tracker store: each event sealed under its conversation's key, appended once, never rewritten.

Rasa's own wrapper (``FailSafeTrackerStore``) hides a failed read as a new conversation and a failed write as success;
this store raises, and :class:`bot.agent.DeskAgent` uses it without that wrapper.
"""

from __future__ import annotations

import asyncio
import json

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from bot.answered_turns import AnsweredTurn, recall, remember
from bot.errors import Erased, TrackerUnreadable, TrackerUnwritable
from bot.tables import EVENTS, key_owner
from sealing import KeyDestroyed, KeyStore, KeyUnknown, SealingError, seal, unseal


class KeptTracker(DialogueStateTracker):  # type: ignore[misc]  # Rasa publishes no types
    """A tracker that knows how many of its events are in the database."""

    kept = 0


class SealedTrackerStore(TrackerStore):  # type: ignore[misc]  # Rasa publishes no types
    """Conversations in the bot's database, whose tables exist.

    Database work runs in threads, so that one slow disk stalls one turn and not all.
    """

    def __init__(self, engine: Engine, keys: KeyStore) -> None:
        super().__init__(Domain.empty())
        self._engine = engine
        self._keys = keys

    async def retrieve(self, sender_id: str) -> KeptTracker | None:
        """The whole conversation, or None where nothing of it is kept.

        Raises :class:`TrackerUnreadable`; :class:`Erased` where its key was destroyed.
        """
        return await asyncio.to_thread(self._read, sender_id)

    def init_tracker(self, sender_id: str) -> KeptTracker:
        """An empty tracker of our own kind."""
        return KeptTracker(sender_id, self.domain.slots)

    async def save(self, tracker: KeptTracker) -> None:
        """Append the tracker's new events. Raises :class:`TrackerUnwritable` or :class:`Erased`."""
        await asyncio.to_thread(self._write, tracker, None)

    async def save_turn(self, tracker: KeptTracker, answered: AnsweredTurn) -> None:
        """Append the tracker's new events and the turn's answer, both or neither; raises what :meth:`save` does."""
        await asyncio.to_thread(self._write, tracker, answered)

    async def answered(self, conversation: str, turn: str) -> AnsweredTurn | None:
        """The answer given to ``turn``, if it was; raises what :meth:`retrieve` does."""
        return await asyncio.to_thread(self._recall, conversation, turn)

    async def check(self) -> None:
        """Raise :class:`TrackerUnreadable` unless the database answers."""
        await asyncio.to_thread(self._check)

    def _key(self, conversation: str) -> bytes | None:
        try:
            return self._keys.get(key_owner(conversation))
        except KeyUnknown:
            return None

    def _check(self) -> None:
        try:
            with self._engine.begin() as db:
                db.execute(select(EVENTS.c.n).limit(1))
        except SQLAlchemyError as error:
            raise TrackerUnreadable("the bot's database does not answer") from error

    def _read(self, conversation: str) -> KeptTracker | None:
        try:
            key = self._key(conversation)
            with self._engine.begin() as db:
                wanted = select(EVENTS.c.n, EVENTS.c.sealed).where(EVENTS.c.conversation == conversation)
                rows = db.execute(wanted.order_by(EVENTS.c.n)).all()
            if not rows:
                return None
            if key is None or [row.n for row in rows] != list(range(len(rows))):
                raise TrackerUnreadable(f"conversation {conversation} has lost its key or some of its events")
            events = [json.loads(unseal(key, row.sealed, EVENTS.name, conversation, str(row.n))) for row in rows]
        except KeyDestroyed as error:
            raise Erased(f"conversation {conversation} was erased") from error
        except (SQLAlchemyError, SealingError) as error:
            raise TrackerUnreadable(f"conversation {conversation} could not be read") from error
        tracker: KeptTracker = KeptTracker.from_dict(conversation, events, self.domain.slots)
        tracker.kept = len(rows)
        return tracker

    def _write(self, tracker: KeptTracker, answered: AnsweredTurn | None) -> None:
        conversation = tracker.sender_id
        new = list(tracker.events)[tracker.kept :]
        if not new:
            return
        try:
            key = self._keys.get_or_create(key_owner(conversation))
            with self._engine.begin() as db:
                for n, event in enumerate(new, start=tracker.kept):
                    sealed = seal(key, json.dumps(event.as_dict()).encode(), EVENTS.name, conversation, str(n))
                    db.execute(insert(EVENTS).values(conversation=conversation, n=n, sealed=sealed))
                if answered:
                    remember(db, key, conversation, answered)
        except KeyDestroyed as error:
            raise Erased(f"conversation {conversation} was erased") from error
        except (SQLAlchemyError, SealingError) as error:
            raise TrackerUnwritable(f"conversation {conversation} could not be written") from error
        tracker.kept += len(new)

    def _recall(self, conversation: str, turn: str) -> AnsweredTurn | None:
        try:
            key = self._key(conversation)
            if key is None:
                return None
            with self._engine.begin() as db:
                return recall(db, key, conversation, turn)
        except KeyDestroyed as error:
            raise Erased(f"conversation {conversation} was erased") from error
        except (SQLAlchemyError, SealingError) as error:
            raise TrackerUnreadable(f"the answers of conversation {conversation} could not be read") from error
