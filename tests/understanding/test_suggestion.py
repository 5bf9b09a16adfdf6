"""From signs to a level: the rules, and what must hold for every set of signs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding import RedFlagRaised, RulePack, SignHeard, Suggestion, load_pack, suggest
from understanding.heard import LEVELS, STATUSES, Level

PACK = load_pack()
IDS = sorted(PACK.sign_ids)


def heard(sign_id: str, status: str = "present", words: str = "words", level: Level = "N", **more: Any) -> SignHeard:
    fields = {"start": 0, "end": len(words), "confidence": 0.9, "about": "adult", "said_by": "person"} | more
    return SignHeard(id=sign_id, status=status, words=words, level=level, **fields)  # type: ignore[arg-type]


def level_of(*ids: str, child: bool | None = True, pack: RulePack = PACK, **more: Any) -> Level:
    return suggest(pack, [heard(sign) for sign in ids], child, **more).level


signs = st.builds(
    heard,
    st.sampled_from(IDS),
    st.sampled_from(STATUSES),
    words=st.sampled_from(["a", "[PERSON 1] b", "[PERSON 2] c"]),
    level=st.sampled_from(LEVELS),
    start=st.integers(0, 3),
)
sets = st.lists(signs, max_size=8)
children = st.sampled_from([True, False, None])


def test_three_headings_and_a_child_suggest_connecting_families() -> None:
    suggestion = suggest(PACK, [heard("RNT1"), heard("EDU1"), heard("MHA1")], True)
    assert (suggestion.level, suggestion.headings, suggestion.missing) == ("C", (1, 3, 9), ())


def test_two_headings_are_not_enough_and_it_says_what_is_missing() -> None:
    suggestion = suggest(PACK, [heard("RNT1"), heard("EDU1")], True)
    assert (suggestion.level, suggestion.headings, suggestion.missing) == ("N", (1, 9), ("headings",))
    change = suggestion.would_change[0]
    assert (change.needs, change.how_many, change.to) == ("headings", 1, "C")


@pytest.mark.parametrize("child", [None, False])
def test_without_a_child_it_is_not_this_service(child: bool | None) -> None:
    suggestion = suggest(PACK, [heard("RNT1"), heard("EDU1"), heard("MHA1")], child)
    assert (suggestion.level, suggestion.missing) == ("N", ("child_or_pregnancy",))


def test_the_older_pack_needs_two() -> None:
    assert level_of("RNT1", "EDU1", pack=load_pack("families-2015")) == "C"
    assert level_of("RNT1", "MON1", pack=load_pack("families-2015")) == "N"  # one heading there


def test_two_signs_under_one_heading_count_once() -> None:
    assert suggest(PACK, [heard("MON1"), heard("MON2"), heard("FOD1")], True).headings == (10,)


def test_signs_to_note_count_only_with_another_heading() -> None:
    assert suggest(PACK, [heard("MON3")], True).headings == ()
    assert suggest(PACK, [heard("MON3"), heard("EDU1")], True).headings == (1, 10)


@pytest.mark.parametrize("status", ["negated", "past", "other_family", "hypothetical"])
def test_only_what_is_present_counts(status: str) -> None:
    suggestion = suggest(PACK, [heard("SUI2", status), heard("DAB2", status)], True)
    assert (suggestion.level, suggestion.reasons) == ("N", ())


def test_a_sign_seen_is_lifted_by_the_company_it_keeps() -> None:
    assert level_of("BEH2") == "N"
    assert level_of("BEH2", "NEG1") == "S"


@pytest.mark.parametrize(
    ("ids", "more", "level"),
    [
        (("DAB13", "MHA1", "SUB1"), {}, "S"),  # abuse, mental health, drink: one home with a child
        (("DAB13", "MHA1", "SUB1"), {"child": False}, "N"),
        (("SUB2",), {"baby": True}, "S"),
        (("SUB2",), {"baby": False}, "N"),
        (("NEG1", "EDU1"), {}, "S"),
        (("EDU1", "HSG1"), {}, "N"),
        (("RNT1",), {"days_since_no": 30}, "S"),
        (("RNT1",), {"days_since_no": 91}, "N"),
        (("LIT1",), {"days_since_no": 30}, "N"),
    ],
)
def test_clusters(ids: tuple[str, ...], more: dict[str, Any], level: Level) -> None:
    assert level_of(*ids, **more) == level


def test_signs_about_two_named_children_are_no_cluster() -> None:
    two = [heard("EDU1", words="[PERSON 1] never in school"), heard("NEG1", words="[PERSON 2] same clothes")]
    one = [heard("EDU1", words="[PERSON 1] never in school"), heard("NEG1", words="[PERSON 1] same clothes")]
    assert suggest(PACK, two, True).level == "N"
    assert suggest(PACK, one, True).level == "S"


def test_danger_says_that_only_a_recorded_reason_lowers_it() -> None:
    changes = suggest(PACK, [heard("SUI1")], True).would_change
    assert ("recorded_reason", "N") in [(change.needs, change.to) for change in changes]


def test_what_would_lift_a_sign_is_named_in_words() -> None:
    changes = suggest(PACK, [heard("RNT2")], True).would_change
    assert any(
        change.needs == "lift" and change.id == "RNT2" and change.to == "S" and change.when for change in changes
    )


def test_a_red_flag_counts_without_any_sign() -> None:
    flag = RedFlagRaised("RF1", "E", "he is here", ("danger_now",))
    suggestion = suggest(PACK, [], None, [flag])
    assert suggestion.level == "E"
    assert suggestion.reasons[0].id == "RF1"


@given(sets, children)
def test_the_order_of_signs_does_not_matter(some: list[SignHeard], child: bool | None) -> None:
    assert suggest(PACK, some, child) == suggest(PACK, list(reversed(some)), child)


@given(sets, children, st.sampled_from([s for s in PACK.sign_list if s.level in ("S", "E")]))
def test_danger_added_never_lowers(some: list[SignHeard], child: bool | None, serious: Any) -> None:
    before = suggest(PACK, some, child).level
    after = suggest(PACK, [*some, heard(serious.id)], child).level
    assert LEVELS.index(after) >= max(LEVELS.index(before), LEVELS.index(serious.level))


@given(sets, children, signs)
def test_nothing_added_ever_lowers(some: list[SignHeard], child: bool | None, one: SignHeard) -> None:
    unnamed = [SignHeard.from_dict(sign.as_dict() | {"words": "w"}) for sign in [*some, one]]
    assert LEVELS.index(suggest(PACK, unnamed, child).level) >= LEVELS.index(suggest(PACK, unnamed[:-1], child).level)


@given(sets)
def test_a_child_heard_of_never_lowers(some: list[SignHeard]) -> None:
    assert LEVELS.index(suggest(PACK, some, True).level) >= LEVELS.index(suggest(PACK, some, False).level)


@given(sets, children)
def test_what_is_not_present_changes_nothing(some: list[SignHeard], child: bool | None) -> None:
    present = [sign for sign in some if sign.status == "present"]
    assert suggest(PACK, some, child) == suggest(PACK, present, child)


@given(sets, children)
def test_every_reason_shows_its_words(some: list[SignHeard], child: bool | None) -> None:
    suggestion = suggest(PACK, some, child)
    assert all(reason.words for reason in suggestion.reasons)
    if suggestion.level != "N":
        assert suggestion.reasons


@given(sets, children)
def test_as_dict_and_back(some: list[SignHeard], child: bool | None) -> None:
    suggestion = suggest(PACK, some, child)
    assert Suggestion.from_dict(suggestion.as_dict()) == suggestion


@given(sets)
def test_connecting_families_means_the_minimum_and_a_child(some: list[SignHeard]) -> None:
    suggestion = suggest(PACK, some, True)
    if suggestion.level == "C":
        assert len(suggestion.headings) >= PACK.minimum
        assert suggestion.missing == ()
