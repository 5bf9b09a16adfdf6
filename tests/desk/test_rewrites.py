"""The desk's own rows are rewritten all or nothing, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.desk.bot_client import BotMessage
from bot.desk.conversations import Conversation, ConversationStore
from bot.desk.rewrites import Rewrites
from bot.desk.tables import REWRITES, TURNS
from conversation import State
from conversation.turns import Choice
from redaction import Edit, Rewrite, TurnEdit
from sealing import KeyStore, SealBroken, open_engine
from tests.referrals.databases import fresh_database

NOTE = "Rose Pargeter owes rent"
HIDDEN = "[PERSON 1] owes rent"
REWRITE = Rewrite(frozenset({"t_1"}), (TurnEdit("t_1", "text", Edit(0, 13, "[PERSON 1]")),))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with fresh_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(open_engine(f"sqlite:///{tmp_path / 'keys.db'}"))


@pytest.fixture
def store(engine: Engine, keys: KeyStore) -> ConversationStore:
    return ConversationStore(engine, keys)


@pytest.fixture
def rewrites(store: ConversationStore, engine: Engine, keys: KeyStore) -> Rewrites:
    return Rewrites(engine, keys)


@pytest.fixture
def conversation(store: ConversationStore) -> Conversation:
    conversation = store.create("a_1")
    said = (BotMessage(response="utter_heard", text=f"I heard: {NOTE}"),)
    state = State(answered_turn="t_1", officer_level="C")
    store.keep_turn(conversation, "t_1", text=NOTE, choice=None, messages=said, state=state)
    press = Choice(question="child", n=1, value="yes")
    return store.keep_turn(conversation, "t_2", text=None, choice=press, messages=(), state=state)


class Killed(BaseException):
    """The process ends here."""


def test_everything_is_rewritten_and_the_rewrite_is_crossed_out(
    store: ConversationStore, rewrites: Rewrites, conversation: Conversation
) -> None:
    rewrites.looked_through(conversation.id, REWRITE)
    assert store.get(conversation.id, "a_1").unfinished
    waiting = rewrites.waiting(conversation.id)
    assert waiting is not None
    (queued,) = waiting.queued
    assert queued.rewrite == Rewrite(REWRITE.turns, REWRITE.edits, {}, {})
    for _ in range(2):
        rewrites.make(conversation.id, queued)
    now = store.get(conversation.id, "a_1")
    first, second = store.turns(now)
    assert (first.text, first.messages[0].text) == (HIDDEN, f"I heard: {HIDDEN}")
    assert second.choice == Choice(question="child", n=1, value="yes")
    assert now.state == conversation.state
    assert not now.unfinished
    assert rewrites.conversations() == []


def test_old_bytes_open_with_no_key(
    engine: Engine, keys: KeyStore, rewrites: Rewrites, conversation: Conversation
) -> None:
    with engine.begin() as db:
        old = {str(row.n): row.body for row in db.execute(select(TURNS))}
    rewrites.looked_through(conversation.id, REWRITE)
    waiting = rewrites.waiting(conversation.id)
    assert waiting is not None
    rewrites.make(conversation.id, waiting.queued[0])
    ring = keys.ring(f"conversation/{conversation.id}")
    assert ring.earlier == ()
    for n, sealed in old.items():
        with pytest.raises(SealBroken):
            ring.unseal(sealed, "desk_turns", conversation.id, n, "body")


@pytest.mark.parametrize("step", ["bot.desk.rewrites._seal", "bot.desk.rewrites._write"])
def test_killed_in_the_middle_nothing_is_lost_and_it_is_done_later(
    store: ConversationStore,
    keys: KeyStore,
    rewrites: Rewrites,
    conversation: Conversation,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    rewrites.looked_through(conversation.id, REWRITE)
    waiting = rewrites.waiting(conversation.id)
    assert waiting is not None

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(step, die)
        with pytest.raises(Killed):
            rewrites.make(conversation.id, waiting.queued[0])
    assert store.turns(conversation)[0].text == NOTE
    assert rewrites.conversations() == [conversation.id]
    # What is said meanwhile is sealed under the new key, and is not lost either.
    store.keep_turn(conversation, "t_3", text="later", choice=None, messages=(), state=conversation.state)
    rewrites.make(conversation.id, waiting.queued[0])
    assert [turn.text for turn in store.turns(conversation)] == [HIDDEN, None, "later"]
    assert keys.rotating("conversation/") == []


def test_a_queue_moved_to_another_conversation_does_not_open(
    store: ConversationStore, engine: Engine, rewrites: Rewrites, conversation: Conversation
) -> None:
    other = store.create("a_1")
    rewrites.looked_through(conversation.id, REWRITE)
    with engine.begin() as db:
        db.execute(REWRITES.update().values(conversation=other.id))
    with pytest.raises(SealBroken):
        rewrites.waiting(other.id)


def test_erasing_forgets_what_was_queued_and_what_was_on_its_way(
    store: ConversationStore, rewrites: Rewrites, conversation: Conversation
) -> None:
    assert store.sending(conversation, "t_9", text=NOTE, choice=None)
    assert store.sending(conversation, "t_9", text=NOTE, choice=None)
    assert not store.sending(conversation, "t_9", text="other words", choice=None)
    rewrites.looked_through(conversation.id, REWRITE)
    store.delete(conversation.id)
    assert rewrites.conversations() == []
