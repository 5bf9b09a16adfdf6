"""Rewriting the tracker store, on SQLite and PostgreSQL: all or nothing, and old bytes open with no key there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot.answered_turns import AnsweredTurn
from bot.errors import Erased, TrackerUnwritable
from bot.rewrite_request import RewriteRequest
from bot.tables import EVENTS, METADATA, TURNS
from bot.tracker_store import SealedTrackerStore
from sealing import KeyStore, SealBroken, new_id, open_engine
from tests.referrals.databases import fresh_database

pytestmark = pytest.mark.slow  # loads Rasa

TEXT = "Rose Pargeter owes the rent"
HIDDEN = "[PERSON 1] owes the rent"


@dataclass
class Kept:
    """A store that holds one turn."""

    store: SealedTrackerStore
    engine: Engine
    keys: KeyStore
    conversation: str
    turn: str

    def request(self) -> RewriteRequest:
        edit = {"turn": self.turn, "part": "text", "start": 0, "end": 13, "token": "[PERSON 1]"}
        ids: dict[str, Any] = {"conversation": self.conversation, "rewrite": self.turn.replace("t_", "r_")}
        return RewriteRequest.model_validate_json(
            RewriteRequest.model_construct(**ids, turns=(self.turn,), edits=(edit,)).model_dump_json(warnings=False)
        )

    def blobs(self) -> list[tuple[tuple[str, ...], bytes]]:
        """Each sealed row with its place."""
        with self.engine.begin() as db:
            events = [(("events", row.conversation, str(row.n)), row.sealed) for row in db.execute(select(EVENTS))]
            turns = [(("turns", row.conversation, row.turn), row.sealed) for row in db.execute(select(TURNS))]
        return events + turns

    async def texts(self) -> list[str]:
        tracker = await self.store.retrieve(self.conversation)
        assert tracker is not None
        return [event.text for event in tracker.events]


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with fresh_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        METADATA.create_all(engine)
        yield engine
        engine.dispose()


@pytest.fixture
async def kept(engine: Engine, tmp_path: Path) -> Kept:
    from rasa.shared.core.events import UserUttered  # noqa: PLC0415 - after bot has prepared for Rasa

    keys = KeyStore(open_engine(f"sqlite:///{tmp_path}/keys.db"))
    kept = Kept(SealedTrackerStore(engine, keys), engine, keys, new_id("c"), new_id("t"))
    tracker = kept.store.init_tracker(kept.conversation)
    metadata = {"turn": kept.turn, "officer": "a_1"}
    tracker.update(UserUttered(TEXT, {"name": "tell"}, metadata=metadata))
    await kept.store.save_turn(tracker, AnsweredTurn(kept.turn, "digest", {"messages": [{"text": f"heard: {TEXT}"}]}))
    return kept


class Killed(BaseException):
    """The process ends here."""


async def test_old_bytes_open_with_no_key(kept: Kept) -> None:
    old = kept.blobs()
    assert await kept.store.rewrite(kept.request()) == {"rewrite": kept.request().rewrite, "cleared": True}
    assert await kept.texts() == [HIDDEN]
    answered = await kept.store.answered(kept.conversation, kept.turn)
    assert answered is not None
    assert answered.answer == {"messages": [{"text": f"heard: {HIDDEN}"}]}
    ring = kept.keys.ring(f"conversation/{kept.conversation}/bot")
    assert ring.earlier == ()
    assert not {sealed for _, sealed in old} & {sealed for _, sealed in kept.blobs()}
    for place, sealed in old:
        with pytest.raises(SealBroken):
            ring.unseal(sealed, *place)


@pytest.mark.parametrize("step", ["bot.tracker_store.seal_stored", "bot.tracker_store.remember"])
async def test_killed_before_the_commit_nothing_is_lost_or_changed(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(step, die)
        with pytest.raises(Killed):
            await kept.store.rewrite(kept.request())
    assert await kept.texts() == [TEXT]
    await kept.store.rewrite(kept.request())
    assert await kept.texts() == [HIDDEN]
    assert kept.keys.rotating("conversation/") == []


async def test_killed_after_the_commit_the_old_keys_go_with_the_next_try(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> bool:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("bot.tracker_store.wipe_freed_pages", die)
        with pytest.raises(Killed):
            await kept.store.rewrite(kept.request())
    assert await kept.texts() == [HIDDEN]
    assert kept.keys.rotating("conversation/") == [f"conversation/{kept.conversation}/bot"]
    await kept.store.rewrite(kept.request())
    assert kept.keys.rotating("conversation/") == []
    assert await kept.texts() == [HIDDEN]


async def test_rows_that_a_stopped_change_of_keys_left_behind_are_not_lost(kept: Kept) -> None:
    kept.keys.rotate(f"conversation/{kept.conversation}/bot")
    await kept.store.rewrite(kept.request())
    kept.keys.rotate(f"conversation/{kept.conversation}/bot")
    await kept.store.rewrite(kept.request())  # known already: only the keys are seen to
    assert await kept.texts() == [HIDDEN]


async def test_what_would_not_hold_together_is_not_written(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept.blobs()
    with monkeypatch.context() as patch:
        patch.setattr("bot.tracker_store.KeptTracker.current_slot_values", lambda _: {"ledger": [{"not": "a sign"}]})
        with pytest.raises(TrackerUnwritable):
            await kept.store.rewrite(kept.request())
    assert kept.blobs() == before


async def test_an_erased_conversation_is_not_rewritten(kept: Kept) -> None:
    kept.keys.destroy(f"conversation/{kept.conversation}", f"conversation/{kept.conversation}/bot")
    with pytest.raises(Erased):
        await kept.store.rewrite(kept.request())
