"""The statuses of a referral and the moves between them. They stand here and nowhere else.

::

    created ──> delivered ──> opened ──────────> accepted | declined
                               │  ^                ^
                               v  │                │
                              needs_more ──────────┘

A question may stay unanswered: the team can still accept or decline. The desk's side and the receiving team's side
both keep a status, and both check their moves here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from referrals.errors import MoveNotAllowed


class Status(StrEnum):
    """Where a referral is."""

    CREATED = "created"  # kept at the desk, on its way
    DELIVERED = "delivered"  # the receiving team's signed receipt is kept at the desk
    OPENED = "opened"  # a person in the receiving team has read it
    NEEDS_MORE = "needs_more"  # the team asked the officer a question
    ACCEPTED = "accepted"
    DECLINED = "declined"


ALLOWED_MOVES: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        Status.CREATED: frozenset({Status.DELIVERED}),
        Status.DELIVERED: frozenset({Status.OPENED}),
        Status.OPENED: frozenset({Status.ACCEPTED, Status.NEEDS_MORE, Status.DECLINED}),
        Status.NEEDS_MORE: frozenset({Status.OPENED, Status.ACCEPTED, Status.DECLINED}),
        Status.ACCEPTED: frozenset(),
        Status.DECLINED: frozenset(),
    }
)

ON_ITS_WAY = frozenset({Status.CREATED})
WITH_THE_TEAM = frozenset({Status.DELIVERED, Status.OPENED, Status.NEEDS_MORE})
DECIDED = frozenset({Status.ACCEPTED, Status.DECLINED})
# What the receiving team may tell the desk; the desk finds out the other two by itself.
TOLD_BY_THE_TEAM = frozenset({Status.OPENED, Status.NEEDS_MORE, Status.ACCEPTED, Status.DECLINED})


def move(current: Status, to: Status) -> Status:
    """``to``, where it may follow ``current``. Raises :class:`MoveNotAllowed`."""
    if to not in ALLOWED_MOVES[current]:
        raise MoveNotAllowed(f"a referral that is {current} cannot become {to}")
    return to


class Taken(StrEnum):
    """What became of a status that the receiving team told us."""

    MOVED = "moved"  # it follows from what we had
    CAUGHT_UP = "caught_up"  # it follows too, with steps between that we were not told
    REPEATED = "repeated"  # we had it already
    WAITS = "waits"  # it came before the receipt: kept until the receipt is here
    STALE = "stale"  # the referral is past it: kept in the history, changes nothing

    @property
    def changes_status(self) -> bool:
        """Whether the referral now has the status we were told."""
        return self in {Taken.MOVED, Taken.CAUGHT_UP}


def take(current: Status, told: Status) -> Taken:
    """What to do with ``told``, a status from the receiving team, for a referral that is ``current`` here.

    Statuses come in order and once each as a rule. After a restored backup or a lost answer they may not: whatever
    comes, the referral stays within :data:`ALLOWED_MOVES`. Raises :class:`MoveNotAllowed` for a status that is not
    the receiving team's to tell.
    """
    if told not in TOLD_BY_THE_TEAM:
        raise MoveNotAllowed(f"the receiving team cannot make a referral {told}")
    if current in ON_ITS_WAY:
        return Taken.WAITS
    if told == current:
        return Taken.REPEATED
    if told in ALLOWED_MOVES[current]:
        return Taken.MOVED
    return Taken.CAUGHT_UP if told in _REACHABLE[current] else Taken.STALE


def _reachable_from(start: Status) -> frozenset[Status]:
    found: set[Status] = set()
    ahead = set(ALLOWED_MOVES[start])
    while ahead:
        status = ahead.pop()
        if status not in found:
            found.add(status)
            ahead |= ALLOWED_MOVES[status]
    return frozenset(found)


_REACHABLE = {status: _reachable_from(status) for status in Status}
