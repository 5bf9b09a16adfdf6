"""What may come in as a turn."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.turn_request import MAX_BODY_BYTES, MAX_TEXT, TurnRequest
from conversation import ConversationError, State
from sealing import new_id

IDS = {"conversation": new_id("c"), "turn": new_id("t"), "officer": "a_7"}
PRESS = {"question": "child", "n": 3, "value": "yes"}


def read(**said: Any) -> TurnRequest:
    return TurnRequest.model_validate_json(json.dumps(IDS | said))


@pytest.mark.parametrize("said", [{"text": "the rent"}, {"choice": PRESS}, {"open": True}])
def test_a_turn_is_a_text_a_choice_or_an_opening(said: dict[str, Any]) -> None:
    assert read(**said).model_dump(exclude_none=True) == IDS | said


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"text": "the rent", "open": True},
        {"text": "the rent", "choice": PRESS},
        {"open": False},
        {"text": ""},
        {"text": " \u200b\n"},
        {"text": "x" * (MAX_TEXT + 1)},
        {"text": "the rent", "sender": "me"},
        {"text": 7},
        {"open": 1},
        {"text": "the rent", "turn": "t_1"},
        {"text": "the rent", "conversation": "../c"},
        {"text": "the rent", "officer": "Kelly Marsh"},
        {"choice": PRESS | {"n": "3"}},
        {"choice": PRESS | {"n": -1}},
        {"choice": PRESS | {"value": "maybe"}},
        {"choice": PRESS | {"question": "made_up"}},
        {"choice": PRESS | {"more": 1}},
        {"choice": {"question": "agree_contact", "n": 1, "value": True}},
        {"choice": {"question": "anytime", "n": 0, "value": {"do": "refer"}}},
    ],
)
def test_anything_else_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises((ValidationError, ConversationError)):
        read(**said)


def test_a_paste_of_20_000_characters_full_of_names_fits() -> None:
    redacted = "".join(f"[PERSON {n}] " for n in range(1, 5001))  # of "Ann " and the like, 5,000 times
    request = read(text=redacted)
    assert request.text == redacted
    assert len(request.model_dump_json().encode()) < MAX_BODY_BYTES
    # Also in the longest letters, escaped as JSON may have them.
    assert len(json.dumps(IDS | {"text": "é" * MAX_TEXT}).encode()) < MAX_BODY_BYTES


def test_half_a_character_is_refused() -> None:
    body = json.dumps(IDS | {"text": "X"}).replace("X", r"\ud83d")
    with pytest.raises(ValidationError):
        TurnRequest.model_validate_json(body)


INVISIBLE = st.text(alphabet=" \t\n\r\x0b\x0c\x1c\x85\u00a0\u200b\u200d\u2028\u2060\u3000\ufeff\U000e0001", max_size=6)


@given(before=INVISIBLE, slash=st.sampled_from("/／"), after=st.text(max_size=20))
def test_a_leading_slash_is_seen_through_any_disguise(before: str, slash: str, after: str) -> None:
    assert TurnRequest.model_construct(text=before + slash + after).looks_like_command()


@given(st.text(max_size=40))
def test_nothing_that_rasa_reads_as_a_command_passes(text: str) -> None:
    if text.strip().startswith("/"):
        assert TurnRequest.model_construct(text=text).looks_like_command()


@pytest.mark.parametrize("text", ["and/or", "w/ rent", "24/7 care", "1 / 2"])
def test_a_slash_within_is_only_text(text: str) -> None:
    assert not read(text=text).looks_like_command()


def test_a_choice_becomes_what_rasa_understood_and_never_text() -> None:
    parsed = read(choice=PRESS).parse_data()
    assert parsed["text"] == ""
    assert parsed["intent"]["name"] == "choose"
    assert parsed["entities"] == [{"entity": "choice", "value": PRESS}]
    assert read(open=True).parse_data()["intent"]["name"] == "open"


@pytest.mark.parametrize(
    ("question", "n", "fits"), [("child", 3, True), ("child", 2, False), ("more", 3, False), (None, 0, False)]
)
def test_a_press_answers_the_question_that_is_open(question: str | None, n: int, fits: bool) -> None:
    state = State.from_slots({"question": {"id": question, "n": n}} if question else {})
    choice = read(choice=PRESS).choice
    assert choice is not None
    assert choice.answers(state) is fits


def test_an_anytime_press_needs_no_question() -> None:
    choice = read(choice={"question": "anytime", "n": 0, "value": {"do": "stop"}}).choice
    assert choice is not None
    assert choice.answers(State())


def test_every_string_of_a_choice_is_looked_at() -> None:
    value = {"cards": ["RF6"], "done": "not_danger", "reason": "it was a bread knife"}
    request = read(choice={"question": "anytime", "n": 0, "value": {"do": "danger"} | value})
    assert {"RF6", "it was a bread knife"} <= set(request.texts())


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_two_turns_have_one_digest_only_if_they_are_the_same(one: str, other: str) -> None:
    digests = [TurnRequest.model_construct(**IDS, text=text).digest() for text in (one, other)]
    assert (digests[0] == digests[1]) is (one == other)
