"""What is still to be hidden or shown in what was stored of a conversation, and how it is done in the desk's own part.

It is written down, sealed, before the bot is asked, and crossed out in the transaction that changes the desk's own
rows: whatever stops in between, it is found again and finished under the same id.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.desk.conversations import open_sent, open_state, open_turn, seal_sent, seal_state, seal_turn
from bot.desk.tables import CONVERSATIONS, REWRITES, SENT, TURNS, key_owner
from conversation import State
from redaction import TOKEN, Edit, Rewrite, Rewriting, TurnEdit
from redaction.rewriting import Part, typed_in_choice
from sealing import KeyRing, KeyStore, SealBroken, new_id, wipe_freed_pages

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Queued:
    """A rewrite that is on its way, under the id by which the bot knows it."""

    id: str
    rewrite: Rewrite

    @classmethod
    def new(cls, rewrite: Rewrite) -> Self:
        """Under an id of its own."""
        return cls(new_id("t"), rewrite)

    def to_json(self) -> dict[str, Any]:
        """For keeping sealed."""
        wanted = self.rewrite
        return {
            "id": self.id,
            "turns": sorted(wanted.turns),
            "edits": [[one.turn, one.part, one.edit.start, one.edit.end, one.edit.token] for one in wanted.edits],
            "shown": dict(wanted.shown or {}),
            "renamed": dict(wanted.renamed or {}),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """What `to_json` wrote."""
        edits = tuple(TurnEdit(turn, part, Edit(start, end, token)) for turn, part, start, end, token in kept["edits"])
        return cls(kept["id"], Rewrite(frozenset(kept["turns"]), edits, kept["shown"], kept["renamed"]))


@dataclass(frozen=True)
class Waiting:
    """What a conversation waits for: `due` to be looked through, then each of `queued` in turn."""

    due: bool
    queued: tuple[Queued, ...]


@dataclass(frozen=True)
class Kept:
    """What the desk keeps of a conversation, opened: turns by number, those sent without an answer by id, the state."""

    turns: dict[int, tuple[str, dict[str, Any]]]
    sent: dict[str, dict[str, Any]]
    state: dict[str, Any]

    def typed(self) -> dict[tuple[str, Part], str]:
        """Every typed text."""
        typed: dict[tuple[str, Part], str] = {}
        for turn, body in [*self.turns.values(), *self.sent.items()]:
            if body["text"] is not None:
                typed[turn, "text"] = body["text"]
            if body["choice"] is not None:
                typed |= typed_in_choice(turn, body["choice"])
        return typed

    def tokens(self) -> set[str]:
        """Every token that stands anywhere in it."""
        everything = json.dumps([list(self.turns.values()), self.sent, self.state])
        return {match[0] for match in TOKEN.finditer(everything)}

    def after(self, rewrite: Rewrite) -> Kept:
        """The same, rewritten. Raises ValueError where an edit does not fit."""
        rewriting = Rewriting(rewrite, self.typed())
        return Kept(
            {n: (turn, _rewritten(turn, body, rewriting)) for n, (turn, body) in self.turns.items()},
            {turn: _rewritten(turn, body, rewriting) for turn, body in self.sent.items()},
            rewriting.json(self.state),
        )


class Rewrites:
    """The queue, and the desk's own rows. Every call blocks; calls for one conversation come one after the other."""

    def __init__(self, engine: Engine, keys: KeyStore) -> None:
        """The tables exist: `ConversationStore` makes them."""
        self._engine = engine
        self._keys = keys

    @staticmethod
    def look_back(db: Connection, conversation_id: str) -> None:
        """What was stored is to be looked through again: the book changed, in the transaction of `db`."""
        own = REWRITES.c.conversation == conversation_id
        if db.execute(update(REWRITES).where(own).values(due=True)).rowcount == 0:
            db.execute(insert(REWRITES).values(conversation=conversation_id, due=True))

    def conversations(self) -> list[str]:
        """Every conversation that waits for something, or whose change of keys was not finished."""
        with self._engine.begin() as db:
            waiting = list(db.scalars(select(REWRITES.c.conversation)))
        prefix = key_owner("")
        rotating = [owner.removeprefix(prefix) for owner in self._keys.rotating(prefix)]
        return list(dict.fromkeys([*waiting, *(owner for owner in rotating if "/" not in owner)]))

    def waiting(self, conversation_id: str) -> Waiting | None:
        """What the conversation waits for, if it does."""
        ring = self._keys.ring(key_owner(conversation_id))
        with self._engine.begin() as db:
            return _waiting(db, ring, conversation_id)

    def kept(self, conversation_id: str) -> Kept:
        """What is kept, as it will be once all that is queued is done."""
        ring = self._keys.ring(key_owner(conversation_id))
        with self._engine.begin() as db:
            kept, waiting = _open(db, ring, conversation_id), _waiting(db, ring, conversation_id)
        for queued in waiting.queued if waiting else ():
            kept = kept.after(queued.rewrite)
        return kept

    def looked_through(self, conversation_id: str, found: Rewrite) -> None:
        """Queue what was found; nothing is due any more."""
        ring = self._keys.ring(key_owner(conversation_id))
        with self._engine.begin() as db:
            waiting = _waiting(db, ring, conversation_id)
            queued = waiting.queued if waiting else ()
            _write(db, ring, conversation_id, [*queued, *([] if found.empty else [Queued.new(found)])], due=False)

    def replace(self, conversation_id: str, queued: Queued, other: Rewrite) -> None:
        """Queue another rewrite, under an id of its own, in the place of one that cannot be made."""
        ring = self._keys.ring(key_owner(conversation_id))
        with self._engine.begin() as db:
            waiting = _waiting(db, ring, conversation_id)
            if waiting is not None:
                instead = [] if other.empty else [Queued.new(other)]
                later = [one for one in waiting.queued if one.id != queued.id]
                _write(db, ring, conversation_id, [*instead, *later], due=waiting.due)

    def make(self, conversation_id: str, queued: Queued) -> None:
        """Rewrite the desk's own rows, all of them under a new key, and cross the rewrite out: all or nothing.

        Raises ValueError where an edit does not fit, and then nothing was changed.
        """
        ring = self._keys.ring(key_owner(conversation_id))
        with self._engine.begin() as db:
            waiting = _waiting(db, ring, conversation_id)
            if waiting is None or queued.id not in [one.id for one in waiting.queued]:
                return
            after = _open(db, ring, conversation_id).after(queued.rewrite)
            State.model_validate(after.state)
            ring = self._keys.rotate(key_owner(conversation_id))
            _seal(db, ring, conversation_id, after)
            later = [one for one in waiting.queued if one.id != queued.id]
            _write(db, ring, conversation_id, later, due=waiting.due)
        self.let_go(conversation_id)

    def let_go(self, conversation_id: str) -> None:
        """Destroy the keys before the present one, and empty the database's log of what was overwritten.

        A rewrite that stopped half way may have left rows under an earlier key: they are sealed again first.
        """
        ring = self._keys.ring(key_owner(conversation_id))
        if not ring.earlier:
            return
        with self._engine.begin() as db:
            waiting = _waiting(db, ring, conversation_id)
            _seal(db, ring, conversation_id, _open(db, ring, conversation_id))
            if waiting is not None:
                _write(db, ring, conversation_id, waiting.queued, due=waiting.due)
        if not wipe_freed_pages(self._engine):
            _log.warning("old rows of %s may still lie in the database's log, sealed under a lost key", conversation_id)
        self._keys.drop_earlier(key_owner(conversation_id), ring)


def _rewritten(turn: str, body: dict[str, Any], rewriting: Rewriting) -> dict[str, Any]:
    rest = {name: part for name, part in body.items() if name not in ("text", "choice")}
    return {
        "text": None if body["text"] is None else rewriting.typed(turn, "text", body["text"]),
        "choice": None if body["choice"] is None else rewriting.press(turn, body["choice"]),
        **rewriting.json(rest),
    }


def _waiting(db: Connection, ring: KeyRing, conversation_id: str) -> Waiting | None:
    row = db.execute(select(REWRITES).where(REWRITES.c.conversation == conversation_id)).one_or_none()
    if row is None:
        return None
    kept = ring.unseal(row.body, REWRITES.name, conversation_id, "body") if row.body else b"[]"
    return Waiting(row.due, tuple(Queued.from_json(queued) for queued in json.loads(kept)))


def _write(db: Connection, ring: KeyRing, conversation_id: str, queued: Sequence[Queued], *, due: bool) -> None:
    db.execute(delete(REWRITES).where(REWRITES.c.conversation == conversation_id))
    if queued or due:
        body = json.dumps([one.to_json() for one in queued]).encode()
        sealed = ring.seal(body, REWRITES.name, conversation_id, "body")
        db.execute(insert(REWRITES).values(conversation=conversation_id, due=due, body=sealed))


def _open(db: Connection, ring: KeyRing, conversation_id: str) -> Kept:
    row = db.execute(select(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id)).one_or_none()
    if row is None:
        raise SealBroken(f"conversation {conversation_id} is not there")
    turns = db.execute(select(TURNS).where(TURNS.c.conversation == conversation_id).order_by(TURNS.c.n)).all()
    sent = db.execute(select(SENT).where(SENT.c.conversation == conversation_id)).all()
    return Kept(
        {row.n: (row.turn, open_turn(ring, row)) for row in turns},
        {row.turn: open_sent(ring, row) for row in sent},
        open_state(ring, row).model_dump(mode="json"),
    )


def _seal(db: Connection, ring: KeyRing, conversation_id: str, kept: Kept) -> None:
    for n, (_, body) in kept.turns.items():
        own = (TURNS.c.conversation == conversation_id) & (TURNS.c.n == n)
        db.execute(update(TURNS).where(own).values(body=seal_turn(ring, conversation_id, n, body)))
    for turn, body in kept.sent.items():
        sealed = seal_sent(ring, conversation_id, turn, body)
        own = (SENT.c.conversation == conversation_id) & (SENT.c.turn == turn)
        db.execute(update(SENT).where(own).values(body=sealed))
    state = seal_state(ring, conversation_id, State.model_validate(kept.state))
    db.execute(update(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id).values(state=state))
