"""What the bot says in one turn, collected for the desk."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from conversation import Turn


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
        self.heard = [{"id": flag.id, "interrupt": flag.interrupt} for flag in turn.flags]
        levels = {sign.level for sign in turn.signs if sign.status == "present"}
        interrupts = {card["interrupt"] for card in self.heard}
        if "E" in levels and "E" not in interrupts:
            self.heard.append({"id": "EMERGENCY", "interrupt": "E"})
        elif "S" in levels and not interrupts:
            self.heard.append({"id": "SAME_DAY", "interrupt": "S"})

    def cards(self) -> list[dict[str, str]]:
        """The cards said and heard, each once."""
        cards = [message["card"] for message in self.messages if message["card"]] + self.heard
        return list({card["id"]: card for card in cards}.values())


def _card(custom: dict[str, Any]) -> dict[str, str] | None:
    card = custom.get("card")
    if not card:
        return None
    return dict(card) if isinstance(card, dict) else {"id": card, "interrupt": custom["interrupt"]}
