"""Real databases in a folder of the test, and the actions on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Resources
from actions.talk_base import TalkAction
from conversation import State
from referrals import open_casework
from sealing import KeyStore, Secrets, open_engine
from thinkfamily.settings import read_settings

CONVERSATION = "c_" + "1" * 32


@pytest.fixture
def resources(tmp_path: Path) -> Resources:
    settings = read_settings(data_dir=tmp_path)
    settings.keys_dir.mkdir(parents=True)
    return Resources(
        settings=settings,
        casework=open_casework(settings.database_url("casework")),
        keys=KeyStore(open_engine(settings.database_url("keys"))),
        inbox_public=Secrets(settings.keys_dir).inbox_public,
    )


class Done:
    """What an action said and changed."""

    def __init__(self, action: TalkAction, state: State, event: dict[str, Any] | None) -> None:
        dispatcher = CollectingDispatcher()
        tracker = Tracker(
            CONVERSATION, state.as_slots(), {}, [event] if event else [], False, None, {}, "action_listen"
        )
        self.events = action.act(dispatcher, tracker)
        self.messages = dispatcher.messages
        slots = state.as_slots() | {event["name"]: event["value"] for event in self.events}
        self.state = State.from_slots(slots)

    @property
    def said(self) -> list[str]:
        return [message["response"] for message in self.messages]


Run = Callable[..., Done]


@pytest.fixture
def run(resources: Resources) -> Run:
    def run_action(kind: type[TalkAction], state: State, event: dict[str, Any] | None = None) -> Done:
        return Done(kind(resources), state, event)

    return run_action


def user_event(text: str = "", intent: str = "tell", *entities: dict[str, Any], turn: str = "t_1") -> dict[str, Any]:
    parsed = {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": list(entities)}
    metadata = {"turn": turn, "officer": "a_1"}
    return {"event": "user", "timestamp": 1795370000.0, "text": text, "parse_data": parsed, "metadata": metadata}
