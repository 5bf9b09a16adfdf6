"""From signs to a suggested level, by the rules of the council's pack. A suggestion: a person decides.

The rules, in order: a sign or red flag at E gives E; one at S, or a cluster that lifts to S, gives S;
otherwise the pack's
headings are counted, and at the pack's minimum, with a child or a pregnancy, the level is C (Connecting
Families, if they
agree); below that N. Only signs that are present, here and now, about this family, count. Nothing here ever
lowers S or E.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from understanding.heard import LEVELS, Level, RedFlagRaised, SignHeard, highest
from understanding.rulepack import Cluster, RulePack, in_group

Missing = Literal["headings", "child_or_pregnancy"]
_PERSON = re.compile(r"\[PERSON \d+\]")


@dataclass(frozen=True)
class Reason:
    """One thing the suggestion stands on: `id` of a sign, red flag or cluster, its words and heading."""

    kind: Literal["sign", "red_flag", "cluster"]
    id: str
    words: str
    heading: int | None
    level: Level


@dataclass(frozen=True)
class Change:
    """What would change the level: so many more headings, a child or pregnancy, a lift of a sign heard, a
    person's reason.

    `needs` "lift": the sign `id` rises if `when` (words of the pack) is true. "recorded_reason": only that
    lowers danger.
    """

    needs: Literal["headings", "child_or_pregnancy", "lift", "recorded_reason"]
    to: Level
    how_many: int = 0
    id: str = ""
    when: str = ""


@dataclass(frozen=True)
class Suggestion:
    """The level suggested, with everything that must be shown beside it."""

    level: Level
    headings: tuple[int, ...]
    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...]
    would_change: tuple[Change, ...]
    pack: str
    pack_version: str

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        data = asdict(self)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Suggestion:
        """The reverse of `as_dict`; raises TypeError when a field is missing or not known."""
        fields = dict(data)
        fields["headings"] = tuple(data["headings"])
        fields["missing"] = tuple(data["missing"])
        fields["reasons"] = tuple(Reason(**reason) for reason in data["reasons"])
        fields["would_change"] = tuple(Change(**change) for change in data["would_change"])
        return cls(**fields)


def suggest(
    pack: RulePack,
    signs: Iterable[SignHeard],
    child_or_pregnancy: bool | None,
    red_flags: Iterable[RedFlagRaised] = (),
    *,
    baby: bool = False,
    days_since_no: int | None = None,
) -> Suggestion:
    """The level the pack's rules give for what was heard.

    `child_or_pregnancy` None means nobody said yet. `baby`: an unborn baby or one under a year was heard of.
    `days_since_no`: days since this family last said no to help. A sign the pack does not have raises KeyError.
    """
    present = _most_serious(pack, (sign for sign in signs if sign.status == "present"))
    levels = {sign.id: _level(pack, sign, present) for sign in present}
    clusters = [
        (cluster, words)
        for cluster in pack.cluster_list
        if (words := _cluster_words(cluster, present, levels, child_or_pregnancy, baby, days_since_no)) is not None
    ]
    flags = sorted(red_flags, key=lambda flag: (flag.interrupt != "E", _place(pack, flag.id)))

    counted = sorted(
        {heading for sign in present if levels[sign.id] != "N" and (heading := pack.heading_of(sign.id)) is not None}
    )
    reached = _count(pack, present, levels, counted) >= pack.minimum
    has_child = child_or_pregnancy is True or not pack.needs_child
    ordinary: Level = "C" if reached and has_child else "N"
    danger: list[Level] = [level for level in levels.values() if level in ("S", "E")]
    danger += [flag.interrupt for flag in flags if flag.interrupt != "none"]
    danger += [cluster.to for cluster, _ in clusters]
    level = highest(ordinary, *danger)

    missing: list[Missing] = []
    if not reached:
        missing.append("headings")
    if not has_child:
        missing.append("child_or_pregnancy")

    reasons = [Reason("red_flag", flag.id, flag.words, None, "E" if flag.interrupt == "E" else "S") for flag in flags]
    reasons += [Reason("cluster", cluster.id, words, None, cluster.to) for cluster, words in clusters]
    reasons += [Reason("sign", sign.id, sign.words, pack.heading_of(sign.id), levels[sign.id]) for sign in present]
    return Suggestion(
        level=level,
        headings=tuple(counted),
        reasons=tuple(reasons),
        missing=tuple(missing),
        would_change=tuple(_changes(pack, present, levels, level, ordinary, missing, counted)),
        pack=pack.name,
        pack_version=pack.version,
    )


def _most_serious(pack: RulePack, signs: Iterable[SignHeard]) -> list[SignHeard]:
    """One entry a sign, the most serious, in the pack's order, so that the order of hearing never matters."""
    best: dict[str, SignHeard] = {}
    for sign in sorted(signs, key=lambda sign: (-LEVELS.index(sign.level), sign.start, sign.end, sign.words)):
        best.setdefault(sign.id, sign)
    return [best[sign.id] for sign in pack.sign_list if sign.id in best]


def _level(pack: RulePack, sign: SignHeard, present: Sequence[SignHeard]) -> Level:
    """The sign's level in this company: its own, what was said about it, and the pack's lifts by other signs."""
    rule = pack.sign(sign.id)
    level = highest(rule.level, sign.level)
    others = [other for other in present if other.id != sign.id]
    heading = pack.heading_of(sign.id)
    for lift in rule.lifts:
        by_sign = any(in_group(other.id, lift.with_signs) for other in others)
        other_headings = {pack.heading_of(other.id) for other in others} - {None, heading}
        if by_sign or (lift.another_heading and other_headings):
            level = highest(level, lift.to)
    return level


def _count(pack: RulePack, present: Sequence[SignHeard], levels: Mapping[str, Level], headings: Sequence[int]) -> int:
    if pack.counting == "headline":
        return len(headings)
    return sum(1 for sign in present if levels[sign.id] != "N" and pack.heading_of(sign.id) is not None)


def _cluster_words(
    cluster: Cluster,
    present: Sequence[SignHeard],
    levels: Mapping[str, Level],
    child: bool | None,
    baby: bool,
    days_since_no: int | None,
) -> str | None:
    """The words a cluster stands on, or None if it does not hold."""
    if (cluster.child and child is not True) or (cluster.baby and not baby):
        return None
    if cluster.after_no_within_days:
        fresh = [sign for sign in present if levels[sign.id] != "N"]
        soon = days_since_no is not None and 0 <= days_since_no <= cluster.after_no_within_days
        return fresh[0].words if fresh and soon else None
    groups = cluster.all_of or (cluster.among,)
    found = [[sign for sign in present if in_group(sign.id, group)] for group in groups]
    enough = all(found) and len(found[0]) >= cluster.at_least
    if not enough or (cluster.one_person and _different_people(found[0])):
        return None
    return " / ".join(sign.words for group in found for sign in group)


def _different_people(signs: Sequence[SignHeard]) -> bool:
    """Whether the words name people, and no one is named with two of the signs."""
    named = [set(_PERSON.findall(sign.words)) for sign in signs]
    if not all(named):
        return False
    return not any(a & b for n, a in enumerate(named) for b in named[n + 1 :])


def _changes(
    pack: RulePack,
    present: Sequence[SignHeard],
    levels: Mapping[str, Level],
    level: Level,
    ordinary: Level,
    missing: Sequence[Missing],
    headings: Sequence[int],
) -> Iterable[Change]:
    if level in ("S", "E"):
        yield Change("recorded_reason", ordinary)
    if "headings" in missing:
        yield Change("headings", "C", how_many=pack.minimum - _count(pack, present, levels, headings))
    if "child_or_pregnancy" in missing:
        yield Change("child_or_pregnancy", "C")
    for sign in present:
        for lift in pack.sign(sign.id).lifts:
            if highest(levels[sign.id], lift.to) != levels[sign.id]:
                yield Change("lift", lift.to, id=sign.id, when=lift.when)


def _place(pack: RulePack, flag_id: str) -> int:
    return next(n for n, flag in enumerate(pack.red_flag_list) if flag.id == flag_id)
