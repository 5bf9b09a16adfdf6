"""Whether a sign is here and now for this family, read from cue words (status.yml), clause by clause.

The method is ConText's: cue words with a scope, and words that look like cues and are none. The maintained libraries
(medspaCy's ConText, negspaCy) need a spaCy entity to hang each status on and carry lists made for hospital
notes ("denies
chest pain"); our signs are whole clauses and our words are a council desk's, so the method is kept and the
cues are ours.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from understanding.clauses import Clause, Span
from understanding.heard import Status
from understanding.language.patterns import blank, compile_all, find_all, read

_ORDER: tuple[Status, ...] = ("other_family", "past", "hypothetical", "negated")
# A clause that goes on about the same people: it begins with one of these and has nobody of its own.
_GOES_ON = re.compile(
    r"(?:and |but |so |n |also )?(?:he|she|they|it|his|her|their|theyve|hes|shes|theres|it's|its)\b", re.IGNORECASE
)
_OWN = re.compile(
    r"\b(?:i|i'm|im|i've|ive|my|me|mine|our|us|we|cl|cl's|client|cust|customer|claimant|caller|own)\b|\[PERSON \d+\]",
    re.IGNORECASE,
)
# "asked about harm, no nothing like that": the answer is the status of what was asked.
_ASKED = re.compile(r"(?:re-?)?(?:asked|asks|checked|screened|enquired|explored)\b", re.IGNORECASE)
_WORDS_BEFORE = 5
_WORD = re.compile(r"\S+")
# "he's been gone ten years", "all sorted now": said of what went before.
_LOOKS_BACK = re.compile(
    r"(?:he|she|they|that|it|this|all|but|thankfully|now)?(?:['’]?s|['’]?ve| is| was| has| have)?\s*"
    r"(?:all |long |been |well )*"
    r"(?:gone|over|done|dead|sorted|finished|left|years|yrs|divorced|separated|resolved|passed|behind|history|ages"
    r"|sober|clean)\b",
    re.IGNORECASE,
)


class StatusRules:
    """Reads the status of a stretch of text from cue words."""

    def __init__(self) -> None:
        rules = read("status.yml")
        self._rules = {
            status: (compile_all(rules[status]["patterns"]), compile_all(rules[status].get("unless", ())))
            for status in (*_ORDER, "before_phrase")
        }

    @staticmethod
    @cache
    def shipped() -> StatusRules:
        """The rules that come with the project."""
        return StatusRules()

    def of_clauses(self, text: str, clauses: Sequence[Clause]) -> list[frozenset[Status]]:
        """For each clause, every status its words, or its neighbours', speak for; empty means present."""
        own = [self.of_words(text[clause.start : clause.end]) for clause in clauses]
        found = [set(statuses) for statuses in own]
        for n in range(1, len(clauses)):
            words = text[clauses[n].start : clauses[n].end]
            near = clauses[n].sentence - clauses[n - 1].sentence <= 1
            if near and "other_family" in found[n - 1] and _GOES_ON.match(words) and not _OWN.search(words):
                found[n].add("other_family")
            if near and "past" in own[n] and _LOOKS_BACK.match(words):
                found[n - 1].add("past")
            same = clauses[n].sentence == clauses[n - 1].sentence
            if same and "negated" in own[n] and _ASKED.match(text[clauses[n - 1].start : clauses[n - 1].end]):
                found[n - 1].add("negated")
            if (
                same
                and "hypothetical" in own[n - 1]
                and "hypothetical" not in found[n]
                and _follows_if(text, clauses[n - 1])
            ):
                found[n].add("hypothetical")
        return [frozenset(statuses) for statuses in found]

    def negated_before(self, text: str, clause: Span, phrase: Span) -> bool:
        """Whether a negator stands in the same clause, at most five words before the phrase."""
        patterns, unless = self._rules["before_phrase"]
        before = text[clause.start : phrase.start] if clause.start < phrase.start else ""
        words = [match.start() for match in _WORD.finditer(before)]
        if not words:
            return False
        near = blank(before, unless)[words[-min(_WORDS_BEFORE, len(words))] :]
        return any(True for _ in find_all(patterns, near))

    def choose(self, statuses: Collection[Status], not_lowered_by: Collection[Status]) -> Status:
        """One status out of those found, leaving out what belongs to the sign itself."""
        for status in _ORDER:
            if status in statuses and status not in not_lowered_by:
                return status
        return "present"

    def of_words(self, words: str) -> frozenset[Status]:
        """Every status that cue words in one clause speak for."""
        return frozenset(
            status
            for status in _ORDER
            if any(True for _ in find_all(self._rules[status][0], blank(words, self._rules[status][1])))
        )


def _follows_if(text: str, clause: Clause) -> bool:
    """ "if she missed the appointment, would they ..." : the condition and what hangs on it are two clauses."""
    return re.match(r"(?:what |wot )?if\b", text[clause.start : clause.end], re.IGNORECASE) is not None
