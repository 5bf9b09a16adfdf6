"""What a person has to look at: what was noted when it happened, and what the rows themselves show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Engine, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite

from referrals.store.database import transaction
from referrals.store.tables import State, alarms, outbox, receipts, referrals, relay

DELIVERED_WITHIN = timedelta(minutes=15)
"""A reference that was shown is at the receiving team within this time, or here."""
HEARTBEAT_WITHIN = timedelta(minutes=1)


class AlarmKind(StrEnum):
    """What is the matter."""

    NOT_DELIVERED = "not_delivered"  # later than it may be
    SET_ASIDE = "set_aside"  # the receiving side will not take it as it is
    RECEIPT_WRONG = "receipt_wrong"  # a receipt that the receiving team's key did not sign, or for other content
    NOT_SET_UP = "not_set_up"  # the receiving side does not know us: address, secret or clock
    RELAY_SILENT = "relay_silent"  # nothing is being delivered
    ROW_MISSING = "row_missing"  # a row that must be there is not
    REFERRAL_UNKNOWN = "referral_unknown"  # the receiving team has one that is not here
    EVENT_UNREADABLE = "event_unreadable"  # a status from the receiving team that could not be read


@dataclass(frozen=True, order=True)
class Alarm:
    """One thing to look at: ``subject`` is a reference, an item or a number."""

    since: datetime
    kind: AlarmKind
    subject: str


def raise_alarm(db: Connection, kind: AlarmKind, subject: str, now: datetime) -> None:
    """Note it; the time of one that stands already is left."""
    build = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    statement = build(alarms).values(kind=kind, subject=subject, raised_at=now)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=[alarms.c.kind, alarms.c.subject],
            set_={"raised_at": now, "cleared_at": None},
            where=alarms.c.cleared_at.is_not(None),
        )
    )


def note_alarm(engine: Engine, kind: AlarmKind, subject: str, now: datetime) -> None:
    """:func:`raise_alarm` in a transaction of its own."""
    with transaction(engine) as db:
        raise_alarm(db, kind, subject, now)


def clear_alarm(engine: Engine, kind: AlarmKind, subject: str, now: datetime) -> None:
    """It is put right; harmless where it was not raised."""
    with transaction(engine) as db:
        db.execute(
            update(alarms)
            .where(alarms.c.kind == kind, alarms.c.subject == subject, alarms.c.cleared_at.is_(None))
            .values(cleared_at=now)
        )


def beat(engine: Engine, now: datetime) -> None:
    """The relay is alive."""
    with transaction(engine) as db:
        db.execute(update(relay).values(heartbeat_at=now))


def last_heartbeat(engine: Engine) -> datetime | None:
    """When the relay was last alive."""
    with transaction(engine) as db:
        found: datetime | None = db.scalar(select(relay.c.heartbeat_at))
    return found


def relay_is_alive(engine: Engine, now: datetime) -> bool:
    """Whether the relay has been heard of within :data:`HEARTBEAT_WITHIN`."""
    heard = last_heartbeat(engine)
    return heard is not None and now - heard <= HEARTBEAT_WITHIN


def open_alarms(engine: Engine, now: datetime) -> list[Alarm]:
    """Everything that a person has to look at, oldest first."""
    with transaction(engine) as db:
        found = [*_noted(db), *_late_or_aside(db, now), *_rows_missing(db)]
    if not relay_is_alive(engine, now):
        found.append(Alarm(last_heartbeat(engine) or now, AlarmKind.RELAY_SILENT, "relay"))
    return sorted(found)


def _noted(db: Connection) -> list[Alarm]:
    rows = db.execute(select(alarms).where(alarms.c.cleared_at.is_(None)))
    return [Alarm(row.raised_at, AlarmKind(row.kind), row.subject) for row in rows]


def _late_or_aside(db: Connection, now: datetime) -> list[Alarm]:
    columns = select(outbox.c.item, outbox.c.created_at, outbox.c.state)
    aside = db.execute(columns.where(outbox.c.state == State.ASIDE))
    late = db.execute(columns.where(outbox.c.state == State.WAITING, outbox.c.created_at < now - DELIVERED_WITHIN))
    return [
        *(Alarm(row.created_at, AlarmKind.SET_ASIDE, row.item) for row in aside),
        *(Alarm(row.created_at, AlarmKind.NOT_DELIVERED, row.item) for row in late),
    ]


def _rows_missing(db: Connection) -> list[Alarm]:
    """Outbox rows, receipts and referrals that somebody removed by hand."""
    no_item = (
        select(referrals.c.reference, referrals.c.created_at)
        .outerjoin(outbox, outbox.c.item == referrals.c.reference)
        .where(outbox.c.item.is_(None))
    )
    no_receipt = (
        select(outbox.c.reference, outbox.c.created_at)
        .outerjoin(receipts, receipts.c.item == outbox.c.item)
        .where(receipts.c.item.is_(None), outbox.c.state == State.DELIVERED)
    )
    no_referral = (
        select(outbox.c.reference, outbox.c.created_at)
        .outerjoin(referrals, referrals.c.reference == outbox.c.reference)
        .where(referrals.c.reference.is_(None))
    )
    rows = {tuple(row) for row in db.execute(union_all(no_item, no_receipt, no_referral))}
    return [Alarm(created_at, AlarmKind.ROW_MISSING, reference) for reference, created_at in rows]
