"""Rasa's tracker store: each event sealed under its conversation's key, appended once.

Only a late "hide this" or "show this" rewrites what is kept (bot.rewriting), all of it at once and under a new key.

Rasa's own wrapper (``FailSafeTrackerStore``) hides a failed read as a new conversation and a failed write as success;
this store raises, and :class:`bot.agent.DeskAgent` uses it without that wrapper.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from pydantic import ValidationError
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from bot.answered_turns import AnsweredTurn, recall, remember
from bot.errors import Erased, Malformed, TrackerUnreadable, TrackerUnwritable, TurnReused
from bot.rewrite_request import RewriteRequest
from bot.rewriting import Event, Stored, open_stored, seal_stored
from bot.tables import EVENTS, conversation_owner, key_owner
from conversation import State
from sealing import KeyDestroyed, KeyRing, KeyStore, KeyUnknown, SealingError, wipe_freed_pages

_log = logging.getLogger(__name__)


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

    async def rewrite(self, request: RewriteRequest) -> dict[str, Any]:
        """Hide or show something in all that is kept of a conversation, or nothing of it; the answer to the desk.

        Raises what :meth:`save` does, :class:`TurnReused`, :class:`Malformed` where an edit does not fit, and
        :class:`LooksPersonal`.
        """
        return await asyncio.to_thread(self._rewrite, request)

    async def check(self) -> None:
        """Raise :class:`TrackerUnreadable` unless the database answers."""
        await asyncio.to_thread(self._check)

    def _ring(self, conversation: str) -> KeyRing | None:
        if self._keys.is_destroyed(conversation_owner(conversation)):
            raise KeyDestroyed(f"conversation {conversation} was erased")
        try:
            return self._keys.ring(key_owner(conversation))
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
            ring = self._ring(conversation)
            with self._engine.begin() as db:
                wanted = select(EVENTS.c.n, EVENTS.c.sealed).where(EVENTS.c.conversation == conversation)
                rows = db.execute(wanted.order_by(EVENTS.c.n)).all()
            if not rows:
                return None
            if ring is None or [row.n for row in rows] != list(range(len(rows))):
                raise TrackerUnreadable(f"conversation {conversation} has lost its key or some of its events")
            events = [json.loads(ring.unseal(row.sealed, EVENTS.name, conversation, str(row.n))) for row in rows]
        except KeyDestroyed as error:
            raise Erased(f"conversation {conversation} was erased") from error
        except (SQLAlchemyError, SealingError) as error:
            raise TrackerUnreadable(f"conversation {conversation} could not be read") from error
        return self._tracker(conversation, events)

    def _tracker(self, conversation: str, events: list[Event]) -> KeptTracker:
        tracker: KeptTracker = KeptTracker.from_dict(conversation, events, self.domain.slots)
        tracker.kept = len(events)
        return tracker

    def _write(self, tracker: KeptTracker, answered: AnsweredTurn | None) -> None:
        conversation = tracker.sender_id
        new = list(tracker.events)[tracker.kept :]
        if not new:
            return
        try:
            ring = self._ring(conversation) or KeyRing(self._keys.get_or_create(key_owner(conversation)))
            with self._engine.begin() as db:
                for n, event in enumerate(new, start=tracker.kept):
                    sealed = ring.seal(json.dumps(event.as_dict()).encode(), EVENTS.name, conversation, str(n))
                    db.execute(insert(EVENTS).values(conversation=conversation, n=n, sealed=sealed))
                if answered:
                    remember(db, ring, conversation, answered)
        except KeyDestroyed as error:
            raise Erased(f"conversation {conversation} was erased") from error
        except (SQLAlchemyError, SealingError) as error:
            raise TrackerUnwritable(f"conversation {conversation} could not be written") from error
        tracker.kept += len(new)

    def _recall(self, conversation: str, turn: str) -> AnsweredTurn | None:
        try:
            ring = self._ring(conversation)
            if ring is None:
                return None
            with self._engine.begin() as db:
                return recall(db, ring, conversation, turn)
        except KeyDestroyed as error:
            raise Erased(f"conversation {conversation} was erased") from error
        except (SQLAlchemyError, SealingError) as error:
            raise TrackerUnreadable(f"the answers of conversation {conversation} could not be read") from error

    def _rewrite(self, request: RewriteRequest) -> dict[str, Any]:
        conversation, answer = request.conversation, {"rewrite": request.rewrite}
        try:
            ring = self._ring(conversation)
            if ring is None:
                return answer | {"cleared": True}  # nothing was ever kept
            with self._engine.begin() as db:  # the database's write lock first: no key is made in vain
                before = recall(db, ring, conversation, request.rewrite)
                if before is not None and before.request != request.digest():
                    raise TurnReused(f"rewrite {request.rewrite} came before with another content")
                if before is None:
                    stored = open_stored(db, ring, conversation).rewritten(conversation, request.wanted())
                    self._hold_together(conversation, stored)
                    ring = self._keys.rotate(key_owner(conversation))
                    seal_stored(db, ring, conversation, stored)
                    remember(db, ring, conversation, AnsweredTurn(request.rewrite, request.digest(), answer))
            return answer | {"cleared": self._let_go(conversation)}
        except KeyDestroyed as error:
            raise Erased(f"conversation {conversation} was erased") from error
        except (SQLAlchemyError, SealingError) as error:
            raise TrackerUnwritable(f"conversation {conversation} could not be rewritten") from error
        except ValueError as error:
            raise Malformed("an edit does not fit what is kept") from error

    def _let_go(self, conversation: str) -> bool:
        """Destroy the keys before this one and empty the database's log; whether the log could be emptied.

        A rewrite that stopped half way may have left rows under an earlier key: they are sealed again first.
        """
        ring = self._keys.ring(key_owner(conversation))
        if ring.earlier:
            with self._engine.begin() as db:
                self._seal_again(db, ring, conversation)
        cleared = wipe_freed_pages(self._engine)
        if ring.earlier:
            self._keys.drop_earlier(key_owner(conversation), ring)
        if not cleared:
            _log.warning("old rows of %s may still lie in the database's log, sealed under a lost key", conversation)
        return cleared

    @staticmethod
    def _seal_again(db: Connection, ring: KeyRing, conversation: str) -> None:
        seal_stored(db, ring, conversation, open_stored(db, ring, conversation))

    def _hold_together(self, conversation: str, stored: Stored) -> None:
        """Raises :class:`TrackerUnwritable` where Rasa could not go on from what is to be written."""
        try:
            State.from_slots(self._tracker(conversation, stored.events).current_slot_values())
        except ValidationError as error:
            raise TrackerUnwritable(f"conversation {conversation} would not hold together") from error
