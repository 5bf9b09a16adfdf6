"""Cue words: single facts that raise a sign or a red flag, such as "now", "weapon", "baby" (cues.yml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from understanding.language.patterns import blank, compile_all, find_all, read


@dataclass(frozen=True)
class CueHit:
    """A cue found in a text, in code points."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class _Cue:
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    anywhere: bool
    despite: frozenset[str]
    can_be_denied: bool


class Cues:
    """All the cues; `names` are those that rule packs may use."""

    def __init__(self, cues: dict[str, _Cue]) -> None:
        self._cues = cues
        self.names = frozenset(cues)

    @staticmethod
    @cache
    def shipped() -> Cues:
        """The cues that come with the project."""
        return Cues(
            {
                name: _Cue(
                    compile_all(cue["patterns"]),
                    compile_all(cue.get("unless", ())),
                    bool(cue.get("anywhere", False)),
                    frozenset(cue.get("despite", ())),
                    bool(cue.get("can_be_denied", False)),
                )
                for name, cue in read("cues.yml")["cues"].items()
            }
        )

    def find(self, text: str) -> list[CueHit]:
        """Every cue in the text, whatever its status."""
        hits = []
        for name, cue in self._cues.items():
            looked_at = blank(text, cue.unless) if cue.unless else text
            hits += [CueHit(name, start, end) for start, end in find_all(cue.patterns, looked_at)]
        return hits

    def counts_anywhere(self, name: str) -> bool:
        """Whether the cue is about the household, so that it need not stand near the sign."""
        return self._cues[name].anywhere

    def despite(self, name: str) -> frozenset[str]:
        """The statuses of a clause in which the cue counts all the same."""
        return self._cues[name].despite

    def can_be_denied(self, name: str) -> bool:
        """Whether a negator just before the cue turns it off."""
        return self._cues[name].can_be_denied
