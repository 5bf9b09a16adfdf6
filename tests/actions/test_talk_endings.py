"""Referral and endings against real databases: nothing shown before it is kept, nothing twice, nothing raised."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from actions.base import Resources
from actions.talk import ReferralStatus
from actions.talk_endings import CreateReferral, EndWithoutReferral
from conversation import State
from conversation.noting import note
from conversation.state import Ended
from referrals import Envelope, find_for_conversation, get_decision, get_referral, put_envelope
from tests.actions.conftest import CONVERSATION, Run
from tests.conversation.talking import Talk
from tests.conversation.turns import anytime, pressed, sign, told, typed

ENVELOPE = "e_" + "2" * 32
PEOPLE = {
    "people": [
        {"token": "[PERSON 1]", "role": "parent", "agreed": True},
        {"token": "[PERSON 2]", "role": "neighbour", "agreed": False},
    ],
    "details": ["[PHONE 1]"],
}


def agreed_talk() -> Talk:
    """A talk up to the last page."""
    talk = Talk().take(told(sign("RNT1"), sign("EDU1"), sign("SUB1"), child=True))
    talk.take(typed("about 800")).take(typed("help with the letters")).press("C")
    talk.press("connecting_families").press("yes").press("yes").press(["school"])
    talk.take(typed("text only, never a letter")).press(PEOPLE)
    assert talk.asked == "check"
    return talk


def ready_to_send() -> State:
    talk = agreed_talk()
    assert talk.state.question is not None
    value = {"send": True, "envelope": ENVELOPE}
    return note(talk.state, pressed("check", value, talk.state.question.n))


@pytest.fixture
def sealed_people(resources: Resources) -> None:
    envelope = Envelope(envelope=ENVELOPE, conversation=CONVERSATION, instance="1", officer="a_1", sealed=b"sealed")
    put_envelope(resources.casework, envelope)


@pytest.mark.usefixtures("sealed_people")
def test_an_agreed_talk_becomes_a_referral_and_its_reference_is_said(run: Run, resources: Resources) -> None:
    done = run(CreateReferral, ready_to_send())
    assert done.said == ["utter_referral_sent"]
    made = done.state.referral
    assert made is not None
    assert made.reference == done.messages[0]["reference"]
    assert done.state.ended is not None
    assert done.state.ended.how == "referred"
    kept = get_referral(resources.casework, resources.keys, made.reference, "a_1").story
    assert [(item.id, item.words) for item in kept.signs] == [
        ("RNT1", "words for RNT1"),
        ("EDU1", "words for EDU1"),
        ("SUB1", "words for SUB1"),
    ]
    assert (kept.level, kept.wants) == ("C", "help with the letters")
    assert (kept.agreement.contact, kept.agreement.share, kept.agreement.agencies) == ("yes", "yes", ("school",))
    assert kept.decision.judgement.officer_level == "C"
    assert {(person.token, person.role) for person in kept.people} == {
        ("[PERSON 1]", "parent"),
        ("[PERSON 2]", "neighbour"),
    }
    told_to_them = [(item.question, item.answer) for item in kept.told]
    assert told_to_them[0] == ("safe_contact", "text only, never a letter"), "how to reach them safely comes first"
    assert ("sign", "about 800") in told_to_them


@pytest.mark.usefixtures("sealed_people")
def test_asked_twice_it_is_the_same_referral(run: Run, resources: Resources) -> None:
    first, second = run(CreateReferral, ready_to_send()), run(CreateReferral, ready_to_send())
    assert first.state.referral == second.state.referral
    with resources.casework.begin() as db:
        assert db.execute(text("select count(*) from referrals")).scalar() == 1


def test_without_the_envelope_nothing_is_sent_and_the_last_page_stays_open(run: Run, resources: Resources) -> None:
    before = ready_to_send()
    done = run(CreateReferral, before)
    assert done.said == ["utter_not_sent_envelope_missing"]
    assert done.state.referral is not None
    assert (done.state.referral.reference, done.state.referral.status) == ("", "not_sent")
    assert done.state.question == before.question
    assert find_for_conversation(resources.casework, CONVERSATION) is None


@pytest.mark.usefixtures("sealed_people")
def test_a_database_that_fails_is_worth_another_try_and_raises_nothing(run: Run, resources: Resources) -> None:
    with resources.casework.begin() as db:
        db.execute(text("alter table outbox rename to elsewhere"))
    failed = run(CreateReferral, ready_to_send())
    assert failed.said == ["utter_not_sent_try_again"]
    assert failed.state.referral is not None
    assert failed.state.referral.envelope == ENVELOPE
    with resources.casework.begin() as db:
        db.execute(text("alter table elsewhere rename to outbox"))
    assert run(CreateReferral, ready_to_send()).said == ["utter_referral_sent"]


@pytest.mark.usefixtures("sealed_people")
def test_without_both_agreements_even_a_forged_state_sends_nothing(run: Run, resources: Resources) -> None:
    state = ready_to_send()
    no = state.agreement["agree_share"].model_copy(update={"value": "not_safe"})
    forged = state.model_copy(update={"agreement": state.agreement | {"agree_share": no}})
    assert run(CreateReferral, forged).said == ["utter_not_sent_not_agreed"]
    none = state.model_copy(update={"agreement": {}})
    assert run(CreateReferral, none).said[0].startswith("utter_not_sent_")
    assert find_for_conversation(resources.casework, CONVERSATION) is None


@pytest.mark.usefixtures("sealed_people")
def test_the_status_is_looked_up(run: Run) -> None:
    sent = run(CreateReferral, ready_to_send())
    asked = run(ReferralStatus, sent.state)
    assert asked.said == ["utter_status_created"]
    assert asked.messages[0]["reference"] == sent.messages[0]["reference"]


def before_the_end(*answers: Any) -> State:
    """The state in which the last of `answers` was noted, and the end not yet said."""
    talk = Talk().take(told(sign("RNT1"), sign("EDU1"), sign("SUB1"), child=True))
    talk.take(anytime("skip")).take(anytime("skip")).press("C")
    *most, last = answers
    for answer in most:
        talk.press(answer)
    assert talk.state.question is not None
    if talk.state.question.id == "decision_reason":
        return note(talk.state, typed(last))
    return note(talk.state, pressed(talk.state.question.id, last, talk.state.question.n))


@pytest.mark.parametrize(
    ("answers", "how"),
    [
        (("help_sheet", "the school is on it"), "help"),
        (("safeguarding_lead", "I am worried about the baby"), "safeguarding"),
        (("connecting_families", "no_for_now"), "said_no"),
        (("connecting_families", "not_safe"), "not_asked"),
        (("connecting_families", "yes", "not_here"), "not_asked"),
    ],
)
def test_each_ending_is_kept_as_a_decision_and_said_kindly(run: Run, resources: Resources, answers, how: str) -> None:
    done = run(EndWithoutReferral, before_the_end(*answers))
    assert done.said == [f"utter_end_{how}"]
    assert done.state.ended is not None
    assert (done.state.ended.how, done.state.question) == (how, None)
    with resources.casework.begin() as db:
        (decision,) = db.execute(text("select decision_id from decisions")).scalars().all()
    record = get_decision(resources.casework, resources.keys, decision)
    assert record is not None
    assert record.reference is None
    assert [item.id for item in record.signs] == ["RNT1", "EDU1", "SUB1"]
    assert (record.agreement is not None) is (how in ("said_no", "not_asked"))


def test_an_emergency_and_a_talk_with_nothing_in_it_are_kept_too(run: Run) -> None:
    emergency = Talk().take(told(sign("SUI2", level="E")))
    noted = note(emergency.state, anytime("danger", cards=["EMERGENCY"], done="calling_now"))
    assert run(EndWithoutReferral, noted).said == ["utter_end_emergency"]
    nothing = Talk().take(typed("rang about a form"))
    assert nothing.state.question is not None
    ended = note(nothing.state, pressed("more", "nothing_else", nothing.state.question.n))
    assert run(EndWithoutReferral, ended).said == ["utter_end_nothing_heard"]


def test_an_ending_that_cannot_be_kept_does_not_end_the_talk(run: Run, resources: Resources) -> None:
    with resources.casework.begin() as db:
        db.execute(text("drop table decisions"))
    done = run(EndWithoutReferral, before_the_end("connecting_families", "no_for_now"))
    assert done.said == ["utter_end_not_kept"]
    assert done.state.ended is None


def test_there_is_no_ending_while_the_talk_goes_on(run: Run) -> None:
    done = run(EndWithoutReferral, State(ended=Ended(how="help", turn="t_0")))
    assert (done.said, done.events) == ([], [])
