"""The journey: what is asked, in which order, and how each talk ends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversation import QUESTIONS, State
from conversation.agenda import AFTER_END, ASK, CREATE, END, NOT_NOTED, NOTE, STATUS, SUGGEST
from conversation.noting import note
from tests.conversation.talking import Talk
from tests.conversation.turns import anytime, flag, pressed, sign, told, typed

THREE_NEEDS = told(sign("RNT1"), sign("EDU1"), sign("SUB1"), child=True)
SEND = {"send": True, "envelope": "e_0123456789abcdef"}
PEOPLE = {"people": [{"token": "[PERSON 1]", "role": "parent", "agreed": True}], "details": ["[PHONE 1]"]}


def to_the_decision() -> Talk:
    talk = Talk().take(THREE_NEEDS)
    assert talk.asked == "sign"
    talk.take(typed("about 800, letter came monday"))
    assert talk.asked == "wants"
    talk.take(typed("help with the letters"))
    assert talk.asked == "officer_level"
    return talk.press("C")


def to_the_check() -> Talk:
    talk = to_the_decision().press("connecting_families")
    for question in ("agree_contact", "agree_share"):
        assert talk.asked == question
        talk.press("yes")
    talk.press(["school", "health"])
    assert talk.asked == "safe_contact"
    talk.take(typed("text only, after 3, never the landline"))
    assert talk.asked == "people"
    talk.press(PEOPLE)
    assert talk.asked == "check"
    return talk


def test_opening_the_talk_greets_and_asks_what_was_heard() -> None:
    talk = Talk().take(typed("", "open"))
    assert talk.asked == "notes"


def test_a_whole_talk_leads_to_a_referral() -> None:
    talk = to_the_decision()
    assert SUGGEST in talk.steps
    assert talk.state.suggestion is not None
    assert (talk.state.suggestion.level, talk.asked) == ("C", "decision")
    talk = to_the_check().press(SEND)
    assert talk.steps == [NOTE, CREATE]
    assert talk.created == 1
    assert talk.state.referral is not None
    assert (talk.state.referral.reference, talk.asked) == ("TF-1", "")
    assert talk.take(typed("thanks", "greet")).steps == [NOTE, AFTER_END]


def test_the_officer_gives_their_own_view_before_the_suggestion() -> None:
    talk = Talk().take(THREE_NEEDS).take(anytime("skip")).take(anytime("skip"))
    assert talk.asked == "officer_level"
    assert talk.state.suggestion is None


def test_two_needs_ask_for_more_and_a_third_asks_about_a_child() -> None:
    talk = Talk().take(told(sign("RNT1"), sign("EDU1")))
    assert talk.asked == "more"
    assert talk.take(told(sign("SUB1"))).asked == "child"
    assert talk.take(typed("yes two kids", "agree")).state.picture.level == "C"


def test_more_is_asked_twice_at_most_and_not_after_nothing_else() -> None:
    talk = Talk().take(told(sign("RNT1")))
    assert talk.take(told(sign("EDU1"))).asked == "more_again"
    assert talk.take(typed("just that really")).asked == "sign"
    again = Talk().take(told(sign("RNT1")))
    assert again.press("nothing_else").asked == "sign"


def test_without_a_child_more_needs_would_not_change_it() -> None:
    talk = Talk().take(told(sign("RNT1"), sign("EDU1"))).take(told(sign("SUB1")))
    talk.press("no")
    assert talk.asked == "sign"
    assert talk.state.picture.level == "N"


def test_no_more_than_six_questions_come_before_the_suggestion() -> None:
    talk = Talk().take(typed("", "open")).take(told(sign("RNT1"), sign("EDU1")))
    while talk.state.suggestion is None:
        talk.take(anytime("skip"))
    counted = {name for name in talk.state.asked if QUESTIONS[name].counts}
    assert len(counted) <= 6


@pytest.mark.parametrize(
    ("answers", "how"),
    [
        (["help_sheet", "reason"], "help"),
        (["safeguarding_lead", "reason"], "safeguarding"),
        (["connecting_families", "no_for_now"], "said_no"),
        (["connecting_families", "not_safe"], "not_asked"),
        (["connecting_families", "yes", "no_for_now"], "said_no"),
        (["connecting_families", "yes", "not_here"], "not_asked"),
    ],
)
def test_every_other_way_ends_kindly_and_sends_nothing(answers: list[str], how: str) -> None:
    talk = to_the_decision()
    for answer in answers:
        talk = talk.take(typed("the school is on it")) if answer == "reason" else talk.press(answer)
    assert talk.steps[-1] == END
    assert talk.state.ended is not None
    assert (talk.state.ended.how, talk.created, talk.asked) == (how, 0, "")


def test_nothing_heard_ends_after_one_more_look() -> None:
    talk = Talk().take(typed("", "open")).take(typed("rang about a change of address, all fine"))
    assert talk.asked == "more"
    talk.press("nothing_else")
    assert talk.state.ended is not None
    assert talk.state.ended.how == "nothing_heard"


def test_taking_back_the_only_sign_leaves_nothing_heard() -> None:
    talk = Talk().take(told(sign("RNT1"))).press("nothing_else")
    assert talk.asked == "sign"
    talk.take(anytime("not_right", sign="RNT1"))
    assert talk.state.ended is not None
    assert talk.state.ended.how == "nothing_heard"


def test_below_the_minimum_the_help_sheet_is_suggested_and_needs_no_reason() -> None:
    talk = Talk().take(told(sign("RNT1"))).press("nothing_else").take(anytime("skip")).take(anytime("skip")).press("N")
    assert talk.state.suggestion is not None
    assert talk.state.suggestion.level == "N"
    talk.press("help_sheet")
    assert talk.state.ended is not None
    assert talk.state.ended.how == "help"


def test_a_family_below_the_minimum_may_still_ask_for_it_with_a_reason() -> None:
    talk = Talk().take(told(sign("RNT1"))).press("nothing_else").take(anytime("skip")).take(anytime("skip")).press("N")
    assert talk.press("connecting_families").asked == "decision_reason"
    assert talk.take(typed("she asked for someone to visit")).asked == "agree_contact"


def test_another_view_than_suggested_is_explained_even_where_the_decision_is_the_same() -> None:
    talk = Talk().take(THREE_NEEDS).take(anytime("skip")).take(anytime("skip")).press("S")
    assert talk.press("connecting_families").asked == "decision_reason"


def test_same_day_skips_the_own_view_and_connecting_families_may_follow() -> None:
    talk = Talk().take(told(sign("DAB1", level="S"), sign("RNT1"), child=True))
    assert talk.steps[0] == "utter_card_same_day"
    assert talk.asked == "danger"
    talk.press({"cards": ["SAME_DAY"], "done": "colleague_calling"})
    assert talk.asked == "sign"
    talk.take(anytime("skip")).take(anytime("skip"))
    assert talk.state.suggestion is not None
    assert talk.state.suggestion.level == "S"
    assert talk.press("connecting_families").asked == "decision_reason"
    assert talk.take(typed("the lead knows, they want help with rent too")).asked == "agree_contact"


def test_a_correction_that_changes_the_level_takes_back_suggestion_and_decision() -> None:
    talk = to_the_decision().press("connecting_families")
    assert talk.asked == "agree_contact"
    talk.take(typed("no the rent is fine actually", "disagree", sign("RNT1", "negated")))
    assert talk.state.picture.level == "N"
    assert talk.state.decision is None
    assert talk.state.agreement == {}
    assert talk.asked != "agree_contact"


def test_danger_in_the_middle_of_agreement_comes_first_and_the_old_press_no_longer_counts() -> None:
    talk = to_the_decision().press("connecting_families")
    assert talk.state.question is not None
    old = talk.state.question
    talk.take(told(sign("DAB3", level="S"), flag("RF7", "S", ("DAB3",))))
    assert talk.steps[0] == "utter_card_rf7_today"
    assert talk.asked == "danger"
    talk.take(pressed(old.id, "yes", old.n))
    assert talk.state.agreement == {}


def test_why_explains_and_asks_again_under_the_same_number() -> None:
    talk = Talk().take(THREE_NEEDS)
    before = talk.state.question
    talk.take(typed("why do you ask", "why"))
    assert talk.steps == [NOTE, "utter_why_sign", ASK]
    assert talk.state.question == before


def test_stop_is_quiet_and_the_next_turn_goes_on_with_the_same_question() -> None:
    talk = Talk().take(THREE_NEEDS)
    before = talk.state.question
    assert talk.take(anytime("stop")).steps == [NOTE]
    assert talk.take(anytime("resume")).steps == [NOTE, ASK]
    assert talk.state.question == before


def test_status_is_answered_and_the_question_asked_again() -> None:
    assert Talk().take(THREE_NEEDS).take(anytime("status")).steps == [NOTE, STATUS, ASK]


def test_a_sending_that_failed_asks_again_and_the_same_press_then_sends_once() -> None:
    talk = to_the_check()
    talk.stored = False
    talk.press(SEND)
    assert talk.steps == [NOTE, CREATE, ASK]
    assert talk.asked == "check"
    talk.stored = True
    talk.press(SEND)
    assert talk.created == 1
    assert talk.state.ended is not None


def test_changing_something_on_the_last_page_leads_back_to_it() -> None:
    talk = to_the_check().press({"change": "wants"})
    assert talk.asked == "wants"
    assert talk.take(typed("a bigger place")).asked == "check"


def test_with_the_actions_down_nothing_is_taken_as_said() -> None:
    talk = Talk(actions_up=False).take(told(flag("RF1", "E")))
    assert talk.steps == ["utter_card_rf1", NOTE, NOT_NOTED]
    assert talk.state == State()


# From any state, by any turns

SIGNS = st.builds(
    lambda which, status: sign(which[0], status, level=which[1]),
    st.sampled_from(
        [("RNT1", "C"), ("EDU1", "C"), ("SUB1", "C"), ("MHA2", "C"), ("HSG1", "N"), ("DAB1", "S"), ("SUI2", "E")]
    ),
    st.sampled_from(["present", "present", "negated", "past", "other_family"]),
)
FLAGS = st.sampled_from([flag("RF3", "E", ("SUI2",)), flag("RF6", "S", ("DAB1",)), flag("RF18", "S", ("FOD1",))])
TELLING = st.builds(
    lambda signs, flags, child, act: told(*signs, *flags, child=child).model_copy(update={"act": act}),
    st.lists(SIGNS, max_size=3),
    st.lists(FLAGS, max_size=1) | st.just([]),
    st.booleans(),
    st.sampled_from(["tell", "tell", "agree", "disagree", "correct", "skip", "back", "why", "stop", "greet", "status"]),
)
ANSWERS: dict[str, list[Any]] = {
    "child": ["yes", "no", "not_known"],
    "more": ["nothing_else"],
    "more_again": ["nothing_else"],
    "officer_level": ["N", "C", "S"],
    "decision": ["connecting_families", "connecting_families", "help_sheet", "safeguarding_lead"],
    "agree_contact": ["yes", "yes", "no_for_now", "not_safe"],
    "agree_share": ["yes", "yes", "not_here"],
    "agree_agencies": [["none"], ["school"]],
    "people": [PEOPLE, {"people": [], "details": []}],
    "check": [SEND, SEND, {"change": "wants"}, {"change": "decision"}, {"change": "agree_contact"}],
}


@st.composite
def a_turn(draw: st.DrawFn, talk: Talk) -> Any:
    kind = draw(st.sampled_from(["answer", "answer", "answer", "tell", "anytime", "open"]))
    question = talk.state.question
    if kind == "tell" or question is None:
        return draw(TELLING)
    if kind == "open":
        return typed("", "open")
    if kind == "anytime":
        acts = st.sampled_from(["skip", "back", "why", "stop", "resume", "status", "ask_guidance"])
        return draw(acts.map(anytime) | st.just(anytime("not_right", sign="RNT1")))
    if question.id == "danger":
        cards = [card.id for card in talk.state.open_cards]
        acting = {"cards": cards, "done": draw(st.sampled_from(["calling_now", "colleague_calling"]))}
        not_danger = {"cards": cards[:1], "done": "not_danger", "reason": "it was a saying"}
        return pressed("danger", draw(st.sampled_from([acting, not_danger])), question.n)
    if question.id in ANSWERS:
        return pressed(question.id, draw(st.sampled_from(ANSWERS[question.id])), question.n)
    return typed("some peace and quiet at home")


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_from_any_state_a_turn_ends_and_the_promises_hold(data: st.DataObject) -> None:
    talk = Talk()
    for n in range(data.draw(st.integers(1, 22))):
        turn = data.draw(a_turn(talk)).model_copy(update={"id": f"t_{n}"})
        talk.stored = data.draw(st.booleans())
        before = talk.state
        talk.take(turn)  # comes to an end within twenty steps, or fails in there
        state = talk.state
        assert State.from_slots(state.as_slots()) == state  # through Rasa's slots and back
        assert note(state, turn) is state  # folding twice is folding once
        assert talk.created <= 1
        if CREATE in talk.steps:
            assert [state.agreement[name].value for name in ("agree_contact", "agree_share")] == ["yes", "yes"]
            assert turn.choice is not None
            assert turn.choice.question == "check"
            assert not state.open_cards
        if set(state.agreement) - set(before.agreement):
            assert turn.choice is not None
            assert turn.choice.question in state.agreement
        if state.open_cards or state.emergency:
            assert talk.asked in ("danger", "")
        if state.emergency:
            assert CREATE not in talk.steps
