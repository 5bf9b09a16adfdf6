"""Danger heard by the desk itself, for when the redactor or the bot cannot answer. No model, no network."""

from __future__ import annotations

from collections.abc import Iterator

from bot.desk.bot_client import CardShown
from understanding import danger_words

# A long paste is read in pieces, up to an emergency: about 0.2 seconds for 1,000 characters.
_PIECE = 1500
_MOST = 60_000


def hear_danger(raw: str) -> tuple[CardShown, ...]:
    """The cards for the danger words in `raw`, emergencies first. Blocks."""
    heard: dict[str, CardShown] = {}
    for piece in _pieces(raw[:_MOST]):
        for flag in danger_words(piece):
            if flag.interrupt == "E" or flag.id not in heard:
                heard[flag.id] = CardShown(id=flag.id, interrupt="E" if flag.interrupt == "E" else "S")
        if any(card.interrupt == "E" for card in heard.values()):
            break
    return tuple(sorted(heard.values(), key=lambda card: card.interrupt != "E"))


def _pieces(text: str) -> Iterator[str]:
    """`text` cut at the ends of lines or sentences where there are any, else between words."""
    start = 0
    while start < len(text):
        end = start + _PIECE
        if end < len(text):
            cuts = (text.rfind(mark, start + _PIECE // 2, end) for mark in ("\n", ". ", " "))
            end = next((cut + 1 for cut in cuts if cut > 0), end)
        yield text[start:end]
        start = end
