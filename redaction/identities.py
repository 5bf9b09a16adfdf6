"""Who and what a conversation speaks of, and the token that stands for each."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from redaction.names import PersonName, same_surface
from redaction.tripwire import tripwire
from redaction.types import DATE, DOB, PERSON, TOKEN, TYPES

_FORMAT = 1


@dataclass
class _Entry:
    token: str
    type: str
    surfaces: list[str]
    doubtful: bool = False
    told: bool = False
    keys: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.keys = {same_surface(surface) for surface in self.surfaces}

    def add(self, surface: str) -> None:
        if surface not in self.surfaces:
            self.surfaces.append(surface)
            self.keys.add(same_surface(surface))

    def best_surface(self) -> str:
        """The fullest way in which it was written, mixed case before capitals."""
        return max(
            self.surfaces,
            key=lambda surface: (
                len(PersonName.parse(surface).words),
                len(same_surface(surface)),
                surface != surface.lower() and surface != surface.upper(),
            ),
        )


@dataclass(frozen=True)
class Known:
    """Something that this conversation has already named."""

    type: str
    surface: str
    told: bool
    """A person said that it is to be hidden: so it is, even where it is an everyday word."""


class Identities:
    """The token book of one conversation: the same person has the same token all through.

    Where a name fits two people, neither token is used: a token of its own is the safe mistake, for details are
    shared by token.
    """

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._shown: dict[str, str] = {}

    def token_for(self, kind: str, surface: str, *, doubtful: bool = False) -> str:
        """The token for what is written `surface`, known or new."""
        entry = self._find(kind, surface)
        if entry is None:
            number = 1 + sum(1 for known in self._entries.values() if known.type == kind)
            entry = _Entry(f"[{kind} {number}]", kind, [surface], doubtful)
            self._entries[entry.token] = entry
        else:
            entry.add(surface)
            entry.doubtful = entry.doubtful and doubtful
        return entry.token

    def hide(self, surface: str, kind: str = PERSON) -> str:
        """A person says that `surface` is personal: from now on every mention is hidden. Returns its token."""
        if kind not in TYPES:
            raise ValueError(f"{kind} is not a kind of personal data: use one of {', '.join(TYPES)}.")
        if not same_surface(surface):
            raise ValueError("There is nothing to hide in this text.")
        self._shown.pop(same_surface(surface), None)
        token = self.token_for(kind, surface)
        self._entries[token].told = True
        return token

    def show(self, surface: str) -> None:
        """A person says that `surface` is not personal: from now on it stays readable.

        Raises ValueError for what the tripwire would stop anyway: telephone numbers, postcodes and the like.
        """
        if tripwire(surface):
            raise ValueError("Numbers and addresses of this shape always stay hidden.")
        self._shown[same_surface(surface)] = surface

    def merge(self, token: str, into: str) -> None:
        """Two tokens turn out to be one person: what was `token` is `into` from now on.

        Raises ValueError for anything but two people of this book.
        """
        gone, stays = self._entries.get(token), self._entries.get(into)
        if gone is None or stays is None or gone is stays or {gone.type, stays.type} != {PERSON}:
            raise ValueError("Only two people of this conversation can be the same person.")
        for surface in gone.surfaces:
            stays.add(surface)
        stays.doubtful = stays.doubtful and gone.doubtful
        stays.told = stays.told or gone.told
        del self._entries[token]

    def is_shown(self, surface: str) -> bool:
        """Whether a person has said that `surface` may be read."""
        return same_surface(surface) in self._shown

    def lookup(self, token: str) -> tuple[str, ...]:
        """Every way in which it was written, first seen first; nothing for an unknown token."""
        entry = self._entries.get(token)
        return tuple(entry.surfaces) if entry else ()

    def people(self) -> list[tuple[str, str]]:
        """Token and fullest name of every person, first met first."""
        return [
            (entry.token, entry.best_surface())
            for entry in self._entries.values()
            if entry.type == PERSON and not self._is_settled_away(entry)
        ]

    def doubtful(self) -> list[tuple[str, str]]:
        """Token and words of whatever was hidden only to be safe, and is not settled yet."""
        return [
            (entry.token, entry.surfaces[0])
            for entry in self._entries.values()
            if entry.doubtful and not self._is_settled_away(entry)
        ]

    def known(self) -> Iterator[Known]:
        """Everything whose further mentions are to be hidden: not what is doubtful, not what may be read."""
        for entry in self._entries.values():
            if not entry.doubtful:
                for surface in entry.surfaces:
                    if not self.is_shown(surface):
                        yield Known(entry.type, surface, entry.told)

    def restore(self, text: str, tokens: Iterable[str] | None = None) -> str:
        """`text` with names and numbers in place of tokens: all known ones, or only `tokens`. Exact tokens only."""
        allowed = None if tokens is None else frozenset(tokens)

        def put_back(match: Any) -> str:
            token: str = match[0]
            entry = self._entries.get(token)
            if entry is None or (allowed is not None and token not in allowed):
                return token
            return entry.best_surface() if entry.type == PERSON else entry.surfaces[0]

        return TOKEN.sub(put_back, text)

    def replace_with(self, other: "Identities") -> None:
        """Become what `other` is, as after a change that failed half way."""
        self._entries, self._shown = other._entries, other._shown

    def copy(self) -> "Identities":
        """For trying a text out: what is hidden in it is not remembered here."""
        return Identities.from_json(self.to_json())

    def to_json(self) -> str:
        """Everything, for keeping sealed: it names people."""
        return json.dumps(
            {
                "format": _FORMAT,
                "entries": [
                    {
                        "token": e.token,
                        "type": e.type,
                        "surfaces": e.surfaces,
                        "doubtful": e.doubtful,
                        "told": e.told,
                    }
                    for e in self._entries.values()
                ],
                "shown": list(self._shown.values()),
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. Raises ValueError if it is anything else."""
        kept = json.loads(text)
        if not isinstance(kept, dict) or kept.get("format") != _FORMAT:
            raise ValueError("This is not a token book that can be read here.")
        identities = cls()
        for entry in kept["entries"]:
            identities._entries[entry["token"]] = _Entry(**entry)
        for surface in kept["shown"]:
            identities._shown[same_surface(surface)] = surface
        return identities

    def _find(self, kind: str, surface: str) -> _Entry | None:
        key = same_surface(surface)
        # A date of birth said again without the word "born" is still that date of birth.
        kinds = {kind} if kind not in (DOB, DATE) else {DOB, DATE}
        if kind != PERSON:
            same = (entry for entry in self._entries.values() if entry.type in kinds and key in entry.keys)
            return next(same, None)
        name = PersonName.parse(surface)
        fitting = [
            entry
            for entry in self._entries.values()
            if entry.type == PERSON and name.may_be(PersonName.parse(entry.best_surface()))
        ]
        if len(fitting) <= 1:
            return fitting[0] if fitting else None
        exact = [entry for entry in fitting if same_surface(entry.best_surface()) == key]
        if exact:
            return exact[0]
        whole = [entry for entry in fitting if len(PersonName.parse(entry.best_surface()).words) > 1]
        return whole[0] if len(name.words) > 1 and len(whole) == 1 else None

    def _is_settled_away(self, entry: _Entry) -> bool:
        """A person has said of all its words that they name nobody. Its number stays used all the same."""
        return all(self.is_shown(surface) for surface in entry.surfaces)
