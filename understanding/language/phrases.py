"""Phrases that say a sign almost beyond doubt (phrases.yml): for precision, and for danger when no model can be run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from understanding.language.patterns import blank, compile_all, find_all, read


@dataclass(frozen=True)
class PhraseHit:
    """A phrase of a sign found in a text, in code points."""

    sign: str
    start: int
    end: int


class Phrases:
    """The phrases of every sign that has some."""

    def __init__(self, phrases: dict[str, tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]]) -> None:
        self._phrases = phrases

    @staticmethod
    @cache
    def shipped() -> Phrases:
        """The phrases that come with the project."""
        return Phrases(
            {
                sign: (compile_all(entry["patterns"]), compile_all(entry.get("unless", ())))
                for sign, entry in read("phrases.yml")["phrases"].items()
            }
        )

    @property
    def signs(self) -> frozenset[str]:
        """The signs that have phrases."""
        return frozenset(self._phrases)

    def find(self, text: str) -> list[PhraseHit]:
        """Every phrase in the text, whatever its status."""
        hits = []
        for sign, (patterns, unless) in self._phrases.items():
            looked_at = blank(text, unless) if unless else text
            hits += [PhraseHit(sign, start, end) for start, end in find_all(patterns, looked_at)]
        return hits
