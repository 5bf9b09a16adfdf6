"""What was heard in one message: plain data that can be kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Level = Literal["N", "C", "S", "E"]
Interrupt = Literal["none", "S", "E"]
Status = Literal["present", "negated", "past", "other_family", "hypothetical"]
About = Literal["adult", "child", "partner", "ex", "other"]
SaidBy = Literal["person", "officer_saw", "third_party", "suspected"]

LEVELS: tuple[Level, ...] = get_args(Level)
STATUSES: tuple[Status, ...] = get_args(Status)
ABOUTS: tuple[About, ...] = get_args(About)
SAID_BYS: tuple[SaidBy, ...] = get_args(SaidBy)


def highest(*levels: Level) -> Level:
    """The most serious of the levels given: N, then C, S, E."""
    return max(levels, key=LEVELS.index)


def interrupt_of(level: Level) -> Interrupt:
    """Only S and E interrupt."""
    return level if level in ("S", "E") else "none"


@dataclass(frozen=True)
class SignHeard:
    """One sign, with the words it stands on.

    `words` is exactly `text[start:end]` in code points. `confidence` (0 to 1) is of the reading, never of a person.
    `level` is the sign's level after what was said about it raised it ("hands round my neck, this morning").
    """

    id: str
    status: Status
    words: str
    start: int
    end: int
    confidence: float
    about: About
    said_by: SaidBy
    level: Level

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SignHeard:
        """The reverse of `as_dict`; raises TypeError when a field is missing or not known."""
        return cls(**data)


@dataclass(frozen=True)
class RedFlagRaised:
    """A red flag, the words that raised it, and `because`: the signs (ids) and cues (names) it was raised by."""

    id: str
    interrupt: Interrupt
    words: str
    because: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return asdict(self) | {"because": list(self.because)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> RedFlagRaised:
        """The reverse of `as_dict`; raises TypeError when a field is missing or not known."""
        return cls(**(dict(data) | {"because": tuple(data["because"])}))


@dataclass(frozen=True)
class Heard:
    """Everything heard in one message.

    `child_or_pregnancy` and `baby` are True only if heard; False means "not heard", never "there is none".
    `watched` means that somebody who may be causing harm can see or hear: a denial then lowers nothing.
    """

    signs: tuple[SignHeard, ...]
    red_flags: tuple[RedFlagRaised, ...]
    interrupt: Interrupt
    child_or_pregnancy: bool
    child_words: str
    baby: bool
    watched: bool

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return asdict(self) | {
            "signs": [sign.as_dict() for sign in self.signs],
            "red_flags": [flag.as_dict() for flag in self.red_flags],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Heard:
        """The reverse of `as_dict`; raises TypeError when a field is missing or not known."""
        fields = dict(data)
        fields["signs"] = tuple(SignHeard.from_dict(sign) for sign in data["signs"])
        fields["red_flags"] = tuple(RedFlagRaised.from_dict(flag) for flag in data["red_flags"])
        return cls(**fields)
