"""What the bot says in one turn, collected for the desk."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from conversation import State, Turn
from conversation.danger import new_cards


class TurnOutput(OutputChannel):  # type: ignore[misc]  # Rasa publishes no types
    """Collects one turn's messages, and the danger cards heard in it even where the turn fails later."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.heard: list[dict[str, str]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name in responses."""
        return "desk"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:  # noqa: ARG002 - Rasa's signature
        """Take one message of Rasa's into the desk's form."""
        custom = message.get("custom") or {}
        self.messages.append(
            {
                "response": message.get("utter_action", ""),
                "text": message.get("text") or "",
                "choices": custom.get("choices") or [],
                "card": _card(custom),
                "question": custom.get("question"),
            }
        )

    def hear(self, turn: Turn) -> None:
        """Note the cards of the danger heard in the turn, before anything of it is kept."""
        self.heard = [{"id": card.id, "interrupt": card.interrupt} for card in new_cards(State(), turn)]

    def cards(self) -> list[dict[str, str]]:
        """The cards said and heard, each once."""
        cards = [message["card"] for message in self.messages if message["card"]] + self.heard
        return list({card["id"]: card for card in cards}.values())


def _card(custom: dict[str, Any]) -> dict[str, str] | None:
    card = custom.get("card")
    if not card:
        return None
    return dict(card) if isinstance(card, dict) else {"id": card, "interrupt": custom["interrupt"]}
