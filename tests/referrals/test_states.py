"""No sequence of events takes a referral outside the allowed moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals import ALLOWED_MOVES, MoveNotAllowed, Status, Taken, move, take
from referrals.states import DECIDED, ON_ITS_WAY, TOLD_BY_THE_TEAM, WITH_THE_TEAM

told = st.sampled_from(sorted(TOLD_BY_THE_TEAM))


def _steps_lead(current: Status, to: Status) -> bool:
    """Whether a walk of allowed moves leads there, found by walking every one of them."""
    seen, ahead = set(), [current]
    while ahead:
        for following in ALLOWED_MOVES[ahead.pop()] - seen:
            seen.add(following)
            ahead.append(following)
    return to in seen


def test_every_status_is_in_one_group_and_has_its_moves() -> None:
    assert ON_ITS_WAY | WITH_THE_TEAM | DECIDED == set(Status) == set(ALLOWED_MOVES)
    assert len(ON_ITS_WAY) + len(WITH_THE_TEAM) + len(DECIDED) == len(Status)


@pytest.mark.parametrize("status", sorted(DECIDED))
def test_a_decided_referral_stays_as_it_is(status: Status) -> None:
    assert ALLOWED_MOVES[status] == frozenset()


@pytest.mark.parametrize(
    ("current", "to"),
    [
        ("created", "delivered"),
        ("delivered", "opened"),
        ("opened", "accepted"),
        ("opened", "needs_more"),
        ("opened", "declined"),
        ("needs_more", "opened"),
        ("needs_more", "accepted"),
        ("needs_more", "declined"),
    ],
)
def test_these_moves_and_no_others(current: str, to: str) -> None:
    assert move(Status(current), Status(to)) is Status(to)
    assert sum(len(moves) for moves in ALLOWED_MOVES.values()) == 8


@given(st.sampled_from(sorted(Status)), st.sampled_from(sorted(Status)))
def test_a_move_is_made_or_refused(current: Status, to: Status) -> None:
    if to in ALLOWED_MOVES[current]:
        assert move(current, to) is to
    else:
        with pytest.raises(MoveNotAllowed):
            move(current, to)


@given(st.lists(told, max_size=30), st.integers(0, 30))
def test_no_sequence_of_told_statuses_leaves_the_allowed_moves(events: list[Status], receipt_at: int) -> None:
    current, waiting = Status.CREATED, []
    for place, event in enumerate(events):
        if place == receipt_at:
            current = move(current, Status.DELIVERED)
            for late in waiting:
                current = _follow(current, late)
        if take(current, event) is Taken.WAITS:
            assert current is Status.CREATED
            waiting.append(event)
        else:
            current = _follow(current, event)
    if len(events) <= receipt_at:
        assert current is Status.CREATED


def _follow(current: Status, event: Status) -> Status:
    taken = take(current, event)
    if taken.changes_status:
        assert _steps_lead(current, event)
        return event
    assert taken is Taken.REPEATED if event == current else taken is Taken.STALE
    assert event == current or not _steps_lead(current, event)
    return current


@given(st.lists(told, max_size=20))
def test_hearing_everything_twice_changes_nothing(events: list[Status]) -> None:
    current = Status.DELIVERED
    for event in events:
        once = _follow(current, event)
        assert _follow(once, event) is once
        current = once


@pytest.mark.parametrize("status", [Status.CREATED, Status.DELIVERED])
def test_the_team_cannot_tell_what_is_not_its_to_tell(status: Status) -> None:
    with pytest.raises(MoveNotAllowed):
        take(Status.OPENED, status)


def test_steps_that_were_not_told_are_caught_up() -> None:
    assert take(Status.DELIVERED, Status.ACCEPTED) is Taken.CAUGHT_UP
    assert take(Status.DELIVERED, Status.NEEDS_MORE) is Taken.CAUGHT_UP
    assert take(Status.ACCEPTED, Status.OPENED) is Taken.STALE


@pytest.mark.parametrize("decided", sorted(DECIDED))
def test_a_question_that_was_never_answered_stops_no_decision(decided: Status) -> None:
    assert take(Status.NEEDS_MORE, decided) is Taken.MOVED
    assert take(decided, Status.OPENED) is Taken.STALE  # the answer, on its way at the same time
