"""Danger heard by the desk itself, for when the redactor or the bot cannot answer. No model, no network."""

from __future__ import annotations

from bot.desk.bot_client import CardShown
from understanding import danger_words


def hear_danger(raw: str) -> tuple[CardShown, ...]:
    """The cards for the danger words in `raw`."""
    return tuple(CardShown(id=flag.id, interrupt=flag.interrupt) for flag in danger_words(raw))
