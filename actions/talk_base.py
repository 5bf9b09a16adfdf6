"""What the actions of the talk have in common: reading what is known, saying responses, giving back what changed."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, SafeAction
from conversation import State, Turn, TurnUnreadable
from conversation.replies import Say
from conversation.state import OpenQuestion
from understanding import RulePack, load_pack


class TalkAction(SafeAction, ABC):
    """An action of the talk: it reads the state from the slots, and gives back only the slots that changed."""

    @property
    def pack(self) -> RulePack:
        """The council's rule pack."""
        return _pack(self.resources.settings.rule_pack)


@cache
def _pack(name: str) -> RulePack:
    """Read once a process: it takes most of a second."""
    return load_pack(name)


def read_state(tracker: Tracker) -> State:
    """What is known, from the tracker's slots."""
    return State.from_slots(tracker.slots)


def read_turn(tracker: Tracker) -> Turn:
    """The officer's present turn. Raises TurnUnreadable where the tracker has none."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return Turn.from_event(event)
    raise TurnUnreadable("the bot asked for an action before the officer's first turn")


def say(
    dispatcher: CollectingDispatcher,
    response: Say,
    choices: Sequence[Mapping[str, Any]] = (),
    question: OpenQuestion | None = None,
) -> None:
    """Say a response of the domain, with the buttons of the question it asks."""
    custom: dict[str, Any] = {"choices": list(choices)} if choices else {}
    if question is not None:
        custom["question"] = {"id": question.id, "n": question.n}
    dispatcher.utter_message(response=response.response, json_message=custom, **response.fields)


def changes(before: State, after: State) -> Events:
    """The slots that differ, as events."""
    return [SlotSet(name, value) for name, value in after.changes_since(before).items()]
