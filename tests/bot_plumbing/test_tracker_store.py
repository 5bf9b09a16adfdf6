"""The tracker store: sealed, appended only, and honest about failures."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answered_turns import AnsweredTurn
from bot.errors import Erased, TrackerUnreadable, TrackerUnwritable
from bot.tables import METADATA, drop_erased
from bot.tracker_store import KeptTracker, SealedTrackerStore
from sealing import KeyStore, new_id, open_engine

pytestmark = pytest.mark.slow  # loads Rasa


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(open_engine(f"sqlite:///{tmp_path}/keys.db"))


@pytest.fixture
def store(tmp_path: Path, keys: KeyStore) -> SealedTrackerStore:
    return open_store(tmp_path, keys)


def open_store(folder: Path, keys: KeyStore) -> SealedTrackerStore:
    engine = open_engine(f"sqlite:///{folder}/bot.db")
    METADATA.create_all(engine)
    return SealedTrackerStore(engine, keys)


def said(tracker: KeptTracker, *texts: str) -> None:
    from rasa.shared.core.events import UserUttered  # noqa: PLC0415 - after bot has prepared for Rasa

    for text in texts:
        tracker.update(UserUttered(text, {"name": "tell"}))


def texts(tracker: KeptTracker | None) -> list[str]:
    assert tracker is not None
    return [event.text for event in tracker.events]


def rows(tmp_path: Path) -> list[tuple[str, int, bytes]]:
    with sqlite3.connect(tmp_path / "bot.db") as db:
        return db.execute("SELECT conversation, n, sealed FROM events ORDER BY conversation, n").fetchall()


async def test_what_is_saved_comes_back(store: SealedTrackerStore, conversation: str) -> None:
    assert await store.retrieve(conversation) is None
    tracker = store.init_tracker(conversation)
    said(tracker, "the rent", "the gas")
    await store.save(tracker)
    again = await store.retrieve(conversation)
    assert texts(again) == ["the rent", "the gas"]
    said(again, "the school")
    await store.save(again)
    await store.save(again)
    assert texts(await store.retrieve(conversation)) == ["the rent", "the gas", "the school"]


async def test_rows_are_appended_and_never_rewritten(
    store: SealedTrackerStore, tmp_path: Path, conversation: str
) -> None:
    tracker = store.init_tracker(conversation)
    said(tracker, "the rent")
    await store.save(tracker)
    first = rows(tmp_path)
    said(tracker, "the gas")
    await store.save(tracker)
    assert rows(tmp_path)[:1] == first
    assert [n for _, n, _ in rows(tmp_path)] == [0, 1]


@settings(max_examples=20, deadline=None)
@given(text=st.text(min_size=4, max_size=60))
def test_only_sealed_bytes_are_written(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("store")
    store = open_store(folder, KeyStore(open_engine(f"sqlite:///{folder}/keys.db")))
    tracker = store.init_tracker("c_1")
    said(tracker, text)
    asyncio.run(store.save_turn(tracker, AnsweredTurn("t_1", "digest of the request", {"text": text})))
    written = b"".join(path.read_bytes() for path in folder.iterdir())
    assert text.encode() not in written
    assert b"digest of the request" not in written
    assert texts(asyncio.run(store.retrieve("c_1"))) == [text]


async def test_two_writers_cannot_both_go_on_from_the_same_place(store: SealedTrackerStore, conversation: str) -> None:
    first, second = store.init_tracker(conversation), store.init_tracker(conversation)
    said(first, "the rent")
    said(second, "the gas", "the school")
    await store.save(first)
    with pytest.raises(TrackerUnwritable):
        await store.save_turn(second, AnsweredTurn("t_2", "x", {}))
    assert texts(await store.retrieve(conversation)) == ["the rent"]
    assert await store.answered(conversation, "t_2") is None


async def test_an_answer_and_its_events_are_kept_together(store: SealedTrackerStore, conversation: str) -> None:
    tracker = store.init_tracker(conversation)
    said(tracker, "the rent")
    await store.save_turn(tracker, AnsweredTurn("t_1", "x", {"turn": "t_1"}))
    assert await store.answered(conversation, "t_1") == AnsweredTurn("t_1", "x", {"turn": "t_1"})
    assert await store.answered(conversation, "t_2") is None
    assert await store.answered(new_id("c"), "t_1") is None
    said(tracker, "the gas")
    with pytest.raises(TrackerUnwritable):
        await store.save_turn(tracker, AnsweredTurn("t_1", "x", {}))
    assert texts(await store.retrieve(conversation)) == ["the rent"]


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM events WHERE n = 0",
        "UPDATE events SET n = n + 1 WHERE n = 1",
        "UPDATE events SET sealed = (SELECT sealed FROM events WHERE n = 1) WHERE n = 0",
        "UPDATE events SET sealed = x'00'",
        "UPDATE events SET conversation = 'c_other'",
        "DROP TABLE events",
    ],
)
async def test_a_talk_that_was_tampered_with_is_not_taken_for_a_new_one(
    store: SealedTrackerStore, keys: KeyStore, tmp_path: Path, conversation: str, tampering: str
) -> None:
    tracker = store.init_tracker(conversation)
    said(tracker, "the rent", "the gas")
    await store.save(tracker)
    keys.get_or_create("conversation/c_other")
    with sqlite3.connect(tmp_path / "bot.db") as db:
        db.execute(tampering)
    with pytest.raises(TrackerUnreadable):
        await store.retrieve("c_other" if "c_other" in tampering else conversation)


async def test_rows_without_a_key_are_not_taken_for_a_new_talk(
    store: SealedTrackerStore, tmp_path: Path, conversation: str
) -> None:
    tracker = store.init_tracker(conversation)
    said(tracker, "the rent")
    await store.save(tracker)
    with sqlite3.connect(tmp_path / "keys.db") as db:
        db.execute("DELETE FROM keys")
    with pytest.raises(TrackerUnreadable):
        await store.retrieve(conversation)


async def test_a_destroyed_key_erases_the_talk(
    store: SealedTrackerStore, keys: KeyStore, tmp_path: Path, conversation: str
) -> None:
    other = new_id("c")
    trackers = [store.init_tracker(conversation), store.init_tracker(other)]
    for tracker in trackers:
        said(tracker, "the rent")
        await store.save_turn(tracker, AnsweredTurn("t_1", "x", {}))
    keys.destroy(f"conversation/{conversation}")
    said(trackers[0], "the gas")
    for asking in (store.retrieve(conversation), store.answered(conversation, "t_1"), store.save(trackers[0])):
        with pytest.raises(Erased):
            await asking
    drop_erased(open_engine(f"sqlite:///{tmp_path}/bot.db"), keys)
    assert [row[0] for row in rows(tmp_path)] == [other]
    assert await store.answered(other, "t_1") is not None


async def test_a_locked_database_is_reported(store: SealedTrackerStore, tmp_path: Path, conversation: str) -> None:
    tracker = store.init_tracker(conversation)
    said(tracker, "the rent")
    lock = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    results = await asyncio.gather(
        store.retrieve(conversation), store.check(), store.save(tracker), return_exceptions=True
    )
    assert [type(result) for result in results] == [TrackerUnreadable, TrackerUnreadable, TrackerUnwritable]
    lock.execute("ROLLBACK")
    await store.save(tracker)
    assert texts(await store.retrieve(conversation)) == ["the rent"]


async def test_a_slow_database_does_not_stop_the_others(
    store: SealedTrackerStore, tmp_path: Path, conversation: str
) -> None:
    lock = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    reading = asyncio.create_task(store.retrieve(conversation))
    for _ in range(50):  # the loop turns while the read waits in its thread
        await asyncio.sleep(0)
    assert not reading.done()
    lock.execute("ROLLBACK")
    assert await reading is None
