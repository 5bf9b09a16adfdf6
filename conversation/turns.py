"""One turn of the officer: what was typed or pressed, and what was heard in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar

from pydantic import ValidationError

from conversation.errors import TurnUnreadable
from conversation.state import Facts, Frozen
from understanding.heard import About, Interrupt, Level, SaidBy, Status

Part = TypeVar("Part", bound=Frozen)
# What an officer may do by typing; "choose" is a press, "open" the start of the talk.
Act = Literal[
    "tell",
    "agree",
    "disagree",
    "correct",
    "why",
    "skip",
    "back",
    "stop",
    "status",
    "ask_guidance",
    "greet",
    "choose",
    "open",
]


class SignInTurn(Frozen):
    """A sign heard in this turn, as `understanding` gave it, without offsets."""

    id: str
    status: Status
    words: str
    about: About
    said_by: SaidBy
    confidence: float
    level: Level


class FlagInTurn(Frozen):
    """A red flag raised in this turn."""

    id: str
    interrupt: Interrupt
    words: str
    because: tuple[str, ...]


class Choice(Frozen):
    """A press: `question` as it was asked the `n`-th time, or "anytime"; `value` as docs/conversation.md shows."""

    question: str
    n: int
    value: Any


class Turn(Frozen):
    """One turn. `text` is redacted, and empty for a press or for opening the talk; `at` is seconds since 1970."""

    id: str
    at: float = 0.0
    officer: str = ""
    act: Act = "tell"
    confidence: float = 1.0
    text: str = ""
    choice: Choice | None = None
    signs: tuple[SignInTurn, ...] = ()
    flags: tuple[FlagInTurn, ...] = ()
    facts: Facts = Facts()

    @property
    def danger(self) -> bool:
        """Whether danger was heard in it: then it answers no question."""
        return bool(self.flags) or any(sign.status == "present" and sign.level in ("S", "E") for sign in self.signs)

    @property
    def content(self) -> bool:
        """Whether something was heard in it about the family, whatever its act seems to be."""
        return bool(self.signs or self.flags) or self.facts.child_or_pregnancy or self.facts.baby

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Self:
        """The turn in a `user` event of Rasa's tracker, in the form of Rasa's own JSON.

        Raises TurnUnreadable when the event was not made by our channel.
        """
        parsed = event.get("parse_data") or {}
        metadata = event.get("metadata") or {}
        intent = parsed.get("intent") or {}
        entities = parsed.get("entities") or []
        act: Any = intent.get("name") or "tell"
        try:
            return cls(
                id=metadata["turn"],
                at=event.get("timestamp") or 0.0,
                officer=metadata.get("officer", ""),
                act=act,
                confidence=intent.get("confidence", 1.0),
                text="" if act in ("choose", "open") else event.get("text") or "",
                choice=next(entity["value"] for entity in _of(entities, "choice")) if act == "choose" else None,
                signs=tuple(_picked(SignInTurn, entity) for entity in _of(entities, "sign")),
                flags=tuple(_picked(FlagInTurn, entity) for entity in _of(entities, "red_flag")),
                facts=_facts(entities),
            )
        except (KeyError, StopIteration, ValidationError) as error:
            raise TurnUnreadable(
                f"This turn was not made by the desk's channel ({type(error).__name__}). Send it through the desk."
            ) from None


def _of(entities: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [entity for entity in entities if entity.get("entity") == kind]


def _picked(part: type[Part], entity: Mapping[str, Any]) -> Part:
    fields = {name: entity[name] for name in part.model_fields if name in entity}
    return part.model_validate(fields | {"id": entity["value"]})


def _facts(entities: list[dict[str, Any]]) -> Facts:
    heard = {entity["value"]: entity for entity in _of(entities, "fact")}
    return Facts(
        child_or_pregnancy="child_or_pregnancy" in heard,
        child_words=heard.get("child_or_pregnancy", {}).get("words", ""),
        baby="baby" in heard,
        watched="watched" in heard,
    )
