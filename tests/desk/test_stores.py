"""What the desk keeps, how it is sealed, and how it is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.desk.bot_client import BotMessage
from bot.desk.closing import Closing
from bot.desk.conversations import Conversation, ConversationStore, NoSuchConversation
from bot.desk.envelopes import EnvelopeStore
from bot.desk.vault import Vault
from conversation import State
from conversation.turns import Choice
from redaction import Identities, Redactor
from referrals import AgreedPerson, PeopleDocument, Referrer, open_people
from sealing import KeyDestroyed, KeyStore, SealBroken, Secrets, new_id, open_engine

WORDS = "Kelly Marsh, 3 months behind w rent"
SAID = (BotMessage(response="utter_heard", text="I heard: rent"),)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_engine(f"sqlite:///{tmp_path / 'desk.db'}")


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(open_engine(f"sqlite:///{tmp_path / 'keys.db'}"))


@pytest.fixture
def store(engine: Engine, keys: KeyStore) -> ConversationStore:
    return ConversationStore(engine, keys)


@pytest.fixture
def vault(engine: Engine, keys: KeyStore, redactor: Redactor) -> Vault:
    return Vault(engine, keys, lambda: redactor.redact)


@pytest.fixture
def closing(store: ConversationStore, vault: Vault, engine: Engine, keys: KeyStore, tmp_path: Path) -> Closing:
    return Closing(store, vault, EnvelopeStore(engine, keys, Secrets(tmp_path / "keys").inbox_public))


def keep(store: ConversationStore, conversation: Conversation, words: str, **state: object) -> Conversation:
    turn = new_id("t")
    kept = State.model_validate({"answered_turn": turn, **state})
    return store.keep_turn(conversation, turn, text=words, choice=None, messages=SAID, state=kept)


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_conversation_comes_back_as_it_was_kept(store: ConversationStore) -> None:
    conversation = store.create("a_1")
    choice = Choice(question="child", n=2, value="yes")
    store.keep_turn(conversation, "t_1", text=None, choice=None, messages=SAID, state=State(answered_turn="t_1"))
    store.keep_turn(conversation, "t_2", text="[PERSON 1] rang", choice=None, messages=(), state=State())
    store.keep_turn(conversation, "t_3", text=None, choice=choice, messages=SAID, state=State(answered_turn="t_3"))
    turns = store.turns(conversation)
    assert [(turn.n, turn.id, turn.text, turn.choice) for turn in turns] == [
        (1, "t_1", None, None),
        (2, "t_2", "[PERSON 1] rang", None),
        (3, "t_3", None, choice),
    ]
    assert turns[0].messages == SAID
    assert store.get(conversation.id, "a_1").state.answered_turn == "t_3"


def test_a_turn_is_kept_once(store: ConversationStore) -> None:
    conversation = store.create("a_1")
    for _ in range(2):
        store.keep_turn(conversation, "t_1", text="once", choice=None, messages=SAID, state=State())
    assert [turn.text for turn in store.turns(conversation)] == ["once"]


def test_another_officer_is_told_that_there_is_none(store: ConversationStore) -> None:
    conversation = store.create("a_1")
    with pytest.raises(NoSuchConversation):
        store.get(conversation.id, "a_2")
    with pytest.raises(NoSuchConversation):
        store.get("c_unknown", "a_1")


def test_words_are_sealed_at_rest(store: ConversationStore, tmp_path: Path) -> None:
    keep(store, store.create("a_1"), "they are behind with the rent")
    assert b"behind with the rent" not in files(tmp_path)


def test_a_turn_moved_to_another_place_does_not_open(store: ConversationStore, engine: Engine) -> None:
    conversation = store.create("a_1")
    keep(store, conversation, "first")
    keep(store, conversation, "second")
    with engine.begin() as db:
        db.execute(text("UPDATE desk_turns SET body = (SELECT body FROM desk_turns WHERE n = 1) WHERE n = 2"))
    with pytest.raises(SealBroken):
        store.turns(conversation)


def test_a_state_moved_to_another_conversation_does_not_open(store: ConversationStore, engine: Engine) -> None:
    one, other = store.create("a_1"), store.create("a_1")
    with engine.begin() as db:
        moved = (
            "UPDATE desk_conversations SET state = (SELECT state FROM desk_conversations WHERE id = :a) WHERE id = :b"
        )
        db.execute(text(moved), {"a": one.id, "b": other.id})
    with pytest.raises(SealBroken):
        store.get(other.id, "a_1")


def test_a_conversation_outlives_a_restart(tmp_path: Path, redactor: Redactor) -> None:
    def start() -> tuple[ConversationStore, Vault]:
        engine = open_engine(f"sqlite:///{tmp_path / 'desk.db'}")
        keys = KeyStore(open_engine(f"sqlite:///{tmp_path / 'keys.db'}"))
        return ConversationStore(engine, keys), Vault(engine, keys, lambda: redactor.redact)

    store, vault = start()
    conversation = store.create("a_1")
    keep(store, conversation, vault.redact(conversation.id, WORDS).text)
    store, vault = start()
    assert store.turns(store.get(conversation.id, "a_1"))[0].text == "[PERSON 1], 3 months behind w rent"
    assert vault.book(conversation.id).people() == [("[PERSON 1]", "Kelly Marsh")]
    assert vault.redact(conversation.id, "kelly rang again").text == "[PERSON 1] rang again"


def test_only_what_is_unfinished_is_listed_the_last_used_first(store: ConversationStore) -> None:
    older, referred, closed, newer = (store.create("a_1") for _ in range(4))
    store.create("a_2")
    keep(store, older, "older", ended={"how": "help", "turn": "t_1"})
    keep(store, referred, "referred", ended={"how": "referred", "turn": "t_1"})
    store.close(closed.id)
    keep(store, newer, "newer")
    assert [one.id for one in store.unfinished("a_1")] == [newer.id, older.id]


def test_the_same_person_has_the_same_token_all_through(vault: Vault) -> None:
    assert vault.redact("c_1", WORDS).text == "[PERSON 1], 3 months behind w rent"
    assert vault.redact("c_1", "Jayden Marsh and kelly").text == "[PERSON 2] and [PERSON 1]"


def test_conversations_share_no_names(vault: Vault) -> None:
    vault.redact("c_1", WORDS)
    assert vault.redact("c_2", "Amina Yusuf rang").text == "[PERSON 1] rang"
    assert vault.book("c_2").people() == [("[PERSON 1]", "Amina Yusuf")]


def test_trying_out_remembers_nobody(vault: Vault) -> None:
    assert vault.try_out("c_1", WORDS).text == "[PERSON 1], 3 months behind w rent"
    assert vault.book("c_1").people() == []


def test_names_are_sealed_at_rest(vault: Vault, tmp_path: Path) -> None:
    vault.redact("c_1", WORDS)
    assert b"Kelly" not in files(tmp_path)
    assert b"Marsh" not in files(tmp_path)


def test_a_book_moved_to_another_conversation_does_not_open(vault: Vault, engine: Engine) -> None:
    vault.redact("c_1", WORDS)
    vault.redact("c_2", "Amina Yusuf rang")
    with engine.begin() as db:
        moved = "UPDATE desk_vault SET book = (SELECT book FROM desk_vault WHERE conversation = 'c_1') "
        db.execute(text(moved + "WHERE conversation = 'c_2'"))
    with pytest.raises(SealBroken):
        vault.book("c_2")


def test_a_wiped_book_is_empty_and_takes_nobody_new(vault: Vault) -> None:
    vault.redact("c_1", WORDS)
    vault.wipe("c_1")
    vault.wipe("c_1")
    assert vault.book("c_1").people() == []
    with pytest.raises(KeyDestroyed):
        vault.redact("c_1", WORDS)


def test_a_wiped_book_cannot_be_read_from_a_backup(vault: Vault, engine: Engine) -> None:
    vault.redact("c_1", WORDS)
    with engine.begin() as db:
        backup = db.scalar(text("SELECT book FROM desk_vault"))
    vault.wipe("c_1")
    with engine.begin() as db:
        db.execute(text("INSERT INTO desk_vault VALUES ('c_1', :book)"), {"book": backup})
    assert vault.book("c_1").people() == []


def test_finishing_forgets_the_names_and_keeps_the_words(
    store: ConversationStore, vault: Vault, closing: Closing
) -> None:
    conversation = store.create("a_1")
    keep(store, conversation, vault.redact(conversation.id, WORDS).text)
    closing.finish(conversation.id)
    again = store.get(conversation.id, "a_1")
    assert again.closed_at is not None
    assert store.turns(again)[0].text == "[PERSON 1], 3 months behind w rent"
    assert vault.book(conversation.id).people() == []


def test_erasing_leaves_nothing_to_read_in_a_backup(
    store: ConversationStore, closing: Closing, keys: KeyStore, engine: Engine
) -> None:
    conversation = store.create("a_1")
    keep(store, conversation, "words")
    closing.erase(conversation.id)
    with pytest.raises(NoSuchConversation):
        store.get(conversation.id, "a_1")
    with engine.begin() as db:
        assert db.scalar(text("SELECT count(*) FROM desk_turns")) == 0
    with pytest.raises(KeyDestroyed):
        keys.get(f"conversation/{conversation.id}")


def test_an_erased_conversation_in_a_restored_backup_stands_in_nobodys_way(
    store: ConversationStore, keys: KeyStore
) -> None:
    erased, other = store.create("a_1"), store.create("a_1")
    keys.destroy(f"conversation/{erased.id}")
    assert [one.id for one in store.unfinished("a_1")] == [other.id]
    assert store.left_alone_since(datetime.now(UTC)) == []


def test_only_what_ended_without_a_referral_and_was_left_alone_is_finished(
    engine: Engine, keys: KeyStore, vault: Vault, closing: Closing
) -> None:
    now = datetime.now(UTC)
    yesterday = ConversationStore(engine, keys, clock=lambda: now - timedelta(days=1))
    store = ConversationStore(engine, keys)
    left, referred, going_on = (yesterday.create("a_1") for _ in range(3))
    keep(yesterday, left, "left", ended={"how": "help", "turn": "t_1"})
    keep(yesterday, referred, "referred", ended={"how": "referred", "turn": "t_1"})
    keep(yesterday, going_on, "going on")
    fresh = store.create("a_1")
    keep(store, fresh, "fresh", ended={"how": "help", "turn": "t_1"})
    assert closing.finish_left_alone(now - timedelta(hours=12)) == 1
    closed = [one.id for one in (left, referred, going_on, fresh) if store.get(one.id, "a_1").closed_at]
    assert closed == [left.id]


def test_the_same_people_go_in_the_same_envelope(
    store: ConversationStore, engine: Engine, keys: KeyStore, tmp_path: Path
) -> None:
    secrets = Secrets(tmp_path / "keys")
    envelopes = EnvelopeStore(engine, keys, secrets.inbox_public)
    conversation = store.create("a_1")

    def people(name: str) -> PeopleDocument:
        person = AgreedPerson(token="[PERSON 1]", name=name, role="parent")
        return PeopleDocument(referrer=Referrer(name="Olga", team="Welfare"), people=(person,))

    first = envelopes.get_or_seal(conversation.id, 1, people("Kelly Marsh"))
    assert envelopes.get_or_seal(conversation.id, 1, people("Kelly Marsh")) == first
    assert envelopes.get_or_seal(conversation.id, 1, people("Kelly March")).id != first.id
    assert envelopes.get_or_seal(conversation.id, 2, people("Kelly Marsh")).id != first.id
    assert open_people(secrets.inbox_private, first.sealed, first.id) == people("Kelly Marsh")
    assert b"Kelly" not in files(tmp_path)


def test_a_book_is_read_as_the_redactor_wrote_it(vault: Vault) -> None:
    vault.redact("c_1", WORDS)
    assert Identities.from_json(vault.book("c_1").to_json()).people() == [("[PERSON 1]", "Kelly Marsh")]
