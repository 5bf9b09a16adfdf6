"""What an officer sees, and what nobody else does."""

import dataclasses
from datetime import timedelta

import pytest

from referrals import (
    DecisionRecord,
    NothingAsked,
    ReferralErased,
    ReferralNotFound,
    ReferralRejected,
    Route,
    Status,
    Taken,
    WhyNot,
    answer_question,
    count_by_status,
    get_decision,
    get_referral,
    list_for_officer,
    open_answer,
    record_decision,
    seal_note,
    verify_audit,
)
from referrals.intake import IntakeEvent, Receipt, SignedReceipt
from referrals.store import outbox, statuses
from referrals.store.outbox import Item
from sealing import KeyDestroyed
from tests.referrals.makers import OFFICER, Casework, agreement, decision_request, judgement

_MINUTE = timedelta(minutes=1)


def deliver(casework: Casework, reference: str) -> None:
    """As the relay does once it has a checked receipt."""
    receipt = Receipt(reference=reference, digest="0" * 64, received_at="2026-03-02T10:25:00Z", inbox="Test")
    item = Item(reference, "referral", reference, b"", None, "0" * 64)
    outbox.keep_receipt(casework.engine, item, SignedReceipt(receipt=receipt, signature="s"), casework.clock())


def tell(casework: Casework, n: int, reference: str, status: Status, note: str | None = None) -> Taken | None:
    """As the relay does with what the receiving team says."""
    story = get_referral(casework.engine, casework.keys, reference, OFFICER).story
    sealed = seal_note(story, status, note) if note else None
    event = IntakeEvent(n=n, reference=reference, status=status, at=casework.clock(), note=sealed)
    return statuses.take_event(casework.engine, event, casework.clock())


def test_the_list_is_the_officers_own_newest_first(casework: Casework) -> None:
    assert list_for_officer(casework.engine, OFFICER) == []
    first = casework.refer(1)
    casework.clock.forward(minutes=1)
    second = casework.refer(2)
    assert [line.reference for line in list_for_officer(casework.engine, OFFICER)] == [second, first]
    assert list_for_officer(casework.engine, "a_other") == []


def test_a_line_holds_no_content(casework: Casework) -> None:
    casework.refer()
    (line,) = list_for_officer(casework.engine, OFFICER)
    assert {field.name for field in dataclasses.fields(line)} == {
        "reference",
        "conversation",
        "status",
        "created_at",
        "changed_at",
    }


@pytest.mark.parametrize(("reference", "officer"), [("own", "a_other"), ("TF-2222-2222", OFFICER), ("", OFFICER)])
def test_anothers_referral_is_as_none(casework: Casework, reference: str, officer: str) -> None:
    own = casework.refer()
    with pytest.raises(ReferralNotFound):
        get_referral(casework.engine, casework.keys, own if reference == "own" else reference, officer)


def test_a_manager_sees_counts(casework: Casework) -> None:
    deliver(casework, casework.refer(1))
    casework.refer(2)
    assert count_by_status(casework.engine) == {
        "created": 1,
        "delivered": 1,
        "opened": 0,
        "needs_more": 0,
        "accepted": 0,
        "declined": 0,
    }


def test_a_question_is_asked_and_answered(casework: Casework) -> None:
    reference = casework.refer()
    deliver(casework, reference)
    casework.clock.forward(minutes=5)
    tell(casework, 1, reference, Status.OPENED)
    tell(casework, 2, reference, Status.NEEDS_MORE, "Which school is it?")
    asked = get_referral(casework.engine, casework.keys, reference, OFFICER)
    assert (asked.status, asked.question, asked.reason) == (Status.NEEDS_MORE, "Which school is it?", None)

    shown = answer_question(
        casework.engine, casework.keys, casework.secrets.inbox_public, reference, OFFICER, " Park Lane \n"
    )
    assert shown.status is Status.OPENED
    answered = get_referral(casework.engine, casework.keys, reference, OFFICER)
    assert answered.question is None
    assert [(line.status, line.by, line.note) for line in answered.history] == [
        ("created", "officer", None),
        ("delivered", "relay", None),
        ("opened", "team", None),
        ("needs_more", "team", "Which school is it?"),
        ("opened", "officer", "Park Lane"),
    ]
    item = outbox.lease_next(casework.engine, "r", asked.created_at.replace(year=2030), *[_MINUTE] * 2)
    assert item is not None
    assert (item.kind, item.reference) == ("answer", reference)
    assert open_answer(casework.secrets.inbox_private, item.first, reference, item.item) == "Park Lane"
    with pytest.raises(NothingAsked):
        answer_question(casework.engine, casework.keys, casework.secrets.inbox_public, reference, OFFICER, "Again")
    assert tell(casework, 3, reference, Status.OPENED) is Taken.REPEATED
    assert tell(casework, 4, reference, Status.ACCEPTED) is Taken.MOVED
    verify_audit(casework.engine)


def test_a_question_is_not_anybodys_to_answer(casework: Casework) -> None:
    reference = casework.refer()
    public = casework.secrets.inbox_public
    with pytest.raises(NothingAsked):
        answer_question(casework.engine, casework.keys, public, reference, OFFICER, "Park Lane")
    with pytest.raises(ReferralNotFound):
        answer_question(casework.engine, casework.keys, public, reference, "a_other", "Park Lane")
    for text in ("", "  ", "x" * 20_001):
        with pytest.raises(ReferralRejected):
            answer_question(casework.engine, casework.keys, public, reference, OFFICER, text)


def test_a_reason_is_shown(casework: Casework) -> None:
    reference = casework.refer()
    deliver(casework, reference)
    tell(casework, 1, reference, Status.OPENED)
    tell(casework, 2, reference, Status.DECLINED, "They have a key worker already.")
    found = get_referral(casework.engine, casework.keys, reference, OFFICER)
    assert (found.status, found.reason, found.question) == (
        Status.DECLINED,
        "They have a key worker already.",
        None,
    )


def test_an_erased_referral_cannot_be_read(casework: Casework) -> None:
    reference = casework.refer()
    casework.keys.destroy(f"referral/{reference}")
    with pytest.raises(ReferralErased):
        get_referral(casework.engine, casework.keys, reference, OFFICER)
    assert [line.reference for line in list_for_officer(casework.engine, OFFICER)] == [reference]


def test_a_decision_that_sends_nothing_is_kept_once(casework: Casework) -> None:
    said_no = decision_request(
        why_not=WhyNot.SAID_NO, agreement=agreement(share="no_for_now"), judgement=judgement(officer_level="N", why="x")
    )
    first = record_decision(casework.engine, casework.keys, said_no, now=casework.clock)
    assert record_decision(casework.engine, casework.keys, said_no, now=casework.clock) == first
    record = get_decision(casework.engine, casework.keys, first)
    assert isinstance(record, DecisionRecord)
    assert (record.reference, record.decision, record.why_not, record.agreed_with_tool) == (
        None,
        "do_not_share",
        "said_no",
        False,
    )
    assert record.agreement == said_no.agreement
    other = record_decision(
        casework.engine,
        casework.keys,
        decision_request(route=Route.SAFEGUARDING_LEAD, why_not=WhyNot.PASSED_ON),
        now=casework.clock,
    )
    assert other != first
    assert verify_audit(casework.engine).number == 2


def test_an_erased_decision_cannot_be_read(casework: Casework) -> None:
    decision = record_decision(casework.engine, casework.keys, decision_request(), now=casework.clock)
    casework.keys.destroy(f"decision/{decision}")
    with pytest.raises(KeyDestroyed):
        get_decision(casework.engine, casework.keys, decision)
    assert get_decision(casework.engine, casework.keys, "d_none") is None
