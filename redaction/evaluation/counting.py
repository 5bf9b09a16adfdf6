"""What is counted: mentions hidden whole, under the right kind; other words hidden; words in doubt."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from redaction import types
from redaction.names import TITLES
from redaction.redacted import Span
from redaction.training.notes import MarkedNote
from redaction.words import words_of

Hide = Callable[[str], Iterable[Span]]
"""Finds what is personal in one text, as a conversation of its own."""

STRUCTURED: Final = frozenset(
    {
        *(types.POSTCODE, types.PHONE, types.EMAIL, types.NINO, types.NHS, types.UPN, types.DOB, types.BANK),
        *(types.VEHICLE, types.HANDLE, types.PASSPORT, types.LICENCE, types.UTR, types.IP, types.REF),
    }
)
"""Kinds that are told by their shape, or by the word before them."""

_CONTEXT: Final = 45  # characters shown on either side of a miss
# Say nothing of anybody, and stand inside some marks and outside others.
_UNCOUNTED: Final = TITLES | {"the", "no", "number", "and", "of", "auntie", "uncle", "aunty"}


@dataclass(frozen=True)
class Share:
    """A part of a whole, with its 95 % interval (Wilson 1927)."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """0 to 1; 1 where there is nothing to count."""
        return self.part / self.whole if self.whole else 1.0

    def interval(self) -> tuple[float, float]:
        """The bounds between which the true share lies in 95 of 100 samples of this size."""
        if not self.whole:
            return 0.0, 1.0
        z, n, p = 1.96, self.whole, self.value
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Miss:
    """Something that went wrong in one note. The notes are invented, so it may be shown."""

    note: str
    type: str
    words: str
    context: str
    hidden_part: bool = False


@dataclass
class Tally:
    """Counts over notes. A mention is hidden when all its words, titles and `the`, `no.` and the like apart, are
    under a token to the last letter and digit."""

    mentions: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    words: int = 0
    other_words: int = 0
    other_hidden: int = 0
    doubtful_words: int = 0
    spans: int = 0
    spans_of_nothing: int = 0
    misses: list[Miss] = field(default_factory=list)
    needless: list[Miss] = field(default_factory=list)

    def add(self, note: MarkedNote, hide: Hide) -> None:
        """Hide one note and count."""
        spans = list(hide(note.text))
        types_at: list[str | None] = [None] * len(note.text)
        for span in spans:
            types_at[span.start : span.end] = [span.type] * (span.end - span.start)
        for start, end, kind in note.marks:
            self._count_mention(note, types_at, start, end, kind)
        self._count_spans(note, spans)
        self._count_words(note, spans, types_at)

    def recall(self, *kinds: str) -> Share:
        """Mentions hidden whole, of all mentions of these kinds (all kinds if none is named)."""
        chosen = kinds or tuple(self.mentions)
        return Share(sum(self.hidden[kind] for kind in chosen), sum(self.mentions[kind] for kind in chosen))

    def type_right(self, *kinds: str) -> Share:
        """Mentions under their own kind, of those hidden."""
        chosen = kinds or tuple(self.mentions)
        return Share(sum(self.right[kind] for kind in chosen), sum(self.hidden[kind] for kind in chosen))

    def precision(self) -> Share:
        """Tokens that stand for something marked, of all tokens."""
        return Share(self.spans - self.spans_of_nothing, self.spans)

    def over_hidden(self) -> Share:
        """Other words wrongly hidden, of all other words."""
        return Share(self.other_hidden, self.other_words)

    def doubtful(self) -> Share:
        """Words marked as doubtful, of all words."""
        return Share(self.doubtful_words, self.words)

    def _count_mention(self, note: MarkedNote, types_at: list[str | None], start: int, end: int, kind: str) -> None:
        counted = [
            place
            for word in words_of(note.text[start:end])
            if word.folded not in _UNCOUNTED
            for place in range(start + word.start, start + word.end)
        ]
        if not counted:
            return  # nothing but a title
        self.mentions[kind] += 1
        found = Counter(types_at[place] for place in counted)
        if not found[None]:
            self.hidden[kind] += 1
            self.right[kind] += found.most_common(1)[0][0] == kind
        else:
            self.misses.append(
                Miss(note.id, kind, note.text[start:end], _context(note.text, start, end), len(found) > 1)
            )

    def _count_spans(self, note: MarkedNote, spans: list[Span]) -> None:
        self.spans += len(spans)
        for span in spans:
            if not any(span.start < end and start < span.end for start, end, _ in note.marks):
                self.spans_of_nothing += 1
                words = note.text[span.start : span.end]
                self.needless.append(Miss(note.id, span.type, words, _context(note.text, span.start, span.end)))

    def _count_words(self, note: MarkedNote, spans: list[Span], types_at: list[str | None]) -> None:
        doubtful = [span for span in spans if span.doubtful]
        for word in words_of(note.text):
            self.words += 1
            self.doubtful_words += any(span.start < word.end and word.start < span.end for span in doubtful)
            marked = any(start < word.end and word.start < end for start, end, _ in note.marks)
            if not marked and word.folded not in _UNCOUNTED:
                self.other_words += 1
                self.other_hidden += types_at[word.start] is not None


def count(notes: Iterable[MarkedNote], hide: Hide) -> Tally:
    """Every note, each as a conversation of its own."""
    tally = Tally()
    for note in notes:
        tally.add(note, hide)
    return tally


def _context(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    return f"…{before}«{text[start:end]}»{after}…".replace("\n", " ")
