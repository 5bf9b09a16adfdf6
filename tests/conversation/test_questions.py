"""What a press may say, question by question."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation import AGREEMENT, NEVER_SHARED, QUESTIONS, ROLES, ValueNotAllowed, check_value

PARENT = {"token": "[PERSON 1]", "role": "parent", "agreed": True}

ALLOWED: list[tuple[str, Any]] = [
    ("child", "yes"),
    ("child", "not_known"),
    ("more", "nothing_else"),
    ("officer_level", "S"),
    ("decision", "help_sheet"),
    ("agree_contact", "not_safe"),
    ("agree_share", "no_for_now"),
    ("agree_agencies", ["school", "police"]),
    ("agree_agencies", ["none"]),
    ("people", {"people": [], "details": []}),
    ("people", {"people": [PARENT], "details": ["[PHONE 1]", "[ADDRESS 12]"]}),
    ("people", {"people": [{"token": "[PERSON 3]", "role": "neighbour", "agreed": False}], "details": []}),
    ("check", {"send": True, "envelope": "e_0123456789abcdef0123456789abcdef"}),
    ("check", {"change": "agree_share"}),
    ("danger", {"cards": ["RF6", "SAME_DAY"], "done": "calling_now"}),
    ("danger", {"cards": ["RF6"], "done": "not_danger", "reason": "it was a saying"}),
    ("anytime", {"do": "back"}),
    ("anytime", {"do": "not_right", "sign": "RNT1"}),
    ("anytime", {"do": "danger", "cards": ["EMERGENCY"], "done": "colleague_calling"}),
]

NOT_ALLOWED: list[tuple[str, Any]] = [
    ("child", "maybe"),
    ("child", True),
    ("child", ["yes"]),
    ("notes", "anything"),
    ("wants", "yes"),
    ("officer_level", "E"),  # an emergency is never a matter of opinion
    ("agree_contact", "no"),
    ("agree_agencies", []),
    ("agree_agencies", ["none", "school"]),
    ("agree_agencies", ["school", "school"]),
    ("agree_agencies", "school"),
    ("people", {"people": [PARENT]}),
    ("people", {"people": [PARENT, PARENT], "details": []}),
    ("people", {"people": [PARENT], "details": ["[PERSON 1]"]}),
    ("people", {"people": [PARENT | {"role": "burglar"}], "details": []}),
    ("people", {"people": [PARENT | {"role": "neighbour"}], "details": []}),  # never asked, so never shared
    ("people", {"people": [PARENT | {"agreed": "yes"}], "details": []}),
    ("people", {"people": [PARENT | {"name": "x"}], "details": []}),
    ("people", {"people": [PARENT], "details": ["07700 900123"]}),
    (
        "people",
        {"people": [{"token": f"[PERSON {n}]", "role": "child", "agreed": True} for n in range(1, 40)], "details": []},
    ),
    ("check", {"send": True}),
    ("check", {"send": False, "envelope": "e_0123456789"}),
    ("check", {"send": 1, "envelope": "e_0123456789"}),
    ("check", {"send": True, "envelope": "../etc"}),
    ("check", {"change": "check"}),
    ("check", {"change": "danger"}),
    ("danger", {"cards": [], "done": "calling_now"}),
    ("danger", {"cards": ["RF6"], "done": "not_danger"}),
    ("danger", {"cards": ["RF6"], "done": "not_danger", "reason": "  "}),
    ("danger", {"cards": ["RF6", "RF7"], "done": "not_danger", "reason": "all fine"}),  # one reason, one card
    ("danger", {"cards": ["RF6"], "done": "calling_now", "reason": "x y z"}),
    ("danger", {"cards": ["RF6"], "done": "gone"}),
    ("danger", "calling_now"),
    ("anytime", "back"),
    ("anytime", {"do": "agree_contact"}),
    ("anytime", {"do": "back", "value": "yes"}),
    ("anytime", {"do": "not_right"}),
    ("anytime", {"do": "not_right", "sign": "rent; drop table"}),
    ("anytime", {"do": ["back"]}),
    ("no_such_question", "yes"),
]


@pytest.mark.parametrize(("question", "value"), ALLOWED)
def test_a_press_the_question_offers_is_taken(question: str, value: Any) -> None:
    check_value(question, value)


@pytest.mark.parametrize(("question", "value"), NOT_ALLOWED)
def test_any_other_press_is_refused(question: str, value: Any) -> None:
    with pytest.raises(ValueNotAllowed):
        check_value(question, value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([*QUESTIONS, "anytime"]), JSON)
def test_whatever_is_sent_it_is_taken_or_refused_and_never_breaks(question: str, value: Any) -> None:
    with contextlib.suppress(ValueNotAllowed):
        check_value(question, value)


def test_a_refusal_never_repeats_what_was_sent() -> None:
    with pytest.raises(ValueNotAllowed) as refused:
        check_value("child", "Kelly Marsh")
    assert "Kelly" not in str(refused.value)


def test_agreement_decision_and_sending_are_pressed_never_typed_and_never_skipped() -> None:
    for name in (*AGREEMENT, "decision", "officer_level", "people", "check", "danger"):
        assert not QUESTIONS[name].typed, name
    for name in (*AGREEMENT, "decision", "people", "check", "danger"):
        assert not QUESTIONS[name].skip, name


def test_at_most_six_questions_come_before_the_suggestion() -> None:
    assert sum(question.counts for question in QUESTIONS.values()) <= 6


def test_people_who_were_not_asked_are_never_shared() -> None:
    assert set(ROLES) >= NEVER_SHARED
    assert {"neighbour", "may_cause_harm"} <= NEVER_SHARED
