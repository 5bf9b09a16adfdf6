"""Cuts a message into clauses, also where nobody typed a full stop.

Notes come as "cl rang 3 mths behind w rent lad wont go in says shes had enough". A message holds several signs
about several
people, some denied or past, so status is read clause by clause. Only regular expressions are used: a blank
spaCy pipeline
would add its loading time and memory and cut at the same marks, and this module also serves `danger_words`,
which must work
when everything heavier has failed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# A full stop inside a number, an abbreviation with dots or a web address is no end of a sentence.
_SENTENCE_END = re.compile(r"(?<!\d)[.!?…]+(?!\w)|(?<=\d)[.!?](?=\s+\D|\s*$)|[\n;•]+|\s[-–—*]\s|\s//\s")
_COMMA = re.compile(r"(?<!\d),|,(?!\d)|:\s|\s[/&+]\s|[()]")
_PERSON = (
    r"(?:i|we|he|she|they|it|there|cl|client|cust|customer|claimant|mum|mam|dad|nan|gran|partner|ptnr|husband|wife|ex|"
    r"kids?|ch|child|children|lad|lass|son|daughter|dtr|yp|baby|stepdad|bf|boyfriend|girlfriend|"
    r"landlord|school|sch|\[PERSON \d+\])"
)
_MY = r"(?:(?:my|me|her|his|their|our|the|cl's|cust's|hes|shes)\s+)?"
# Words that open a new clause by themselves.
_OPENS = re.compile(
    rf"\s+(?=(?:but|although|though|however|except|cos|coz|cuz|because|bcos|whereas|while|plus|also)\s)"
    rf"|\s+(?=(?:and|an|n|so|then|or)\s+{_MY}{_PERSON}(?:['’]?\w{{0,3}})?\s)"
    rf"|\s+(?=(?:and|n)\s+(?:now|not|no|never|wont|won't|cant|can't|says|said|has|had|is|was|are|been|got|keeps)\s)",
    re.IGNORECASE,
)
# In a long run of words with no mark at all, a person followed by a verb opens a new clause.
_SUBJECT_VERB = re.compile(
    rf"\s+(?={_MY}{_PERSON}(?:['’]?(?:s|m|ve|re|d|ll))?\s+"
    r"(?:is|are|was|were|has|have|had|wont|won't|cant|can't|dont|don't|doesnt|doesn't|isnt|aint|ent|got|gets|goes|says|said|told|"
    r"keeps|needs|never|not|hit|hits|took|left|lost|owes?|wants?|feels?|thinks?|been|being|refus\w+|\w+ing|\w+ed)\b)"
    r"|\s+(?=(?:says|said|states|reports|denies|asked)\s)",
    re.IGNORECASE,
)
_LONG = 9
_SHORT = 3
_NAME_ONLY = re.compile(r"\[[A-Z]+ \d+\](?: \w+)?$")
_WORD = re.compile(r"\[[A-Z]+ \d+\]|[\w'’-]+")


@dataclass(frozen=True)
class Span:
    """A stretch of the message, in code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Clause(Span):
    """A clause and the number of the sentence it stands in (from 0)."""

    sentence: int


def split(text: str) -> list[Clause]:
    """The clauses of a message, in order; white space and marks at their edges are left out."""
    clauses: list[Clause] = []
    for number, sentence in enumerate(_cut(text, Span(0, len(text)), _SENTENCE_END)):
        clauses.extend(Clause(part.start, part.end, number) for part in _split_sentence(text, sentence))
    return clauses


def windows(text: str, clauses: Sequence[Clause], *, longest: int = 36, window: int = 10) -> list[Span]:
    """Stretches worth reading as a whole: each clause, neighbours together, whole sentences, parts of long clauses.

    `longest` and `window` are in words. The detector reads each and keeps the best, so a wrong cut loses nothing.
    """
    spans: dict[tuple[int, int], Span] = {}

    def add(start: int, end: int) -> None:
        spans.setdefault((start, end), Span(start, end))

    for n, clause in enumerate(clauses):
        add(clause.start, clause.end)
        for m in range(n + 1, len(clauses)):
            if clauses[m].sentence > clause.sentence + 1 or count_words(text, clause.start, clauses[m].end) > longest:
                break
            same = clauses[m].sentence == clause.sentence
            whole = _is_whole(clauses, n, m)
            if whole or (m == n + 1 and same):
                add(clause.start, clauses[m].end)
        words = [match.span() for match in _WORD.finditer(text, clause.start, clause.end)]
        if len(words) > window * 1.5:
            for first in range(0, len(words) - window // 2, window // 2):
                add(words[first][0], words[min(first + window, len(words)) - 1][1])
    return list(spans.values())


def count_words(text: str, start: int, end: int) -> int:
    """How many words stand between two places; a token such as [PERSON 1] is one."""
    return sum(1 for _ in _WORD.finditer(text, start, end))


def _is_whole(clauses: Sequence[Clause], first: int, last: int) -> bool:
    """Whether these clauses are one or two whole sentences."""
    starts = first == 0 or clauses[first - 1].sentence != clauses[first].sentence
    ends = last == len(clauses) - 1 or clauses[last + 1].sentence != clauses[last].sentence
    return starts and ends


def _split_sentence(text: str, sentence: Span) -> list[Span]:
    parts = _join_short(text, _cut(text, sentence, _COMMA))
    parts = [piece for part in parts for piece in _join_short(text, _cut(text, part, _OPENS))]
    result: list[Span] = []
    for part in parts:
        if count_words(text, part.start, part.end) > _LONG:
            result.extend(_join_short(text, _cut(text, part, _SUBJECT_VERB)))
        else:
            result.append(part)
    return result


def _cut(text: str, span: Span, mark: re.Pattern[str]) -> list[Span]:
    pieces: list[Span] = []
    start = span.start
    for match in mark.finditer(text, span.start, span.end):
        pieces.append(Span(start, match.start()))
        start = match.end()
    pieces.append(Span(start, span.end))
    trimmed = [_trim(text, piece) for piece in pieces]
    return [piece for piece in trimmed if piece.start < piece.end]


def _trim(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and not (text[start].isalnum() or text[start] in "[£$€\"'“‘"):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in "]%\"'”’"):
        end -= 1
    return Span(start, end)


def _join_short(text: str, parts: Sequence[Span]) -> list[Span]:
    """One or two words are no clause: they go with what follows, or at the end with what came before."""
    joined: list[Span] = []
    waiting: int | None = None
    for n, part in enumerate(parts):
        start = part.start if waiting is None else waiting
        waiting = None
        if count_words(text, start, part.end) < _SHORT and not _NAME_ONLY.match(text[start : part.end]):
            if n + 1 < len(parts):
                waiting = start
                continue
            if joined:
                joined[-1] = Span(joined[-1].start, part.end)
                continue
        joined.append(Span(start, part.end))
    return joined
