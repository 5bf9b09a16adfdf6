"""The agenda as Rasa runs it: what it predicts, event by event, with the real domain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.policy.agenda import AgendaPolicy
from conversation import State, Turn
from conversation.noting import note

pytestmark = pytest.mark.slow  # loads Rasa

DOMAIN = Path(__file__).resolve().parents[2] / "bot" / "domain"
RF3 = {"entity": "red_flag", "value": "RF3", "interrupt": "E", "words": "tonight", "because": ["SUI2"]}
SUI2 = {
    "entity": "sign",
    "value": "SUI2",
    "status": "present",
    "words": "tonight",
    "about": "adult",
    "said_by": "person",
    "confidence": 0.9,
    "level": "E",
    "start": 0,
    "end": 7,
}


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(DOMAIN)


@pytest.fixture(scope="module")
def policy() -> AgendaPolicy:
    context = ExecutionContext(GraphSchema({}), model_id="m", node_name="agenda")
    config = AgendaPolicy.get_default_config()
    made = AgendaPolicy.create(config, model_storage=None, resource=Resource("agenda"), execution_context=context)
    assert isinstance(made, AgendaPolicy)
    return made


def talk(domain: Domain, *events: Any) -> DialogueStateTracker:
    tracker = DialogueStateTracker.from_events("c_1", list(events), slots=domain.slots, domain=domain)
    assert not [event for event in events if isinstance(event, SlotSet) and event.key not in tracker.slots]
    return tracker


def user(turn: str, *entities: dict[str, Any], text: str = "some words", intent: str = "tell") -> UserUttered:
    parsed = {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": list(entities)}
    return UserUttered(text, parsed["intent"], parsed["entities"], parsed, metadata={"turn": turn, "officer": "a_1"})


def set_slots(state: State) -> list[SlotSet]:
    return [SlotSet(name, value) for name, value in state.as_slots().items()]


def predicted(policy: AgendaPolicy, domain: Domain, tracker: DialogueStateTracker) -> str:
    prediction = policy.predict_action_probabilities(tracker, domain)
    assert sorted(prediction.probabilities)[-2:] == [0.0, 1.0]
    return str(domain.action_names_or_texts[prediction.max_confidence_index])


def test_every_field_of_the_state_is_a_slot_that_no_message_can_fill(domain: Domain) -> None:
    slots = {
        slot.name: slot for slot in domain.slots if slot.name not in ("session_started_metadata", "requested_slot")
    }
    assert set(slots) == set(State.model_fields)
    for slot in slots.values():
        assert slot.type_name == "any"
        assert [mapping["type"] for mapping in slot.mappings] == ["custom"]


def test_a_talk_is_one_session_and_carries_nothing_over(domain: Domain) -> None:
    assert not domain.session_config.are_sessions_enabled()
    assert not domain.session_config.carry_over_slots


def test_the_first_turn_is_noted_first(policy: AgendaPolicy, domain: Domain) -> None:
    opened = talk(domain, ActionExecuted("action_listen"), user("t_1", intent="open", text=""))
    assert predicted(policy, domain, opened) == "action_note"


def test_danger_shows_its_card_before_anything_is_noted(policy: AgendaPolicy, domain: Domain) -> None:
    events = [ActionExecuted("action_listen"), user("t_1", SUI2, RF3)]
    assert predicted(policy, domain, talk(domain, *events)) == "utter_card_rf3"
    events.append(ActionExecuted("utter_card_rf3"))
    assert predicted(policy, domain, talk(domain, *events)) == "action_note"


def test_with_the_action_server_down_the_card_stands_and_nothing_is_taken_as_said(
    policy: AgendaPolicy, domain: Domain
) -> None:
    # Rasa records that the action ran although it failed: no slot was set.
    events = [user("t_1", SUI2, RF3), ActionExecuted("utter_card_rf3"), ActionExecuted("action_note")]
    assert predicted(policy, domain, talk(domain, *events)) == "utter_not_noted"
    events.append(ActionExecuted("utter_not_noted"))
    assert predicted(policy, domain, talk(domain, *events)) == "action_listen"


def test_once_noted_the_open_card_is_asked_about_and_then_the_bot_listens(policy: AgendaPolicy, domain: Domain) -> None:
    heard = user("t_1", SUI2, RF3)
    state = note(State(), Turn.from_event(heard.as_dict()))
    events = [heard, ActionExecuted("utter_card_rf3"), ActionExecuted("action_note"), *set_slots(state)]
    assert predicted(policy, domain, talk(domain, *events)) == "action_ask"
    events.append(ActionExecuted("action_ask"))
    assert predicted(policy, domain, talk(domain, *events)) == "action_listen"


def test_a_message_from_any_other_way_in_is_noted_nowhere(policy: AgendaPolicy, domain: Domain) -> None:
    stray = UserUttered("/agree", {"name": "agree", "confidence": 1.0}, [], {"text": "/agree"})
    assert predicted(policy, domain, talk(domain, stray)) == "utter_not_noted"


def test_before_anybody_said_anything_it_listens(policy: AgendaPolicy, domain: Domain) -> None:
    assert predicted(policy, domain, talk(domain, ActionExecuted("action_session_start"))) == "action_listen"
