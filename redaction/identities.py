"""Who and what a conversation speaks of, and the token that stands for each."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from redaction.names import PersonName, same_surface
from redaction.tripwire import tripwire
from redaction.types import DATE, DOB, PERSON, TOKEN, TYPES

_FORMAT = 1
SHOWN_ROW = "shown"
"""The row of `to_rows` that holds what a person has said may be read."""


@dataclass
class _Entry:
    token: str
    type: str
    surfaces: list[str]
    doubtful: bool = False
    told: bool = False
    role: str = ""
    into: str = ""  # the token of the person that this one turned out to be
    keys: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.keys = {same_surface(surface) for surface in self.surfaces}

    def add(self, surface: str) -> None:
        if surface not in self.surfaces:
            self.surfaces.append(surface)
            self.keys.add(same_surface(surface))

    def as_dict(self) -> dict[str, Any]:
        kept = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "keys"}
        return kept | {"surfaces": list(self.surfaces)}

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
        key = same_surface(surface)
        hidden = next((entry for entry in self._live() if key in entry.keys), None)
        if hidden is not None and self._is_settled_away(hidden):
            # Shown by mistake: all of its ways of writing are hidden again.
            for written in hidden.surfaces:
                self._shown.pop(same_surface(written), None)
        self._shown.pop(key, None)
        token = hidden.token if hidden is not None else self.token_for(kind, surface)
        self.settle(token)
        return token

    def settle(self, token: str) -> None:
        """A person says that what is hidden under `token` is personal: it is doubtful no longer."""
        entry = self._entries[token]
        entry.doubtful, entry.told = False, True

    def add(self, token: str, surface: str) -> None:
        """Another way in which what is hidden under `token` is written."""
        self._entry(token).add(surface)

    def set_role(self, token: str, role: str) -> None:
        """A person says who somebody is in the family. Tokens that nobody knows are left out."""
        if token in self._entries:
            self._entry(token).role = role

    def role(self, token: str) -> str:
        """Who they are in the family, once a person has said it; else nothing."""
        return self._entry(token).role if token in self._entries else ""

    def show(self, surface: str) -> None:
        """A person says that `surface` is not personal: from now on it stays readable.

        Raises ValueError for what the tripwire would stop anyway: telephone numbers, postcodes and the like.
        """
        if tripwire(surface):
            raise ValueError("Numbers and addresses of this shape always stay hidden.")
        self._shown[same_surface(surface)] = surface

    def merge(self, token: str, into: str) -> None:
        """Two tokens turn out to be one person: what was `token` is `into` from now on. Its number is not given again.

        Raises ValueError for anything but two people of this book.
        """
        people = {entry.token: entry for entry in self._live() if entry.type == PERSON}
        if token == into or not {token, into} <= set(people):
            raise ValueError("Only two people of this conversation can be the same person.")
        gone, stays = people[token], people[into]
        for surface in gone.surfaces:
            stays.add(surface)
        stays.doubtful = stays.doubtful and gone.doubtful
        stays.told = stays.told or gone.told
        stays.role = stays.role or gone.role
        gone.surfaces, gone.keys, gone.into, gone.role = [], set(), into, ""

    def is_shown(self, surface: str) -> bool:
        """Whether a person has said that `surface` may be read."""
        return same_surface(surface) in self._shown

    def lookup(self, token: str) -> tuple[str, ...]:
        """Every way in which it was written, first seen first; nothing for an unknown token."""
        return tuple(self._entry(token).surfaces) if token in self._entries else ()

    def hidden(self) -> list[str]:
        """Every token that stands for something hidden now, first given first."""
        return [entry.token for entry in self._live() if not self._is_settled_away(entry)]

    def shown(self) -> list[str]:
        """What a person has said may be read, as it was written then."""
        return list(self._shown.values())

    def people(self) -> list[tuple[str, str]]:
        """Token and fullest name of every person, first met first."""
        return [
            (entry.token, entry.best_surface())
            for entry in self._live()
            if entry.type == PERSON and not self._is_settled_away(entry)
        ]

    def doubtful(self) -> list[tuple[str, str]]:
        """Token and words of whatever was hidden only to be safe, and is not settled yet."""
        return [
            (entry.token, entry.surfaces[0])
            for entry in self._live()
            if entry.doubtful and not self._is_settled_away(entry)
        ]

    def known(self) -> Iterator[Known]:
        """Everything whose further mentions are to be hidden: not what is doubtful, not what may be read."""
        for entry in self._live():
            if not entry.doubtful:
                for surface in entry.surfaces:
                    if not self.is_shown(surface):
                        yield Known(entry.type, surface, entry.told)

    def told(self) -> Iterator[tuple[str, str]]:
        """The words, with their token, of whatever a person said is to be hidden."""
        for entry in self._live():
            if entry.told:
                yield from ((surface, entry.token) for surface in entry.surfaces if not self.is_shown(surface))

    def now(self, token: str) -> str:
        """The token under which `token` goes by now: another one where two turned out to be one person."""
        return self._entry(token).token if token in self._entries else token

    def restore(self, text: str, tokens: Iterable[str] | None = None) -> str:
        """`text` with names and numbers in place of tokens: all known ones, or only `tokens`. Exact tokens only."""
        allowed = None if tokens is None else frozenset(tokens)

        def put_back(match: Any) -> str:
            token: str = match[0]
            if token not in self._entries or (allowed is not None and token not in allowed):
                return token
            entry = self._entry(token)
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
                "entries": [entry.as_dict() for entry in self._entries.values()],
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

    def to_rows(self) -> dict[str, str]:
        """Everything as JSON, one row a token and one for what is shown: each is to be sealed for itself."""
        rows = {
            entry.token: json.dumps({"n": n, **entry.as_dict()}, ensure_ascii=False)
            for n, entry in enumerate(self._entries.values())
        }
        return rows | {SHOWN_ROW: json.dumps(list(self._shown.values()), ensure_ascii=False)}

    @classmethod
    def from_rows(cls, rows: Mapping[str, str]) -> Self:
        """What `to_rows` wrote."""
        identities = cls()
        entries = [json.loads(row) for name, row in rows.items() if name != SHOWN_ROW]
        for entry in sorted(entries, key=lambda entry: entry.pop("n")):
            identities._entries[entry["token"]] = _Entry(**entry)
        for surface in json.loads(rows.get(SHOWN_ROW, "[]")):
            identities._shown[same_surface(surface)] = surface
        return identities

    def _live(self) -> Iterator[_Entry]:
        """Those that did not turn out to be somebody else."""
        return (entry for entry in self._entries.values() if not entry.into)

    def _entry(self, token: str) -> _Entry:
        entry = self._entries[token]
        return self._entry(entry.into) if entry.into else entry

    def _find(self, kind: str, surface: str) -> _Entry | None:
        key = same_surface(surface)
        # A date of birth said again without the word "born" is still that date of birth.
        kinds = {kind} if kind not in (DOB, DATE) else {DOB, DATE}
        if kind != PERSON:
            same = (entry for entry in self._live() if entry.type in kinds and key in entry.keys)
            return next(same, None)
        name = PersonName.parse(surface)
        fitting = [
            entry
            for entry in self._live()
            if entry.type == PERSON and name.may_be(PersonName.parse(entry.best_surface()))
        ]
        if not fitting:
            # Two who turned out to be one person may have names that are not alike.
            fitting = [entry for entry in self._live() if entry.type == PERSON and key in entry.keys]
        if len(fitting) <= 1:
            return fitting[0] if fitting else None
        exact = [entry for entry in fitting if same_surface(entry.best_surface()) == key]
        if exact:
            return exact[0]
        whole = [entry for entry in fitting if len(PersonName.parse(entry.best_surface()).words) > 1]
        return whole[0] if len(name.words) > 1 and len(whole) == 1 else None

    def is_settled_away(self, token: str) -> bool:
        """Whether a person has said of all its words that they may be read."""
        return token in self._entries and self._is_settled_away(self._entry(token))

    def _is_settled_away(self, entry: _Entry) -> bool:
        """A person has said of all its words that they name nobody. Its number stays used all the same."""
        return all(self.is_shown(surface) for surface in entry.surfaces)
