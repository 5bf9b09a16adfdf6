"""The body of ``POST /webhooks/desk/turn``: what the desk may send, and nothing else."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from conversation import State
from conversation import check_value as check_choice_value
from conversation.questions import ANYTIME

# Characters. A token is longer than most names: a paste of 20,000 characters that is full of names grows by five times.
MAX_TEXT = 100_000
MAX_BODY_BYTES = 1024 * 1024

Id = Annotated[str, StringConstraints(pattern=r"^[a-z]_[0-9a-f]{32}$")]
_Officer = StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")


class Strict(BaseModel):
    """A part of a request: frozen, and nothing in it that is not named here."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ChoiceMade(Strict):
    """A press, bound to the ``n``-th asking of ``question``; ``n`` does not matter for "anytime"."""

    question: str = Field(max_length=64)
    n: int = Field(ge=0)
    value: Any

    def answers(self, state: State) -> bool:
        """Whether the question it answers is the one that is open."""
        if self.question == ANYTIME:
            return True
        return state.question is not None and (state.question.id, state.question.n) == (self.question, self.n)


class TurnRequest(Strict):
    """One turn of the officer: a text, a choice, or the opening of the talk."""

    conversation: Id
    turn: Id
    officer: Annotated[str, _Officer]
    text: str | None = Field(None, min_length=1, max_length=MAX_TEXT)
    choice: ChoiceMade | None = None
    open: bool | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        given = [part is not None for part in (self.text, self.choice)] + [self.open is True]
        if sum(given) != 1 or self.open is False:
            raise ValueError("a turn has exactly one of text, choice and open")
        if self.text is not None and not plain(self.text):
            raise ValueError("the text is empty")
        if self.choice is not None:
            check_choice_value(self.choice.question, self.choice.value)
        return self

    def digest(self) -> str:
        """SHA-256 (hex) of the turn, to tell a repeated turn from a turn id used twice."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def texts(self) -> Iterator[str]:
        """Everything in it that somebody may have typed: the text, and the strings within a choice."""
        if self.text is not None:
            yield self.text
        if self.choice is not None:
            yield from _strings(self.choice.value)

    def looks_like_command(self) -> bool:
        """Whether Rasa could take the text for ``/intent``, which it would execute as if it were understood."""
        return self.text is not None and plain(self.text).startswith("/")

    def parse_data(self) -> dict[str, Any]:
        """A choice or an opening in the form in which Rasa keeps what it understood: no text is made of it."""
        intent, entities = "open", []
        if self.choice is not None:
            intent = "choose"
            entities = [{"entity": "choice", "value": self.choice.model_dump(mode="json")}]
        return {"text": "", "intent": {"name": intent, "confidence": 1.0}, "entities": entities}


def plain(text: str) -> str:
    """``text`` as a lenient reader would see it: compatibility forms folded, invisible characters and margins gone."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}).strip()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
