"""The action cards: who to call now, and what not to do. They need neither the bot nor the redactor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from understanding import RulePack

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


@dataclass(frozen=True)
class ActionCard:
    """One card in plain words. `do` and `do_not` are short sentences; `contacts` are who to reach, in order."""

    id: str
    name: str
    interrupt: Literal["E", "S"]
    when: str
    emergency_when: str
    do: tuple[str, ...]
    do_not: tuple[str, ...]
    contacts: tuple[str, ...]

    @property
    def page(self) -> str:
        """The last part of its address."""
        return self.id.lower()


class Cards:
    """Every card by its id: the rule pack's red flags, then the desk's own for danger without one."""

    def __init__(self, pack: RulePack) -> None:
        flags = [_card(flag.model_dump(), pack.contact_names) for flag in pack.red_flag_list]
        content = Path(__file__).with_name("content") / "general_cards.yml"
        general = [_card(card, pack.contact_names) for card in yaml.safe_load(content.read_text(encoding="utf-8"))]
        self._cards = {card.id: card for card in flags + general}

    def get(self, card_id: str) -> ActionCard:
        """The card, or the general emergency card for an id that is not known: danger is never left without one."""
        return self._cards.get(card_id, self._cards["EMERGENCY"])

    def page(self, card_id: str) -> str:
        """The path of a card's page."""
        return f"/cards/{self.get(card_id).page}"

    def on_page(self, page: str) -> ActionCard | None:
        """The card whose page this is."""
        return self._cards.get(page.upper()) if page == page.lower() else None

    def all(self) -> tuple[ActionCard, ...]:
        """All of them: emergencies first, then in the pack's order."""
        return tuple(sorted(self._cards.values(), key=lambda card: card.interrupt != "E"))


def _card(fields: Mapping[str, Any], contact_names: Mapping[str, str]) -> ActionCard:
    return ActionCard(
        id=fields["id"],
        name=fields["name"],
        interrupt=fields["interrupt"],
        when=fields["when"],
        emergency_when=fields.get("emergency_when", ""),
        do=_sentences(fields["response"]),
        do_not=_sentences(fields["do_not"]),
        contacts=tuple(contact_names.get(contact, contact) for contact in fields["contacts"]),
    )


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(sentence for sentence in _SENTENCE_END.split(" ".join(text.split())) if sentence)
