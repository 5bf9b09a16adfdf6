"""What the bot says, in the desk's form."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.output import TurnOutput
from conversation import Turn
from tests.bot_plumbing.desk import ROOT

pytestmark = pytest.mark.slow  # loads Rasa

FLAG = {"id": "RF6", "interrupt": "E", "words": "knife", "because": ["DVA9"]}
SIGN = {"id": "DVA1", "status": "present", "words": "hits", "about": "child", "said_by": "person", "confidence": 0.9}


@pytest.mark.parametrize("card", ["RF6", {"id": "RF6", "interrupt": "E"}])
async def test_a_card_has_one_form(card: Any) -> None:
    output = TurnOutput()
    await output.send_response("c_1", {"text": "Call 999.", "custom": {"card": card, "interrupt": "E"}})
    assert output.messages[0]["card"] == {"id": "RF6", "interrupt": "E"}
    assert output.cards() == [{"id": "RF6", "interrupt": "E"}]


async def test_a_message_keeps_its_question_and_choices() -> None:
    output = TurnOutput()
    choices = [{"title": "Yes", "value": "yes"}]
    custom = {"choices": choices, "question": {"id": "child", "n": 2}}
    await output.send_response("c_1", {"text": "Hi", "utter_action": "utter_ask_child", "custom": custom})
    (message,) = output.messages
    assert (message["response"], message["text"]) == ("utter_ask_child", "Hi")
    assert (message["choices"], message["question"]) == (choices, {"id": "child", "n": 2})
    assert message["card"] is None


@pytest.mark.parametrize(
    ("heard", "cards"),
    [
        ({}, []),
        ({"signs": [SIGN | {"level": "C"}]}, []),
        ({"signs": [SIGN | {"level": "E", "status": "negated"}]}, []),
        ({"flags": [FLAG]}, [{"id": "RF6", "interrupt": "E"}]),
        ({"signs": [SIGN | {"level": "E"}]}, [{"id": "EMERGENCY", "interrupt": "E"}]),
        ({"signs": [SIGN | {"level": "S"}]}, [{"id": "SAME_DAY", "interrupt": "S"}]),
        ({"signs": [SIGN | {"level": "S"}], "flags": [FLAG]}, [{"id": "RF6", "interrupt": "E"}]),
    ],
)
async def test_danger_heard_is_told_once_also_where_nothing_was_said(heard: Any, cards: Any) -> None:
    output = TurnOutput()
    output.hear(Turn.model_validate({"id": "t_1"} | heard))
    assert output.cards() == cards
    for card in cards:
        await output.send_response("c_1", {"text": "Call.", "custom": {"card": card}})
    assert output.cards() == cards


def test_one_turn_has_room_for_every_card() -> None:
    from rasa.core.processor import MAX_NUMBER_OF_PREDICTIONS  # noqa: PLC0415 - after bot has prepared for Rasa

    flags = yaml.safe_load((ROOT / "understanding" / "packs" / "red_flags.yml").read_text(encoding="utf-8"))
    assert len(flags["red_flags"]) + 10 < MAX_NUMBER_OF_PREDICTIONS
