"""Opening the inbox's database, and what every transaction in it shares."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Row, insert, select, update

from inbox.errors import ReferralUnknown
from inbox.tables import audit, events, last_event, metadata, referrals
from referrals import Status, move
from sealing import open_engine
from web import User

RELAY = User(id="relay", name="", role="", team="")  # who brings referrals and answers


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def open_inbox(url: str) -> Engine:
    """An engine for the inbox's database; its tables are made where they are missing."""
    engine = open_engine(url)
    with engine.begin() as db:
        metadata.create_all(db)
        if db.scalar(select(last_event.c.n)) is None:
            db.execute(insert(last_event).values(id=1, n=0))
    return engine


def lock_referral(db: Connection, reference: str) -> Row[tuple[object, ...]]:
    """The referral's row, which nobody else changes until this transaction ends. Raises :class:`ReferralUnknown`."""
    row = db.execute(select(referrals).where(referrals.c.reference == reference).with_for_update()).first()
    if row is None:
        raise ReferralUnknown(f"there is no referral {reference} here")
    return row


def next_number(db: Connection) -> int:
    """The number of the next event. Others wait for theirs until this transaction ends."""
    n = int(db.scalars(select(last_event.c.n).with_for_update()).one()) + 1
    db.execute(update(last_event).values(n=n))
    return n


def write_move(
    db: Connection,
    reference: str,
    current: Status,
    to: Status,
    user: User,
    n: int,
    notes: tuple[bytes | None, bytes | None] = (None, None),
) -> Status:
    """Move a locked referral and write the event. Raises ``referrals.MoveNotAllowed``."""
    now = utc_now()
    status = move(current, to)
    db.execute(update(referrals).where(referrals.c.reference == reference).values(status=status, changed_at=now))
    note, own_note = notes
    db.execute(
        insert(events).values(
            n=n,
            reference=reference,
            status=status,
            at=now,
            by_id=user.id,
            by_name=user.name,
            note=note,
            own_note=own_note,
        )
    )
    write_audit(db, user.id, status, reference)
    return status


def write_audit(db: Connection, actor: str, action: str, reference: str) -> None:
    """Who did what to which referral, in the same transaction."""
    db.execute(insert(audit).values(at=utc_now(), actor=actor, action=action, reference=reference))
