"""Danger: which cards a turn raises, and what closes them. Nothing but a person's recorded reason lowers danger."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from conversation.ledger import set_aside
from conversation.state import Card, State
from conversation.turns import SignInTurn, Turn
from understanding.heard import LEVELS, Interrupt, Level, highest, interrupt_of

SAME_DAY = "SAME_DAY"
EMERGENCY = "EMERGENCY"


def card_response(card: Card, written: Collection[str] | None = None) -> str:
    """The name of the response that shows a card.

    `written` names the responses there are: one that a council's own pack needs and that nobody wrote yet gives way to
    the general card, so that danger is never left without one.
    """
    general = "utter_card_emergency" if card.interrupt == "E" else "utter_card_same_day"
    if card.id in (SAME_DAY, EMERGENCY):
        return general
    own = f"utter_card_{card.id.lower()}" + ("" if card.interrupt == "E" else "_today")
    return own if written is None or own in written else general


def new_cards(state: State, turn: Turn) -> tuple[Card, ...]:
    """The cards that a turn raises on top of those that stand: E first, then in the order they were heard."""
    cards = [
        Card(id=flag.id, interrupt=flag.interrupt, words=flag.words, because=flag.because, turn=turn.id, at=turn.at)
        for flag in turn.flags
        if _is_news(state.danger, flag.id, flag.interrupt)
    ]
    flagged = [flag.interrupt for flag in turn.flags]
    loose = [sign for sign in turn.signs if sign.status == "present" and sign.level in ("S", "E")]
    level = highest("N", *(sign.level for sign in loose))
    if loose and not any(_at_least(interrupt, level) for interrupt in flagged):
        cards += _for_signs(state.danger, loose, level, turn)
    return tuple(sorted(cards, key=lambda card: card.interrupt != "E"))


def add_cards(standing: tuple[Card, ...], cards: Iterable[Card]) -> tuple[Card, ...]:
    """The cards after new ones came: an open one of the same id gives way, a closed one stays as its own record."""
    cards = tuple(cards)
    ids = {card.id for card in cards}
    return (*(card for card in standing if not (card.open and card.id in ids)), *cards)


def raise_level(state: State, level: Level, signs: Iterable[str], turn: Turn) -> State:
    """The state with a card for S or E where the signs together came to it and no card says so yet."""
    if interrupt_of(level) == "none":
        return state
    because = tuple(signs)
    for card in state.danger:
        seen = card.done == "not_danger" and set(because) <= set(card.because)
        if _at_least(card.interrupt, level) and (card.done != "not_danger" or seen):
            return state
    words = "; ".join(sign.words for sign in state.ledger if sign.id in because)
    return state.model_copy(update={"danger": add_cards(state.danger, [_general(level, words, because, turn)])})


def deal_with(state: State, value: dict[str, Any], turn: Turn) -> State:
    """Close the open cards named in a checked press; "not danger" also sets aside the signs that raised the card."""
    named, done = set(value["cards"]), value["done"]
    closing = [card for card in state.danger if card.open and card.id in named]
    update = {"done": done, "reason": value.get("reason", "").strip(), "done_turn": turn.id, "done_at": turn.at}
    danger = tuple(card.model_copy(update=update) if card in closing else card for card in state.danger)
    ledger = state.ledger
    if done == "not_danger":
        # Signs below S that took part ("no food", with a baby) stay; so does what another card still stands on.
        held = {sign for card in danger if card.done != "not_danger" for sign in card.because}
        lowered = {sign for card in closing for sign in card.because} - held
        serious = {sign.id for sign in ledger if sign.level in ("S", "E")}
        ledger = set_aside(ledger, lowered & serious, "not_danger", turn.id)
    return state.model_copy(update={"danger": danger, "ledger": ledger})


def standing_level(state: State) -> Level:
    """The level of the cards that were not called a mistake: N when there is none."""
    levels: list[Level] = ["E" if card.interrupt == "E" else "S" for card in state.danger if card.done != "not_danger"]
    return highest("N", *levels)


def _is_news(standing: tuple[Card, ...], card_id: str, interrupt: Interrupt) -> bool:
    """Whether a red flag heard again needs its card again.

    It does when it is worse than before, when the last time was called a mistake, or when an emergency that was dealt
    with is heard of again. A same-day card that was acted on is not shown again: a tool that cries wolf is turned off.
    """
    before = [card for card in standing if card.id == card_id]
    if not before:
        return True
    last = before[-1]
    if interrupt == "E":
        return last.interrupt != "E" or not last.open
    return last.done == "not_danger"


def _for_signs(standing: tuple[Card, ...], signs: list[SignInTurn], level: Level, turn: Turn) -> list[Card]:
    """A general card for signs at S or E that raised no red flag of their own, unless a card speaks of them already."""
    areas = {sign.id[:3] for sign in signs}
    for card in standing:
        same_matter = card.open or areas <= {sign[:3] for sign in card.because}
        if _at_least(card.interrupt, level) and card.done != "not_danger" and same_matter:
            return []
    words = "; ".join(dict.fromkeys(sign.words for sign in signs))
    return [_general(level, words, tuple(dict.fromkeys(sign.id for sign in signs)), turn)]


def _general(level: Level, words: str, because: tuple[str, ...], turn: Turn) -> Card:
    card_id = EMERGENCY if level == "E" else SAME_DAY
    return Card(id=card_id, interrupt=interrupt_of(level), words=words, because=because, turn=turn.id, at=turn.at)


def _at_least(interrupt: Interrupt, level: Level) -> bool:
    return interrupt != "none" and LEVELS.index(interrupt) >= LEVELS.index(level)
