"""Lists of names and places, kept as plain text in nlu_data/names."""

import functools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from redaction.words import fold, words_of

FOLDER = Path(__file__).parent.parent / "nlu_data" / "names"


@dataclass(frozen=True)
class Gazetteer:
    """All entries are folded (see `redaction.words.fold`)."""

    first_names: frozenset[str]
    surnames: frozenset[str]
    places: frozenset[tuple[str, ...]]
    """Each place as its words."""
    also_words: frozenset[str]
    """Names and places that are everyday words too: only their surroundings tell."""
    nicknames: tuple[frozenset[str], ...]
    """Sets of first names that may belong to one person."""

    def is_name(self, folded: str) -> bool:
        """Whether it is a known first name or surname."""
        return folded in self.first_names or folded in self.surnames

    def may_be_same_first_name(self, one: str, other: str) -> bool:
        """Whether one may be short for the other."""
        return one == other or any(one in group and other in group for group in self._groups.get(one, ()))

    def same_first_names(self, names: Collection[str]) -> set[str]:
        """`names`, and all that any of them may be short or long for."""
        groups = [group for name in names for group in self._groups.get(name, ())]
        return set(names).union(*groups)

    @functools.cached_property
    def place_starts(self) -> frozenset[str]:
        """The first word of every place."""
        return frozenset(place[0] for place in self.places)

    @functools.cached_property
    def _groups(self) -> dict[str, list[frozenset[str]]]:
        groups: dict[str, list[frozenset[str]]] = {}
        for group in self.nicknames:
            for name in group:
                groups.setdefault(name, []).append(group)
        return groups


@functools.cache
def gazetteer() -> Gazetteer:
    """The lists, read once."""
    nicknames = yaml.safe_load((FOLDER / "nicknames.yml").read_text(encoding="utf-8"))
    return Gazetteer(
        first_names=_names("first_names.txt"),
        surnames=_names("surnames.txt"),
        places=frozenset(
            tuple(word.folded for word in words_of(place))
            for line in _lines("places.txt")
            for place in line.split(",")
            if place.strip()
        ),
        also_words=frozenset(fold(word) for line in _lines("also_words.txt") for word in line.split()),
        nicknames=tuple(frozenset(fold(name) for name in group) for group in nicknames),
    )


def _names(file: str) -> frozenset[str]:
    """A hyphenated name counts by its parts, since words are parted at hyphens."""
    return frozenset(word.folded for line in _lines(file) for word in words_of(line))


def _lines(file: str) -> Iterator[str]:
    for line in (FOLDER / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line
