"""One action: it takes a turn in, asks the next question, and counts what it did in a file."""

from __future__ import annotations

import time

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, SafeAction


class ActionTakeTurn(SafeAction):
    """Answers the turn; "action breaks" makes it raise with all that was said; "wait for it" makes it wait."""

    def name(self) -> str:
        return "action_take_turn"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        message = tracker.latest_message
        text = message.get("text") or ""
        dispatcher.utter_message(response="utter_heard")
        if "action breaks" in text:
            raise ValueError(f"broken by: {text}")
        turn = message["metadata"]["turn"]
        folder = self.resources.settings.data_dir
        if "wait for it" in text:
            (folder / "waiting").touch()
            while not (folder / "go").exists():
                time.sleep(0.02)
        with (folder / "effects").open("a") as effects:
            effects.write(f"{turn} {len(tracker.events)}\n")
        if any(entity["entity"] == "red_flag" for entity in message["entities"]):
            dispatcher.utter_message(response="utter_card")
        answers = dict(tracker.get_slot("answers") or {})
        for entity in message["entities"]:
            if entity["entity"] == "choice":
                answers[entity["value"]["question"]] = {
                    "value": entity["value"]["value"],
                    "how": "choice",
                    "turn": turn,
                }
        asked = [*(tracker.get_slot("asked") or []), "child"]
        return [
            SlotSet("answered_turn", turn),
            SlotSet("officer", message["metadata"]["officer"]),
            SlotSet("answers", answers),
            SlotSet("asked", asked),
            SlotSet("question", {"id": "child", "n": len(asked)}),
        ]
