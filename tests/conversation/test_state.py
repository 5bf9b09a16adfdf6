"""The state as JSON and as slots, and the page that shows its shape."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from conversation import AGREEMENT, QUESTIONS, State, Turn, TurnUnreadable, check_value
from conversation.turns import SignInTurn

DOC = (Path(__file__).resolve().parents[2] / "docs" / "conversation.md").read_text(encoding="utf-8")


def test_the_example_on_the_page_is_a_state() -> None:
    example = json.loads(re.search(r"```json\n(.*?)```", DOC, re.DOTALL).group(1))  # type: ignore[union-attr]
    state = State.model_validate(example)
    assert set(example) == set(State.model_fields)
    assert state.as_slots() == example
    for name in AGREEMENT:
        check_value(name, example["agreement"][name]["value"])
    check_value("people", {"people": example["people"], "details": example["details"]})


def test_every_question_is_on_the_page() -> None:
    assert [name for name in QUESTIONS if f"`{name}`" not in DOC] == []


def test_empty_slots_are_the_start() -> None:
    assert State.from_slots(dict.fromkeys(State.model_fields)) == State()
    assert State.from_slots({"session_started_metadata": {"turn": "t_1"}}) == State()


def test_only_what_changed_is_given_back() -> None:
    changed = State(officer="a_1")
    assert changed.changes_since(State()) == {"officer": "a_1"}


def test_a_slot_of_another_shape_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValidationError) as refused:
        State.from_slots({"ledger": "Kelly Marsh"})
    assert "Kelly" not in str(refused.value)


def test_a_turn_is_read_from_the_tracker() -> None:
    sign = {"entity": "sign", "value": "RNT1", "status": "present", "words": "behind", "about": "adult"}
    sign |= {"said_by": "person", "confidence": 0.9, "level": "C", "start": 0, "end": 6, "extractor": "SignExtractor"}
    fact = {"entity": "fact", "value": "child_or_pregnancy", "words": "lad"}
    event = {
        "text": "behind, lad",
        "timestamp": 1795370000.5,
        "parse_data": {"intent": {"name": "tell", "confidence": 0.8}, "entities": [sign, fact]},
        "metadata": {"turn": "t_1", "officer": "a_1"},
    }
    turn = Turn.from_event(event)
    fields = {name: sign[name] for name in SignInTurn.model_fields if name != "id"}
    assert turn.signs == (SignInTurn(id="RNT1", **fields),)
    assert (turn.id, turn.at, turn.facts.child_words, turn.content) == ("t_1", 1795370000.5, "lad", True)


@pytest.mark.parametrize(
    "event",
    [
        {"text": "x", "parse_data": {"intent": {"name": "tell"}, "entities": []}, "metadata": {}},
        {"text": "x", "parse_data": {"intent": {"name": "nlu_fallback"}}, "metadata": {"turn": "t_1"}},
        {"text": "x", "parse_data": {"intent": {"name": "choose"}, "entities": []}, "metadata": {"turn": "t_1"}},
        {
            "text": "x",
            "parse_data": {"intent": {"name": "tell"}, "entities": [{"entity": "sign", "value": "RNT1"}]},
            "metadata": {"turn": "t_1"},
        },
    ],
)
def test_a_turn_our_channel_did_not_make_is_refused(event) -> None:
    with pytest.raises(TurnUnreadable):
        Turn.from_event(event)


def test_a_press_brings_no_text_and_an_entity_in_typed_words_makes_no_press() -> None:
    value = {"question": "agree_contact", "n": 1, "value": "yes"}
    entity = {"entity": "choice", "value": value}
    parsed = {"intent": {"name": "choose", "confidence": 1.0}, "entities": [entity]}
    pressed = Turn.from_event({"text": "ignored", "parse_data": parsed, "metadata": {"turn": "t_1"}})
    assert pressed.choice is not None
    assert pressed.text == ""
    typed = Turn.from_event(
        {"text": "yes", "parse_data": parsed | {"intent": {"name": "agree"}}, "metadata": {"turn": "t_1"}}
    )
    assert typed.choice is None
