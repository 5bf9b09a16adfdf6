"""The outbox: what is to be delivered, written in the transaction of what it is about."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, insert, or_, select, update

from referrals.intake import SignedReceipt
from referrals.states import Status, Taken, move
from referrals.store import audit
from referrals.store.database import transaction
from referrals.store.referrals import HistoryRow, add_history, read_for_change, set_status
from referrals.store.statuses import take_those_that_waited
from referrals.store.tables import Kind, State, outbox, receipts


@dataclass(frozen=True)
class Item:
    """Something to deliver. ``attempts`` counts the tries before this one; ``kind`` is a :class:`Kind`, or a fault."""

    item: str
    kind: str
    reference: str
    first: bytes
    second: bytes | None
    digest: str
    attempts: int = 0


def add_item(db: Connection, item: Item, at: datetime) -> None:
    """Due at once."""
    db.execute(insert(outbox).values(**vars(item), state=State.WAITING, created_at=at, next_at=at))


def lease_next(engine: Engine, owner: str, now: datetime, lease: timedelta, longest_wait: timedelta) -> Item | None:
    """The item that has been due longest, for ``owner`` alone until the lease ends; None where nothing is due.

    Another relay's item is taken over once its lease has ended. A time further ahead than it can have been set is one
    from before the clock was put back: it counts as now.
    """
    due = (
        (outbox.c.state == State.WAITING)
        & or_(outbox.c.next_at <= now, outbox.c.next_at > now + longest_wait)
        & or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now, outbox.c.lease_until > now + lease)
    )
    columns = [outbox.c[field.name] for field in fields(Item)]
    with transaction(engine) as db:
        row = db.execute(
            select(*columns)
            .where(due)
            .order_by(outbox.c.next_at, outbox.c.item)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        db.execute(update(outbox).where(outbox.c.item == row.item).values(lease_owner=owner, lease_until=now + lease))
    return Item(**row._mapping)


def release(engine: Engine, owner: str) -> None:
    """Give back what ``owner`` has leased and not finished."""
    with transaction(engine) as db:
        db.execute(update(outbox).where(outbox.c.lease_owner == owner).values(lease_owner=None, lease_until=None))


def put_off(engine: Engine, owner: str, item: str, problem: str, next_at: datetime) -> None:
    """It did not arrive; try again at ``next_at``. Nothing happens where the lease is another's by now."""
    with transaction(engine) as db:
        db.execute(
            update(outbox)
            .where(outbox.c.item == item, outbox.c.lease_owner == owner, outbox.c.state == State.WAITING)
            .values(
                attempts=outbox.c.attempts + 1, next_at=next_at, problem=problem, lease_owner=None, lease_until=None
            )
        )


def set_aside(engine: Engine, owner: str, item: str, problem: str) -> None:
    """It cannot arrive as it is: a person has to look. Nothing happens where the lease is another's by now."""
    with transaction(engine) as db:
        db.execute(
            update(outbox)
            .where(outbox.c.item == item, outbox.c.lease_owner == owner, outbox.c.state == State.WAITING)
            .values(
                attempts=outbox.c.attempts + 1, state=State.ASIDE, problem=problem, lease_owner=None, lease_until=None
            )
        )


def send_again(engine: Engine, item: str, actor: str, now: datetime) -> bool:
    """Put an item that was set aside back in line, once what was wrong is put right. False where it is not aside."""
    with transaction(engine) as db:
        found = db.execute(
            update(outbox)
            .where(outbox.c.item == item, outbox.c.state == State.ASIDE)
            .values(state=State.WAITING, next_at=now, problem=None)
        )
        if found.rowcount == 0:
            return False
        audit.append(db, at=now, actor=actor, action=audit.Action.SENT_AGAIN, subject=item)
    return True


def keep_receipt(engine: Engine, item: Item, receipt: SignedReceipt, now: datetime) -> None:
    """Keep a receipt that was checked: from now on the item counts as delivered. Harmless a second time.

    The lease plays no part: a true receipt is true whoever brings it.
    """
    with transaction(engine) as db:
        referral = read_for_change(db, item.reference)
        if referral is None or db.scalar(select(receipts.c.item).where(receipts.c.item == item.item)) is not None:
            return
        db.execute(
            insert(receipts).values(
                item=item.item, **receipt.receipt.model_dump(), signature=receipt.signature, stored_at=now
            )
        )
        db.execute(
            update(outbox)
            .where(outbox.c.item == item.item)
            .values(state=State.DELIVERED, problem=None, lease_owner=None, lease_until=None)
        )
        if item.kind == Kind.REFERRAL:
            status = move(referral.status, Status.DELIVERED)
            set_status(db, item.reference, status, now)
            add_history(db, item.reference, HistoryRow(status, now, "relay", Taken.MOVED))
            take_those_that_waited(db, item.reference, status, now)
        audit.append(db, at=now, actor="relay", action=audit.Action.DELIVERED, subject=item.item)
