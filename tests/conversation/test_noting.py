"""Folding a turn: answers, corrections, and the ways an officer steers the talk."""

from __future__ import annotations

import pytest

from conversation import QUESTIONS, State
from conversation.noting import act_of, has_child, note
from conversation.state import Answer, Ended, Facts, ReferralMade
from tests.conversation.turns import anytime, asking, pressed, sign, told, typed


def test_signs_facts_and_the_turn_are_noted() -> None:
    state = note(State(), told(sign("RNT1"), sign("EDU1"), child=True))
    assert [entry.id for entry in state.ledger] == ["RNT1", "EDU1"]
    assert state.facts.child_words == "lad"
    assert (state.officer, state.answered_turn) == ("a_1", state.ledger[0].turn)


def test_the_same_turn_again_changes_nothing() -> None:
    turn = told(sign("RNT1"))
    once = note(asking("wants"), turn)
    assert note(once, turn) is once


@pytest.mark.parametrize(
    ("text", "act", "value"),
    [("yes two kids", "agree", "yes"), ("no", "disagree", "no"), ("nope grown up", "disagree", "no")],
)
def test_a_choice_may_be_answered_in_words(text: str, act: str, value: str) -> None:
    state = note(asking("child"), typed(text, act))
    assert state.answers["child"].value == value
    assert state.question is None


def test_hearing_of_a_child_answers_the_question_about_one() -> None:
    turn = typed("her lad is 13", "tell", facts=Facts(child_or_pregnancy=True, child_words="lad"))
    state = note(asking("child"), turn)
    assert (state.answers["child"].value, state.answers["child"].how) == ("yes", "heard")


def test_taking_a_sign_back_is_no_answer_to_the_open_question() -> None:
    state = asking("child", note(State(), told(sign("RNT1"))))
    after = note(state, typed("no, the rent is fine actually", "disagree", sign("RNT1", "negated")))
    assert "child" not in after.answers
    assert not after.ledger[0].counts
    assert after.question == state.question


def test_a_later_word_of_a_child_outdoes_a_no() -> None:
    state = State(answers={"child": Answer(value="no", how="choice", turn="t_0")})
    assert not has_child(state)
    assert has_child(note(state, told(child=True)))


@pytest.mark.parametrize(
    ("question", "text", "act", "value"),
    [
        ("wants", "some help with the letters", "tell", "some help with the letters"),
        ("wants", "stop the shouting at night so that everyone can sleep", "stop", None),
        ("decision_reason", "the school are already helping", "tell", "the school are already helping"),
        ("sign", "about 800, letter came monday", "tell", "about 800, letter came monday"),
        ("more", "that is all really", "tell", None),
    ],
)
def test_own_words_answer_a_question_that_takes_them(question: str, text: str, act: str, value: str | None) -> None:
    state = note(asking(question), typed(text, act, confidence=0.9))
    expected = text if question == "wants" else value
    assert state.answers[question].value == expected
    assert state.answers[question].how == "text"


def test_own_words_that_also_hold_a_sign_are_both() -> None:
    state = note(asking("wants"), typed("just a bit of food in the house", "tell", sign("FOD1")))
    assert state.answers["wants"].value == "just a bit of food in the house"
    assert state.ledger[0].id == "FOD1"


@pytest.mark.parametrize("act", ["agree", "correct", "greet"])
def test_a_bare_yes_or_hello_is_no_answer_in_own_words(act: str) -> None:
    assert "decision_reason" not in note(asking("decision_reason"), typed("yes", act)).answers


def test_nothing_else_may_be_said_in_words() -> None:
    assert note(asking("more"), typed("no thats it", "disagree")).answers["more"].value == "nothing_else"


@pytest.mark.parametrize(
    ("question", "act", "text", "confidence", "counts_as"),
    [
        ("child", "skip", "skip", 0.9, "skip"),
        ("child", "skip", "skip", 0.3, "tell"),  # not sure
        ("child", "stop", "he told the school to stop it and they said they would not do that", 0.9, "tell"),  # long
        ("wants", "stop", "stop", 0.9, "stop"),
        ("wants", "stop", "for him to stop drinking so much", 0.9, "tell"),
        ("wants", "back", "her son back", 0.6, "tell"),
    ],
)
def test_an_act_counts_only_when_it_is_short_and_sure(question, act, text, confidence, counts_as) -> None:
    assert act_of(asking(question), typed(text, act, confidence=confidence)) == counts_as


@pytest.mark.parametrize("act", ["why", "skip", "back", "stop", "status", "ask_guidance", "greet"])
def test_an_act_on_the_talk_never_eats_what_was_heard(act: str) -> None:
    state = asking("child")
    turn = typed("why has he no food", act, sign("FOD1"))
    assert act_of(state, turn) == "tell"
    assert [entry.id for entry in note(state, turn).ledger] == ["FOD1"]


@pytest.mark.parametrize("question", [name for name, q in QUESTIONS.items() if q.skip])
def test_a_question_that_may_be_skipped_is(question: str) -> None:
    for turn in (anytime("skip"), typed("skip", "skip")):
        after = note(asking(question), turn)
        assert (after.answers[question].value, after.answers[question].how) == (None, "skip")


@pytest.mark.parametrize("question", [name for name, q in QUESTIONS.items() if not q.skip])
def test_one_that_may_not_stays_open(question: str) -> None:
    state = asking(question)
    assert note(state, anytime("skip")).question == state.question


def test_back_opens_the_question_before_and_back_again_the_one_before_that() -> None:
    state = asking("more")
    state = asking("wants", note(state, pressed("more", "nothing_else", 1)), n=2)
    state = asking("officer_level", note(state, typed("a quiet house")), n=3)
    once = note(state, anytime("back"))
    assert once.question is not None
    assert (once.question.id, once.question.n) == ("wants", 4)
    assert "wants" not in once.answers
    twice = note(once, typed("go back", "back"))
    assert twice.question is not None
    assert twice.question.id == "more"


def test_there_is_nothing_before_the_first_question() -> None:
    state = asking("notes")
    assert note(state, anytime("back")).question == state.question


def test_nothing_goes_back_behind_a_referral_that_was_made() -> None:
    state = State(
        answers={"wants": Answer(value="peace", how="text", turn="t_0")},
        asked=("wants",),
        referral=ReferralMade(reference="TF-1", status="created"),
    )
    assert note(state, anytime("back")).question is None


def test_stop_parks_until_the_next_turn_and_keeps_the_question() -> None:
    state = note(asking("wants"), anytime("stop"))
    assert state.parked
    assert state.question is not None
    resumed = note(state, anytime("resume"))
    assert not resumed.parked
    assert resumed.question == state.question


@pytest.mark.parametrize("do", ["why", "status", "ask_guidance"])
def test_what_is_asked_of_the_tool_lasts_one_turn(do: str) -> None:
    state = note(asking("wants"), anytime(do))
    assert state.request == do
    assert note(state, anytime("resume")).request == ""


def test_not_right_sets_a_sign_aside() -> None:
    state = note(note(State(), told(sign("RNT1"))), anytime("not_right", sign="RNT1"))
    assert state.ledger[0].set_aside == "not_right"


@pytest.mark.parametrize("n", [0, 2])
def test_a_press_on_another_asking_says_nothing(n: int) -> None:
    state = asking("decision")
    assert note(state, pressed("decision", "help_sheet", n)).decision is None


def test_a_press_that_is_not_offered_says_nothing() -> None:
    assert note(asking("decision"), pressed("decision", "burn_it", 1)).decision is None


def test_changing_the_decision_drops_the_reason_for_the_old_one() -> None:
    answers = {name: Answer(value="x", how="choice", turn="t_0") for name in ("decision", "decision_reason", "wants")}
    state = asking("check", State(decision="connecting_families", answers=answers))
    after = note(state, pressed("check", {"change": "decision"}, 1))
    assert after.decision is None
    assert set(after.answers) == {"wants"}
    assert after.question is not None
    assert after.question.id == "decision"


def test_a_send_that_came_to_nothing_is_never_sent_by_a_later_turn() -> None:
    value = {"send": True, "envelope": "e_0123456789"}
    state = note(asking("check"), pressed("check", value, 1))
    assert state.answers["check"].value == value
    assert "check" not in note(state, typed("wait, hold on")).answers


@pytest.mark.parametrize(("how", "reopens"), [("nothing_heard", True), ("help", True), ("said_no", False)])
def test_new_signs_after_the_end_open_the_talk_again_but_a_no_stays_a_no(how, reopens: bool) -> None:
    state = State(ended=Ended(how=how, turn="t_0"))
    assert (note(state, told(sign("RNT1"))).ended is None) is reopens
    assert note(state, typed("thanks", "greet")).ended is not None


@pytest.mark.parametrize("text", ["no, the rent is fine actually", "you got that rent bit wrong", "RENT is sorted"])
def test_a_correction_in_which_no_sign_is_heard_takes_back_the_one_it_names(text: str) -> None:
    state = note(
        State(), told(sign("RNT1", words="3 months behind w rent"), sign("EDU1", words="lad wont go to school"))
    )
    after = note(state, typed(text, "correct"))
    assert [(entry.id, entry.counts) for entry in after.ledger] == [("RNT1", False), ("EDU1", True)]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("no food in", "no money for food"), "the food thing is wrong"),  # two could be meant
        (("3 months behind w rent", "lad wont go to school"), "that is wrong"),  # neither is named
    ],
)
def test_a_correction_that_could_mean_either_takes_back_nothing(words: tuple[str, str], text: str) -> None:
    state = note(State(), told(sign("FOD1", words=words[0]), sign("MON1", words=words[1])))
    assert all(entry.counts for entry in note(state, typed(text, "correct")).ledger)


def test_danger_is_not_taken_back_by_a_correction() -> None:
    state = note(State(), told(sign("DAB2", words="he punched her", level="S")))
    assert note(state, typed("no he never punched her", "correct")).ledger[0].counts


def test_while_somebody_can_hear_a_denial_lowers_nothing_but_the_officers_correction_does() -> None:
    watched = Facts(watched=True)
    state = note(State(), told(sign("SUB1"))).model_copy(update={"facts": watched})
    assert note(state, typed("no she does not drink", "disagree", sign("SUB1", "negated"))).ledger[0].counts
    assert (
        not note(state, typed("sorry, misheard about the drink", "correct", sign("SUB1", "negated"))).ledger[0].counts
    )
