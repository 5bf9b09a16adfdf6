"""Short ways to write down turns and states in these tests."""

from __future__ import annotations

import itertools
from typing import Any

from conversation import State, Turn
from conversation.state import Card, Facts, OpenQuestion
from conversation.turns import Choice, FlagInTurn, SignInTurn

_numbers = itertools.count(1)


def sign(sign_id: str, status: str = "present", **changes: Any) -> SignInTurn:
    fields: dict[str, Any] = {
        "id": sign_id,
        "status": status,
        "words": f"words for {sign_id}",
        "about": "adult",
        "said_by": "person",
        "confidence": 0.9,
        "level": "C",
    }
    return SignInTurn(**(fields | changes))


def flag(flag_id: str, interrupt: str = "S", because: tuple[str, ...] = ()) -> FlagInTurn:
    return FlagInTurn(id=flag_id, interrupt=interrupt, words="the words", because=because)


def typed(text: str = "some words", act: str = "tell", *heard: SignInTurn | FlagInTurn, **changes: Any) -> Turn:
    fields: dict[str, Any] = {
        "id": f"t_{next(_numbers):032x}",
        "officer": "a_1",
        "act": act,
        "text": text,
        "signs": tuple(item for item in heard if isinstance(item, SignInTurn)),
        "flags": tuple(item for item in heard if isinstance(item, FlagInTurn)),
    }
    return Turn(**(fields | changes))


def told(*heard: SignInTurn | FlagInTurn, child: bool = False) -> Turn:
    facts = Facts(child_or_pregnancy=child, child_words="lad" if child else "")
    return typed("what was told", "tell", *heard, facts=facts)


def pressed(question: str, value: Any, n: int = 0) -> Turn:
    choice = Choice(question=question, n=n, value=value)
    return Turn(id=f"t_{next(_numbers):032x}", officer="a_1", act="choose", choice=choice)


def anytime(do: str, **more: Any) -> Turn:
    return pressed("anytime", {"do": do, **more})


def asking(question: str, state: State | None = None, n: int = 1) -> State:
    state = state or State()
    opened = OpenQuestion(id=question, n=n)
    return state.model_copy(update={"question": opened, "asked": (*state.asked, question)})


def card(card_id: str, interrupt: str = "S", because: tuple[str, ...] = (), done: str = "") -> Card:
    return Card(id=card_id, interrupt=interrupt, words="the words", because=because, turn="t_0", done=done)
