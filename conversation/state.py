"""What is known in a talk. Tokens only: nothing here ever holds a person's name, number or address.

The whole of it is plain JSON (docs/conversation.md shows every shape), lives in Rasa slots of the same names, and goes
back to the desk after each turn. All of it is frozen: `note` makes a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from understanding.heard import About, Interrupt, Level, SaidBy, Status

# "not_right": the officer says it was misheard. "not_danger": the card it raised was closed with a reason.
SetAside = Literal["", "not_right", "not_danger"]
Done = Literal["", "calling_now", "colleague_calling", "not_danger"]
How = Literal["choice", "text", "heard", "skip"]
# What the officer asked the tool for in the last turn, answered before anything else is asked of them.
Request = Literal["", "why", "status", "ask_guidance", "stop"]
Ending = Literal["referred", "help", "said_no", "not_asked", "nothing_heard", "safeguarding", "emergency"]


class Frozen(BaseModel):
    """A part of the state: frozen, and with no field that is not named here."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Hearing(Frozen):
    """One time that a sign was heard, or changed: what `status` it was given, on which `words`, in which turn."""

    turn: str
    status: Status
    words: str
    said_by: SaidBy = "person"
    set_aside: SetAside = ""


class LedgerSign(Frozen):
    """A sign as it stands now. `history` keeps every hearing, oldest first, so that a correction shows."""

    id: str
    status: Status
    level: Level
    words: str
    about: About
    said_by: SaidBy
    confidence: float
    turn: str
    set_aside: SetAside = ""
    history: tuple[Hearing, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it is present, about this family, and not set aside by the officer."""
        return self.status == "present" and not self.set_aside


class Card(Frozen):
    """An action card that was shown: a red flag of the rule pack, or SAME_DAY or EMERGENCY for a level without one.

    It stays open until `done` says what the officer did; only `not_danger` needs a `reason`.
    Times are seconds since 1970.
    """

    id: str
    interrupt: Interrupt
    words: str
    because: tuple[str, ...]
    turn: str
    at: float = 0.0
    done: Done = ""
    reason: str = ""
    done_turn: str = ""
    done_at: float = 0.0

    @property
    def open(self) -> bool:
        """Whether the officer has not yet said what was done about it."""
        return not self.done


class Facts(Frozen):
    """Facts that matter to the level. False means "not heard", never "there is none"."""

    child_or_pregnancy: bool = False
    child_words: str = ""
    baby: bool = False
    watched: bool = False


class Answer(Frozen):
    """An answer: its `value` (None when skipped), how it came, in which turn, and about which sign, if any."""

    value: Any = None
    how: How
    turn: str
    about: str = ""


class OpenQuestion(Frozen):
    """The question that is open. `n` binds a press to this asking of it; `about` is the sign asked about, if any."""

    id: str
    n: int
    about: str = ""


class Picture(Frozen):
    """What the rule pack makes of what is known now. It steers the questions; the officer is shown `Suggestion`.

    `ask_sign` is the sign whose own question would help most; `headings_unheard` the numbers not heard yet.
    """

    level: Level = "N"
    headings: tuple[int, ...] = ()
    headings_unheard: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    child_would_change: bool = False
    more_would_change: bool = True
    ask_sign: str = ""


class SuggestedSign(Frozen):
    """A sign that a suggestion stands on, with its words."""

    id: str
    name: str
    words: str
    level: Level


class Suggestion(Frozen):
    """What was suggested to the officer, by which rules. It is kept as it was shown."""

    level: Level
    pack: str
    headings: tuple[int, ...]
    signs: tuple[SuggestedSign, ...]
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    would_change: tuple[str, ...]
    turn: str


class PersonListed(Frozen):
    """Someone found in the talk: who they are, and whether they agreed to be named to the receiving team."""

    token: str
    role: str
    agreed: bool


class Agreed(Frozen):
    """The answer to one agreement question: only ever a press. `wording` is the version of the words read aloud."""

    value: Any
    wording: str
    turn: str
    at: float = 0.0


class ReferralMade(Frozen):
    """How the sending went. `reference` is set only once the referral is stored for good."""

    reference: str = ""
    status: str
    why: str = ""
    envelope: str = ""


class Ended(Frozen):
    """How the talk ended, and in which turn."""

    how: Ending
    turn: str


class State(Frozen):
    """The whole of what is known in one talk."""

    answered_turn: str = ""
    officer: str = ""
    instance: int = 1
    ledger: tuple[LedgerSign, ...] = ()
    danger: tuple[Card, ...] = ()
    facts: Facts = Facts()
    answers: dict[str, Answer] = {}
    question: OpenQuestion | None = None
    asked: tuple[str, ...] = ()
    picture: Picture = Picture()
    officer_level: Level | None = None
    suggestion: Suggestion | None = None
    decision: str | None = None
    agreement: dict[str, Agreed] = {}
    people: tuple[PersonListed, ...] | None = None
    details: tuple[str, ...] = ()
    referral: ReferralMade | None = None
    ended: Ended | None = None
    parked: bool = False
    request: Request = ""

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> Self:
        """The state in a tracker's slots; slots of other names are left out, empty ones take their default.

        Raises pydantic's ValidationError when a slot does not hold what it should.
        """
        return cls.model_validate({name: slots[name] for name in cls.model_fields if slots.get(name) is not None})

    def as_slots(self) -> dict[str, Any]:
        """Every field as plain JSON, by slot name."""
        return self.model_dump(mode="json")

    def changes_since(self, before: State) -> dict[str, Any]:
        """The slots whose values differ from `before`."""
        old = before.as_slots()
        return {name: value for name, value in self.as_slots().items() if value != old[name]}

    @property
    def open_cards(self) -> tuple[Card, ...]:
        """The cards nothing was done about yet: E before S, then as they came."""
        return tuple(sorted((card for card in self.danger if card.open), key=lambda card: card.interrupt != "E"))

    @property
    def emergency(self) -> bool:
        """Whether an E card stands that the officer has not called a mistake: no ordinary referral is offered then."""
        return any(card.interrupt == "E" and card.done != "not_danger" for card in self.danger)
