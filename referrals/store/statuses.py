"""Statuses that the receiving team tells us, applied in its order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from referrals.intake import IntakeEvent
from referrals.states import Status, Taken, take
from referrals.store import audit
from referrals.store.alarms import AlarmKind, raise_alarm
from referrals.store.database import transaction
from referrals.store.referrals import (
    HistoryRow,
    add_history,
    is_known_event,
    read_for_change,
    set_status,
    set_taken,
    steps_that_wait,
)
from referrals.store.tables import relay


def events_after(engine: Engine) -> int:
    """The highest number of the receiving team's that is dealt with."""
    with transaction(engine) as db:
        return int(db.scalar(select(relay.c.events_after)) or 0)


def take_event(engine: Engine, event: IntakeEvent, now: datetime) -> Taken | None:
    """Keep one status and move the referral where it may move; None where the number was dealt with before.

    A status for a referral that is not here raises an alarm: a row is missing on this side.
    """
    with transaction(engine) as db:
        if not _advance(db, event.n) or is_known_event(db, event.n):
            return None
        referral = read_for_change(db, event.reference)
        if referral is None:
            raise_alarm(db, AlarmKind.REFERRAL_UNKNOWN, event.reference, now)
            return None
        taken = take(referral.status, event.status)
        add_history(db, event.reference, HistoryRow(event.status, event.at, "team", taken, event.note, event.n))
        if taken.changes_status:
            set_status(db, event.reference, event.status, now)
        audit.append(db, at=now, actor="relay", action=audit.Action.STATUS_TOLD, subject=f"{event.reference}/{event.n}")
    return taken


def pass_over_event(engine: Engine, n: int, now: datetime) -> None:
    """Leave out a status that cannot be read, with an alarm, so that those behind it are not held up."""
    with transaction(engine) as db:
        if _advance(db, n):
            raise_alarm(db, AlarmKind.EVENT_UNREADABLE, str(n), now)


def take_those_that_waited(db: Connection, reference: str, current: Status, now: datetime) -> None:
    """Apply the statuses that came before the receipt, now that it is here."""
    for step in steps_that_wait(db, reference):
        taken = take(current, step.status)
        if step.n is not None:
            set_taken(db, step.n, taken)
        if taken.changes_status:
            current = step.status
            set_status(db, reference, current, now)


def _advance(db: Connection, n: int) -> bool:
    """Move the cursor up to ``n``; False where it is there already. Two relays take turns here."""
    at = int(db.scalar(select(relay.c.events_after).with_for_update()) or 0)
    if n <= at:
        return False
    db.execute(update(relay).values(events_after=n))
    return True
