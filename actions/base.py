"""What every custom action builds on: it never raises, and it does its work off the event loop."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, final

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import Engine

from sealing import KeyStore
from thinkfamily.settings import Settings

_log = logging.getLogger(__name__)

Events = list[dict[str, Any]]


@dataclass(frozen=True)
class Resources:
    """What actions work with; made once by the server and handed to every action."""

    settings: Settings
    casework: Engine
    keys: KeyStore
    inbox_public: bytes


class SafeAction(Action, ABC):  # type: ignore[misc]  # rasa_sdk publishes no types
    """A custom action. The server makes one of each class and registers no others.

    Subclasses write :meth:`name` and :meth:`act`. When ``act`` raises, nothing is said and no slot is set. The channel
    sees from the slot ``answered_turn`` that the turn was not answered, and tells the desk that nothing was kept.
    """

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    @abstractmethod
    def name(self) -> str:
        """The action's name in the domain."""

    @abstractmethod
    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Do the work and return the events; runs in a thread, so database work may block.

        The tracker holds all slots and the present turn's events, not the whole history.
        """

    @final
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]) -> Events:
        """Run :meth:`act`; where it raises, log ids and return no events."""
        try:
            return await asyncio.to_thread(self.act, dispatcher, tracker)
        except Exception:  # the one place where nothing may pass: Rasa would log and answer with the whole tracker
            _log.exception("%s failed in %s", self.name(), tracker.sender_id)
            dispatcher.messages.clear()
            return []
