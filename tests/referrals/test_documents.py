"""The sealed documents: closed to unknown fields, and openable only where they belong."""

from typing import Any

import pytest
from pydantic import ValidationError

from referrals import (
    PeopleDocument,
    Person,
    RedFlag,
    Status,
    WhyNot,
    get_referral,
    open_answer,
    open_people,
    open_story,
    seal_note,
    seal_people,
)
from referrals.sealed import new_reply_keys, open_note, seal_answer, seal_story
from sealing import SealBroken
from tests.referrals.makers import OFFICER, PEOPLE, Casework, agreement, decision_request, judgement, referral_request


def test_people_open_for_the_team_in_their_envelope_only(casework: Casework) -> None:
    sealed = seal_people(casework.secrets.inbox_public, PEOPLE, "e_1")
    assert open_people(casework.secrets.inbox_private, sealed, "e_1") == PEOPLE
    assert b"Kelly" not in sealed
    with pytest.raises(SealBroken):
        open_people(casework.secrets.inbox_private, sealed, "e_2")


def test_a_story_opens_for_the_team_under_its_reference_only(casework: Casework) -> None:
    reference = casework.refer()
    story = get_referral(casework.engine, casework.keys, reference, OFFICER).story
    sealed = seal_story(casework.secrets.inbox_public, story)
    assert open_story(casework.secrets.inbox_private, sealed, reference) == story
    with pytest.raises(SealBroken):
        open_story(casework.secrets.inbox_private, sealed, "TF-2222-2222")
    private, public = new_reply_keys()
    story = story.model_copy(update={"reply_key": public.hex()})
    note = seal_note(story, Status.NEEDS_MORE, "Which school?")
    assert open_note(private, note, reference, Status.NEEDS_MORE) == "Which school?"
    with pytest.raises(SealBroken):
        open_note(private, note, reference, Status.DECLINED)


def test_an_answer_opens_under_its_own_id_only(casework: Casework) -> None:
    sealed = seal_answer(casework.secrets.inbox_public, "Park Lane", "TF-2222-2222", "n_1")
    assert open_answer(casework.secrets.inbox_private, sealed, "TF-2222-2222", "n_1") == "Park Lane"
    with pytest.raises(SealBroken):
        open_answer(casework.secrets.inbox_private, sealed, "TF-2222-2222", "n_2")


def test_the_people_document_reads_as_published() -> None:
    assert PEOPLE.model_dump(mode="json") == {
        "schema": "people/1",
        "referrer": {"name": "Sam Okafor", "team": "Welfare support"},
        "people": [{"token": "[PERSON 1]", "name": "Kelly Marsh", "role": "parent", "agreed": True}],
        "details": [{"token": "[PHONE 1]", "type": "PHONE", "value": "07700 900123"}],
    }


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "people/2"},
        {"extra": 1},
        {"people": [{"token": "[PERSON 1]", "name": "A", "role": "parent", "agreed": False}]},
        {"people": [{"token": "Kelly", "name": "A", "role": "parent"}]},
        {"people": [{"token": "[PERSON 1]", "name": "A", "role": "parent"}] * 2},
        {"details": [{"token": "[PERSON 1]", "type": "PHONE", "value": "1"}]},
    ],
)
def test_people_who_did_not_agree_and_other_oddities_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PeopleDocument.model_validate(PEOPLE.model_dump(mode="json") | change)


def test_danger_is_put_down_only_with_a_reason() -> None:
    with pytest.raises(ValidationError):
        RedFlag(id="RF3", interrupt="E", done="not_danger")
    with pytest.raises(ValidationError):
        RedFlag(id="RF3", interrupt="E", done="not_danger", reason="  ")
    assert RedFlag(id="RF3", interrupt="E", done="not_danger", reason="A figure of speech").done == "not_danger"


def test_a_token_stands_for_one_person() -> None:
    with pytest.raises(ValidationError):
        referral_request(people=(Person(token="[PERSON 1]", role="parent"), Person(token="[PERSON 1]", role="child")))


def test_a_decision_not_to_share_cannot_share() -> None:
    for change in ({"decision": "share"}, {"route": "connecting_families"}):
        with pytest.raises(ValidationError):
            decision_request(**change)


def test_said_no_needs_the_answers() -> None:
    with pytest.raises(ValidationError):
        decision_request(why_not=WhyNot.SAID_NO)
    with pytest.raises(ValidationError):
        decision_request(why_not=WhyNot.SAID_NO, agreement=agreement())
    assert decision_request(why_not=WhyNot.SAID_NO, agreement=agreement(share="no_for_now"))


def test_whether_the_officer_saw_it_as_the_tool_did() -> None:
    assert judgement(level_shown="C", officer_level="C").agreed is True
    assert judgement(level_shown="C", officer_level="N").agreed is False
    assert judgement(level_shown="S", officer_level=None).agreed is None


def test_the_instance_may_come_as_a_number_and_ids_hold_no_sentences() -> None:
    assert referral_request(instance=2).instance == "2"
    with pytest.raises(ValidationError):
        referral_request(conversation="Kelly Marsh rang")
