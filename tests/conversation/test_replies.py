"""What is said back to a turn."""

from __future__ import annotations

import pytest

from conversation import State, Turn
from conversation.noting import note
from conversation.replies import replies
from conversation.state import Facts
from tests.conversation.turns import anytime, asking, flag, pressed, sign, told, typed

NAMES = {"RNT1": "Rent arrears", "DAB3": "Hands round the neck"}


def said(before: State, turn: Turn) -> list[str]:
    return [reply.response for reply in replies(before, note(before, turn), turn, NAMES)]


@pytest.mark.parametrize(
    ("status", "response"),
    [
        ("present", "utter_heard"),
        ("negated", "utter_heard_negated"),
        ("past", "utter_heard_past"),
        ("other_family", "utter_heard_other_family"),
        ("hypothetical", "utter_heard_hypothetical"),
    ],
)
def test_a_sign_is_said_back_by_its_status_with_its_name_and_words(status: str, response: str) -> None:
    turn = told(sign("RNT1", status, words="3 months behind"))
    (reply,) = replies(State(), note(State(), turn), turn, NAMES)
    assert reply.response == response
    assert reply.fields == {"signs": "• Rent arrears: “3 months behind”"}


def test_a_sign_heard_again_a_correction_and_a_denial_that_lowers_nothing_are_told_apart() -> None:
    rent, neck = note(State(), told(sign("RNT1"))), note(State(), told(sign("DAB3", level="S")))
    assert said(rent, told(sign("RNT1", words="and the gas"))) == ["utter_heard_again"]
    assert said(rent, typed("no the rent is fine", "correct", sign("RNT1", "negated"))) == ["utter_corrected"]
    assert said(neck, typed("no he never", "disagree", sign("DAB3", "negated", level="S"))) == ["utter_denial_kept"]


def test_a_child_is_said_back_once() -> None:
    turn = typed("her lad", facts=Facts(child_or_pregnancy=True, child_words="lad"))
    assert "utter_heard_child" in said(State(), turn)
    state = note(State(), turn)
    assert "utter_heard_child" not in said(state, turn.model_copy(update={"id": "t_2"}))


@pytest.mark.parametrize(
    ("state", "turn", "responses"),
    [
        (State(), typed("parking permit"), ["utter_nothing_heard"]),
        (asking("wants"), typed("a quiet house"), []),
        (asking("more"), typed("just that really"), ["utter_nothing_heard"]),
        (asking("decision"), typed("send it please"), ["utter_please_press"]),
        (asking("agree_contact"), typed("yes", "agree"), ["utter_please_press"]),
        (asking("decision"), anytime("skip"), ["utter_cannot_skip"]),
        (asking("wants"), anytime("skip"), []),
        (asking("notes"), anytime("back"), ["utter_cannot_go_back"]),
        (asking("wants"), anytime("stop"), ["utter_parked"]),
        (asking("wants"), typed("stop", "stop"), ["utter_parked"]),
        (asking("wants"), anytime("resume"), ["utter_resumed"]),
        (asking("wants"), typed("that is wrong", "correct"), ["utter_correct_how"]),
        (asking("child"), pressed("child", "yes", 1), []),
        (State(), typed("", "open"), ["utter_greet"]),
    ],
)
def test_an_act_whose_effect_does_not_show_is_answered(state: State, turn: Turn, responses: list[str]) -> None:
    assert said(state, turn) == responses


def test_danger_in_an_answer_is_said_only_where_no_new_card_shows_it() -> None:
    turn = told(sign("DAB3", level="S"), flag("RF7", "S", ("DAB3",)))
    assert said(asking("decision_reason"), turn) == ["utter_heard"]
    acting = {"cards": ["RF7"], "done": "calling_now"}
    closed = note(note(State(), turn), anytime("danger", **acting))
    again = turn.model_copy(update={"id": "t_9"})
    assert said(asking("decision_reason", closed), again)[-1] == "utter_danger_answers_nothing"


@pytest.mark.parametrize("done", ["calling_now", "colleague_calling"])
def test_what_was_done_about_a_card_is_confirmed(done: str) -> None:
    state = note(State(), told(flag("RF7")))
    assert said(state, anytime("danger", cards=["RF7"], done=done)) == [f"utter_done_{done}"]


def test_setting_a_sign_aside_is_confirmed_and_danger_asks_for_a_reason() -> None:
    assert said(note(State(), told(sign("RNT1"))), anytime("not_right", sign="RNT1")) == ["utter_set_aside"]
    serious = note(State(), told(sign("DAB3", level="S")))
    assert said(serious, anytime("not_right", sign="DAB3")) == ["utter_reason_needed"]
