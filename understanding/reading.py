"""One message, read with patterns only: clauses, cue words, phrases, status, and the red flags that follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from understanding.clauses import Clause, Span, split
from understanding.heard import Interrupt, Level, RedFlagRaised, SignHeard, Status, highest
from understanding.language import Cues, Phrases, StatusRules, hide_figures
from understanding.language.cues import CueHit
from understanding.rulepack import RedFlag, RulePack, Way, in_group

# How far a cue may stand from its sign, in clauses.
_NEAR = 1
_PHRASE_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Found:
    """A sign somewhere in the message, before its status is read; `exact` is the phrase, if one found it."""

    sign: str
    span: Span
    confidence: float
    exact: Span | None = None


class Reading:
    """What patterns say about one message; the detector adds what the model hears."""

    def __init__(self, text: str, pack: RulePack) -> None:
        self.text = text
        self.pack = pack
        self.looked_at = hide_figures(text)
        """The text with figures of speech blanked out; all places stay the same."""
        self.clauses: list[Clause] = split(text)
        self._rules = StatusRules.shipped()
        self._statuses = self._rules.of_clauses(self.looked_at, self.clauses)

    # --- signs ---

    def phrases(self) -> list[Found]:
        """Every sign whose phrases are in the text; the words are the clauses the phrase stands in."""
        return [
            Found(
                hit.sign, self._clauses_around(Span(hit.start, hit.end)), _PHRASE_CONFIDENCE, Span(hit.start, hit.end)
            )
            for hit in Phrases.shipped().find(self.looked_at)
            if hit.sign in self.pack.sign_ids
        ]

    def status(self, sign_id: str, span: Span, exact: Span | None = None) -> Status:
        """The status of a sign heard in `span`, read from cue words; `exact` is the phrase that said it, if known."""
        not_lowered_by = self.pack.sign(sign_id).not_lowered_by
        place = exact or span
        inside = [n for n, clause in enumerate(self.clauses) if clause.overlaps(place)]
        statuses: set[Status] = set().union(*(self._statuses[n] for n in inside)) if inside else set()
        if exact is not None:
            # Words that are part of the phrase itself ("won't go in") do not turn it round.
            statuses = {status for status in statuses if status != "negated" or self._negated_outside(inside, exact)}
            if inside and self._rules.negated_before(self.looked_at, self.clauses[inside[0]], exact):
                statuses.add("negated")
        return self._rules.choose(statuses, not_lowered_by)

    def level(self, sign_id: str, span: Span) -> Level:
        """A present sign's level after the cues heard near it raised it."""
        sign = self.pack.sign(sign_id)
        lifts = (lift.to for lift in sign.lifts if self._cue_near(lift.cues, span))
        return highest(sign.level, *lifts)

    # --- red flags ---

    def red_flags(self, signs: Sequence[SignHeard]) -> tuple[RedFlagRaised, ...]:
        """The red flags raised by the present signs and the cue words; E before S, then the pack's order."""
        present = [sign for sign in signs if sign.status == "present"]
        raised = [flag for rule in self.pack.red_flag_list if (flag := self._raise(rule, present)) is not None]
        return tuple(sorted(raised, key=lambda flag: flag.interrupt != "E"))

    def _raise(self, rule: RedFlag, present: Sequence[SignHeard]) -> RedFlagRaised | None:
        because: list[str] = []
        places: list[Span] = []
        for way in rule.raised_when:
            for names, place in self._met(way, present):
                because += [name for name in names if name not in because]
                places.append(place)
        if not places:
            return None
        interrupt: Interrupt = rule.interrupt
        for way in rule.emergency:
            for place in places:
                if cue := self._cue_near(way.any_cue, place):
                    interrupt = "E"
                    because += [cue.name] if cue.name not in because else []
        lifted = {sign.level for sign in present if sign.id in because}
        if rule.emergency and "E" in lifted:
            interrupt = "E"
        return RedFlagRaised(rule.id, interrupt, self.text[places[0].start : places[0].end], tuple(because))

    def _met(self, way: Way, present: Sequence[SignHeard]) -> Iterable[tuple[list[str], Span]]:
        if not way.any_sign:
            for cue in self.cues:
                if cue.name in way.any_cue:
                    yield [cue.name], self._clauses_around(Span(cue.start, cue.end))
            return
        for sign in present:
            if not in_group(sign.id, way.any_sign):
                continue
            place = Span(sign.start, sign.end)
            if not way.any_cue:
                yield [sign.id], place
            elif cue_near := self._cue_near(way.any_cue, place):
                yield [sign.id, cue_near.name], place

    # --- cues ---

    @cached_property
    def cues(self) -> list[CueHit]:
        """The cue words that count: not those in a clause that is denied, past, conditional or about others."""
        return [hit for hit in Cues.shipped().find(self.looked_at) if self._counts(hit)]

    def has(self, *names: str) -> CueHit | None:
        """The first of the cues named that is in the message."""
        return next((hit for hit in self.cues if hit.name in names), None)

    def words_around(self, hit: CueHit) -> str:
        """The clause or clauses a cue stands in."""
        span = self._clauses_around(Span(hit.start, hit.end))
        return self.text[span.start : span.end]

    def _counts(self, hit: CueHit) -> bool:
        cues = Cues.shipped()
        despite = cues.despite(hit.name)
        for n, clause in enumerate(self.clauses):
            if clause.overlaps(Span(hit.start, hit.end)):
                if self._statuses[n] - despite:
                    return False
                if cues.can_be_denied(hit.name) and self._rules.negated_before(
                    self.looked_at, clause, Span(hit.start, hit.end)
                ):
                    return False
        return True

    def _cue_near(self, names: Iterable[str], span: Span) -> CueHit | None:
        wanted = set(names)
        inside = [n for n, clause in enumerate(self.clauses) if clause.overlaps(span)]
        if not wanted or not inside:
            return None
        low, high = max(0, inside[0] - _NEAR), min(len(self.clauses) - 1, inside[-1] + _NEAR)
        around = Span(self.clauses[low].start, self.clauses[high].end)
        for hit in self.cues:
            if hit.name in wanted and (
                Cues.shipped().counts_anywhere(hit.name) or around.overlaps(Span(hit.start, hit.end))
            ):
                return hit
        return None

    # --- places ---

    def _clauses_around(self, span: Span) -> Span:
        inside = [clause for clause in self.clauses if clause.overlaps(span)]
        return Span(inside[0].start, inside[-1].end) if inside else span

    def _negated_outside(self, inside: Sequence[int], exact: Span) -> bool:
        """Whether a denial still stands in these clauses once the phrase itself is left out."""
        rest = self.looked_at[: exact.start] + " " * (exact.end - exact.start) + self.looked_at[exact.end :]
        return any("negated" in self._rules.of_words(rest[self.clauses[n].start : self.clauses[n].end]) for n in inside)
