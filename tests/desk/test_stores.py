"""What the desk keeps, how it is sealed, and how it is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.desk.bot_client import BotMessage
from bot.desk.closing import Closing, NamesKept
from bot.desk.conversations import Conversation, ConversationStore, NoSuchConversation
from bot.desk.envelopes import EnvelopeStore
from bot.desk.vault import Vault
from conversation import State
from conversation.turns import Choice
from redaction import Identities, Redactor
from referrals import (
    AgreedPerson,
    PeopleDocument,
    ReferralLine,
    Referrer,
    Status,
    StoreUnavailable,
    open_people,
)
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
    return Vault(engine, keys, lambda: redactor)


@pytest.fixture
def closing(store: ConversationStore, vault: Vault, engine: Engine, keys: KeyStore, tmp_path: Path) -> Closing:
    return Closing(store, vault, EnvelopeStore(engine, keys, Secrets(tmp_path / "keys").inbox_public), lambda _: None)


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
        return ConversationStore(engine, keys), Vault(engine, keys, lambda: redactor)

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


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("conversation = 'c_2' AND token = '[PERSON 1]'", "conversation = 'c_1' AND token = '[PERSON 1]'"),
        ("conversation = 'c_1' AND token = '[PERSON 2]'", "conversation = 'c_1' AND token = '[PERSON 1]'"),
    ],
)
def test_a_row_moved_to_another_token_or_conversation_does_not_open(
    vault: Vault, engine: Engine, place: str, wanted: str
) -> None:
    vault.redact("c_1", WORDS)
    vault.redact("c_1", "Amina Yusuf rang")
    vault.redact("c_2", "Amina Yusuf rang")
    with engine.begin() as db:
        moved = f"UPDATE desk_vault SET entry = (SELECT entry FROM desk_vault WHERE {wanted}) WHERE {place}"
        assert db.execute(text(moved)).rowcount == 1
    with pytest.raises(SealBroken):
        vault.book("c_2" if "c_2" in place else "c_1")


def test_only_rows_that_changed_are_written(vault: Vault, engine: Engine) -> None:
    def rows() -> dict[str, bytes]:
        with engine.begin() as db:
            return dict(db.execute(text("SELECT token, entry FROM desk_vault")).tuples().all())

    vault.redact("c_1", WORDS)
    first = rows()
    vault.redact("c_1", "Amina Yusuf and Kelly Marsh rang")
    second = rows()
    assert set(second) == {"[PERSON 1]", "[PERSON 2]"}
    assert second["[PERSON 1]"] == first["[PERSON 1]"]
    vault.change("c_1", lambda book: book.show("Amina Yusuf"))
    third = rows()
    assert set(third) == {"[PERSON 1]", "[PERSON 2]", "shown"}
    assert third["[PERSON 2]"] == second["[PERSON 2]"]


def test_a_role_is_kept_with_the_name(vault: Vault) -> None:
    vault.redact("c_1", WORDS)
    vault.change("c_1", lambda book: book.set_role("[PERSON 1]", "parent"))
    assert vault.book("c_1").role("[PERSON 1]") == "parent"


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
        backup = db.scalar(text("SELECT entry FROM desk_vault"))
    vault.wipe("c_1")
    with engine.begin() as db:
        db.execute(text("INSERT INTO desk_vault VALUES ('c_1', '[PERSON 1]', :entry)"), {"entry": backup})
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
    for owner in (f"conversation/{conversation.id}", f"conversation/{conversation.id}/bot"):
        with pytest.raises(KeyDestroyed):
            keys.get_or_create(owner)


def test_an_erased_conversation_in_a_restored_backup_stands_in_nobodys_way(
    store: ConversationStore, keys: KeyStore
) -> None:
    erased, other = store.create("a_1"), store.create("a_1")
    keys.destroy(f"conversation/{erased.id}")
    assert [one.id for one in store.unfinished("a_1")] == [other.id]
    assert [one.id for one in store.open()] == [other.id]


KEPT = NamesKept(untouched=timedelta(hours=24), referred=timedelta(days=28))
SENT = {"ended": {"how": "referred", "turn": "t_1"}, "referral": {"reference": "TF-1", "status": "created"}}


def test_names_go_when_nobody_used_a_conversation_for_the_time_set(
    engine: Engine, keys: KeyStore, vault: Vault, closing: Closing
) -> None:
    now = datetime.now(UTC)
    earlier = ConversationStore(engine, keys, clock=lambda: now - timedelta(hours=25))
    store = ConversationStore(engine, keys)
    ended, going_on, referred = (earlier.create("a_1") for _ in range(3))
    keep(earlier, ended, "left", ended={"how": "help", "turn": "t_1"})
    keep(earlier, going_on, vault.redact(going_on.id, WORDS).text)
    keep(earlier, referred, vault.redact(referred.id, WORDS).text, **SENT)
    fresh = store.create("a_1")
    keep(store, fresh, "fresh", ended={"how": "help", "turn": "t_1"})
    assert closing.clear_names(now, KEPT, lambda _: None) == 2
    cleared = {one.id: store.get(one.id, "a_1").names_cleared for one in (ended, going_on, referred, fresh)}
    whys = {one: names.why for one, names in cleared.items() if names is not None}
    assert whys == {ended.id: "time", going_on.id: "time"}
    assert vault.book(going_on.id).people() == []
    assert vault.book(referred.id).people() == [("[PERSON 1]", "Kelly Marsh")]
    assert store.turns(store.get(going_on.id, "a_1"))[0].text == "[PERSON 1], 3 months behind w rent"


@pytest.mark.parametrize(
    ("status", "days", "why"),
    [
        (Status.DELIVERED, 27, None),
        (Status.NEEDS_MORE, 29, "referral_time"),
        (Status.ACCEPTED, 0, "referral_over"),
        (Status.DECLINED, 2, "referral_over"),
        (None, 1, None),
    ],
)
def test_with_a_referral_names_go_when_the_team_decided_or_long_after_sending(
    store: ConversationStore, vault: Vault, closing: Closing, status: Status | None, days: int, why: str | None
) -> None:
    now = datetime.now(UTC)
    conversation = store.create("a_1")
    keep(store, conversation, vault.redact(conversation.id, WORDS).text, **SENT)

    def find(asked: Conversation) -> ReferralLine | None:
        assert asked.id == conversation.id
        if status is None:
            raise StoreUnavailable("the casework does not answer")
        sent_at = now - timedelta(days=days)
        return ReferralLine("TF-1", conversation.id, status, sent_at, sent_at)

    closing.clear_names(now, KEPT, find)
    cleared = store.get(conversation.id, "a_1").names_cleared
    assert (cleared and cleared.why) == why
    assert bool(vault.book(conversation.id).people()) == (why is None)


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
