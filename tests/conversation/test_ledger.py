"""How a sign that is heard changes what stands in the ledger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.ledger import counting, hear, set_aside
from tests.conversation.turns import sign


def test_a_sign_is_noted_with_its_words_and_its_turn() -> None:
    (noted,) = hear((), [sign("RNT1", words="3 months behind")], "t_1", watched=False)
    assert (noted.id, noted.words, noted.turn, noted.counts) == ("RNT1", "3 months behind", "t_1", True)
    assert [hearing.turn for hearing in noted.history] == ["t_1"]


@pytest.mark.parametrize("status", ["negated", "past"])
def test_taking_back_a_sign_lowers_it_and_keeps_the_history(status: str) -> None:
    ledger = hear((), [sign("RNT1")], "t_1", watched=False)
    (noted,) = hear(ledger, [sign("RNT1", status, words="rent is fine")], "t_2", watched=False)
    assert not noted.counts
    assert [(hearing.turn, hearing.status) for hearing in noted.history] == [("t_1", "present"), ("t_2", status)]


@pytest.mark.parametrize(
    ("first", "second", "watched"),
    [
        (
            sign("DAB2", level="S"),
            sign("DAB2", "negated", level="S"),
            False,
        ),  # danger: only a recorded reason lowers it
        (sign("SUI2", level="E"), sign("SUI2", "past", level="E"), False),
        (sign("SUB1"), sign("SUB1", "negated", said_by="suspected"), False),  # the one who may be causing harm says so
        (sign("SUB1"), sign("SUB1", "negated"), True),  # somebody can hear
        (sign("RNT1"), sign("RNT1", "other_family"), False),  # talk of the neighbours takes nothing back
        (sign("RNT1"), sign("RNT1", "hypothetical"), False),
    ],
)
def test_some_denials_lower_nothing_but_are_kept(first, second, watched) -> None:
    ledger = hear((), [first], "t_1", watched=False)
    (noted,) = hear(ledger, [second], "t_2", watched=watched)
    assert noted.counts
    assert noted.history[-1].status == second.status


def test_within_one_message_a_denial_is_about_something_else() -> None:
    ledger = hear((), [sign("EDU1", words="he is never in"), sign("EDU1", "negated")], "t_1", watched=False)
    assert [entry.words for entry in counting(ledger)] == ["he is never in"]


def test_a_worse_hearing_gives_the_words_and_the_level() -> None:
    ledger = hear(
        (), [sign("DAB2", level="S", words="hit me"), sign("DAB2", level="E", words="is hitting")], "t_1", False
    )
    assert [(entry.level, entry.words) for entry in ledger] == [("E", "is hitting")]


def test_a_sign_set_aside_counts_again_only_when_it_is_heard_again() -> None:
    ledger = set_aside(hear((), [sign("RNT1")], "t_1", watched=False), ["RNT1"], "not_right", "t_2")
    assert not counting(ledger)
    assert not counting(hear(ledger, [sign("RNT1", "past")], "t_3", watched=False))
    (again,) = hear(ledger, [sign("RNT1", words="two weeks behind")], "t_4", watched=False)
    assert again.counts
    assert [hearing.set_aside for hearing in again.history] == ["", "not_right", ""]


SIGNS = st.builds(
    sign,
    st.sampled_from(["RNT1", "EDU1", "DAB2", "SUI2"]),
    st.sampled_from(["present", "negated", "past", "other_family", "hypothetical"]),
    level=st.sampled_from(["N", "C", "S", "E"]),
    said_by=st.sampled_from(["person", "officer_saw", "third_party", "suspected"]),
)


@given(st.lists(st.lists(SIGNS, max_size=4), max_size=6), st.booleans())
def test_danger_once_heard_never_goes_by_itself_and_no_hearing_is_lost(turns, watched) -> None:
    ledger, dangerous, heard = (), set(), 0
    for n, signs in enumerate(turns):
        ledger = hear(ledger, signs, f"t_{n}", watched)
        heard += len(signs)
        dangerous |= {entry.id for entry in ledger if entry.counts and entry.level in ("S", "E")}
        assert dangerous <= {entry.id for entry in counting(ledger)}
        assert sum(len(entry.history) for entry in ledger) == heard
        assert len({entry.id for entry in ledger}) == len(ledger)
