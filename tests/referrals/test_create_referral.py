"""Making a referral: agreement or nothing, everything sealed, the same answer however often it is asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text

from referrals import (
    Answer,
    DangerOpen,
    EnvelopeConflict,
    EnvelopeMissing,
    NotAgreed,
    RedFlag,
    ReferralRejected,
    SafeAndAlone,
    Sign,
    Status,
    StoreUnavailable,
    create_referral,
    find_for_conversation,
    get_decision,
    get_referral,
    open_casework,
    open_people,
    open_story,
    put_envelope,
    read_reference,
    verify_audit,
)
from referrals.intake import content_digest
from referrals.store import tables
from sealing import KeyStore, SealBroken, Secrets, open_engine
from tests.referrals.makers import OFFICER, PEOPLE, START, WORDS, Casework, FakeClock, agreement, referral_request

KEPT = (tables.referrals, tables.decisions, tables.history, tables.outbox)


def count(casework: Casework, table: object) -> int:
    with casework.engine.connect() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def assert_nothing_kept(casework: Casework) -> None:
    assert [count(casework, table) for table in KEPT] == [0, 0, 0, 0]


def test_a_referral_is_kept_whole(casework: Casework) -> None:
    casework.bring_envelope()
    shown = casework.create(referral_request())
    assert read_reference(shown.reference) == shown.reference
    assert shown.status is Status.CREATED
    assert [count(casework, table) for table in KEPT] == [1, 1, 1, 1]
    with casework.engine.connect() as db:
        item = db.execute(select(tables.outbox)).one()
        decision = db.execute(select(tables.decisions)).one()
    assert (item.item, item.reference, item.digest) == (
        shown.reference,
        shown.reference,
        content_digest(item.first, item.second),
    )
    story = open_story(casework.secrets.inbox_private, item.first, shown.reference)
    assert open_people(casework.secrets.inbox_private, item.second, story.envelope) == PEOPLE
    request = referral_request()
    assert (story.signs, story.wants, story.told, story.agreement) == (
        request.signs,
        request.wants,
        request.told,
        request.agreement,
    )
    record = get_decision(casework.engine, casework.keys, decision.decision_id)
    assert record is not None
    assert (record.reference, record.decision, record.route) == (shown.reference, "share", "connecting_families")
    assert (record.decided_by, record.decided_at) == (OFFICER, START)
    assert (record.agreed_with_tool, record.agreement) == (True, request.agreement)
    assert verify_audit(casework.engine).number == 2  # the envelope and the referral


def test_nothing_typed_stands_readable_in_any_row(casework: Casework) -> None:
    casework.refer()
    with casework.engine.connect() as db:
        for table in tables.metadata.tables.values():
            rows = repr(db.execute(select(table)).all()).encode()
            for words in (WORDS, "letters", "Rent arrears", "[PERSON", "Kelly", "07700"):
                assert words.encode() not in rows, (table.name, words)


@pytest.mark.parametrize("field", ["contact", "share"])
@pytest.mark.parametrize("answer", [Answer.NO_FOR_NOW, Answer.NOT_SAFE, Answer.NOT_HERE])
def test_no_agreement_no_referral(casework: Casework, field: str, answer: Answer) -> None:
    casework.bring_envelope()
    with pytest.raises(NotAgreed):
        casework.create(referral_request(agreement=agreement(**{field: answer})))
    assert_nothing_kept(casework)


def test_a_yes_that_others_could_hear_is_no_agreement(casework: Casework) -> None:
    casework.bring_envelope()
    with pytest.raises(NotAgreed):
        casework.create(referral_request(agreement=agreement(safe_and_alone=SafeAndAlone.NO)))
    assert_nothing_kept(casework)


def test_open_danger_comes_first(casework: Casework) -> None:
    casework.bring_envelope()
    with pytest.raises(DangerOpen):
        casework.create(referral_request(danger=(RedFlag(id="RF3", interrupt="E"),)))
    assert_nothing_kept(casework)
    dealt_with = (
        RedFlag(id="RF3", interrupt="E", done="not_danger", reason="A figure of speech"),
        RedFlag(id="RF6", interrupt="E", done="calling_now"),
        RedFlag(id="RF9", interrupt="S"),
    )
    assert casework.create(referral_request(danger=dealt_with)).status is Status.CREATED


@pytest.mark.parametrize("whose", ["conversation", "instance", "officer", "none"])
def test_the_envelope_must_be_here_and_of_this_talk(casework: Casework, whose: str) -> None:
    if whose != "none":
        casework.bring_envelope(**{whose: "another"})
    with pytest.raises(EnvelopeMissing):
        casework.create(referral_request())
    assert_nothing_kept(casework)


def test_an_envelope_is_kept_once_and_never_changed(casework: Casework) -> None:
    envelope = casework.bring_envelope()
    assert put_envelope(casework.engine, envelope) is False
    for change in ({"sealed": b"other"}, {"officer": "a_other"}, {"conversation": "c_9"}, {"instance": "2"}):
        with pytest.raises(EnvelopeConflict):
            put_envelope(casework.engine, envelope.model_copy(update=change))
    assert count(casework, tables.envelopes) == 1


def test_asked_again_the_answer_is_the_same(casework: Casework) -> None:
    reference = casework.refer()
    casework.clock.forward(hours=1)
    again = open_casework(casework.url)
    assert (
        create_referral(again, casework.keys, casework.secrets.inbox_public, referral_request()).reference == reference
    )
    again.dispose()
    assert [count(casework, table) for table in KEPT] == [1, 1, 1, 1]


def test_another_officer_is_not_shown_it(casework: Casework) -> None:
    casework.refer()
    with pytest.raises(ReferralRejected):
        casework.create(referral_request(officer="a_other"))


def test_another_time_round_is_another_referral(casework: Casework) -> None:
    first = casework.refer()
    casework.clock.forward(minutes=1)
    casework.bring_envelope(2, conversation="c_1", instance="2")
    second = casework.create(referral_request(2, conversation="c_1", instance="2")).reference
    assert first != second
    found = find_for_conversation(casework.engine, "c_1")
    assert found is not None
    assert found.reference == second
    assert find_for_conversation(casework.engine, "c_2") is None


def test_twenty_at_once_make_one(casework: Casework) -> None:
    casework.bring_envelope()

    def ask(_: int) -> str:
        engine = open_casework(casework.url)  # as separate processes would
        keys = KeyStore(open_engine(casework.keys_url))
        try:
            return create_referral(engine, keys, casework.secrets.inbox_public, referral_request()).reference
        finally:
            engine.dispose()

    with ThreadPoolExecutor(20) as pool:
        references = set(pool.map(ask, range(20)))
    assert len(references) == 1
    assert [count(casework, table) for table in KEPT] == [1, 1, 1, 1]
    assert count(casework, tables.audit) == 2


def test_twenty_of_the_same_envelope_at_once_make_one(casework: Casework) -> None:
    envelope = casework.bring_envelope(1, sealed=b"x")
    with casework.engine.begin() as db:
        db.execute(text("DELETE FROM envelopes"))
    with ThreadPoolExecutor(20) as pool:
        kept = list(pool.map(lambda _: put_envelope(casework.engine, envelope), range(20)))
    assert kept.count(True) == 1


def test_a_moved_or_altered_field_does_not_open(casework: Casework) -> None:
    """Sealed bytes are bound to their row: one family's story cannot be put in the place of another's."""
    first, second = casework.refer(1), casework.refer(2)
    with casework.engine.begin() as db:
        story = db.scalar(select(tables.referrals.c.story).where(tables.referrals.c.reference == first))
        db.execute(tables.referrals.update().where(tables.referrals.c.reference == second).values(story=story))
    with pytest.raises(SealBroken):
        get_referral(casework.engine, casework.keys, second, OFFICER)
    assert get_referral(casework.engine, casework.keys, first, OFFICER).reference == first


def test_more_than_one_referral_can_carry_is_refused_and_not_promised(casework: Casework) -> None:
    casework.bring_envelope()
    signs = tuple(Sign(id=f"S{n}", name="A sign", status="present", words="x" * 20_000) for n in range(14))
    with pytest.raises(ReferralRejected, match="leave something out"):
        casework.create(referral_request(signs=signs))
    assert_nothing_kept(casework)
    assert casework.create(referral_request(signs=signs[:12])).status is Status.CREATED


def test_a_disk_that_is_full_keeps_nothing_and_shows_nothing(tmp_path: Path) -> None:
    engine, keys = (
        open_casework(f"sqlite:///{tmp_path / 'c.db'}"),
        KeyStore(open_engine(f"sqlite:///{tmp_path / 'k.db'}")),
    )
    casework = Casework("", engine, keys, "", Secrets(tmp_path / "keys"), FakeClock())
    casework.bring_envelope()

    def limit(pages: int) -> None:
        event.listen(engine, "checkout", lambda raw, *_: raw.execute(f"PRAGMA max_page_count={pages}"))

    limit(1)  # as many pages as there are now: a real SQLITE_FULL
    with pytest.raises(StoreUnavailable):
        casework.create(referral_request(wants="x" * 20_000))
    assert_nothing_kept(casework)
    limit(100_000)
    assert casework.create(referral_request(wants="x" * 20_000)).status is Status.CREATED


def test_a_database_that_is_locked_keeps_nothing_and_shows_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'c.db'}"
    engine, other = open_casework(url), open_casework(url)
    keys = KeyStore(open_engine(f"sqlite:///{tmp_path / 'k.db'}"))
    casework = Casework(url, engine, keys, "", Secrets(tmp_path / "keys"), FakeClock())
    casework.bring_envelope()
    event.listen(engine, "checkout", lambda raw, *_: raw.execute("PRAGMA busy_timeout=1"))  # no waiting in tests
    with other.begin(), pytest.raises(StoreUnavailable):
        casework.create(referral_request())
    assert_nothing_kept(casework)
    assert casework.create(referral_request()).status is Status.CREATED


def test_without_the_key_store_nothing_is_kept(casework: Casework) -> None:
    casework.bring_envelope()
    keys_engine = open_engine(casework.keys_url)
    with keys_engine.begin() as db:
        db.execute(text("ALTER TABLE keys RENAME TO gone"))
    with pytest.raises(StoreUnavailable):
        casework.create(referral_request())
    assert_nothing_kept(casework)
