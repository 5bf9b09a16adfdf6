"""Referrals, decision records and their history, as rows. What is sealed in them is opened elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from referrals.documents import Decision, Route
from referrals.requests import ReferralLine, ReferralShown
from referrals.states import Status, Taken
from referrals.store import audit
from referrals.store.database import lock, transaction
from referrals.store.tables import decisions, history, referrals


@dataclass(frozen=True)
class ReferralRow:
    """A referral as it is kept."""

    reference: str
    conversation: str
    instance: str
    officer: str
    envelope: str
    status: Status
    created_at: datetime
    changed_at: datetime
    story: bytes
    reply_private: bytes


@dataclass(frozen=True)
class DecisionRow:
    """A decision record as it is kept."""

    decision_id: str
    conversation: str
    instance: str
    officer: str
    decision: Decision
    route: Route
    reference: str | None
    decided_at: datetime
    record: bytes


@dataclass(frozen=True)
class HistoryRow:
    """A step as it is kept; ``n`` and ``note`` only for what the receiving team told us."""

    status: Status
    at: datetime
    by: str
    taken: Taken
    note: bytes | None = None
    n: int | None = None


def lock_instance(db: Connection, conversation: str, instance: str) -> None:
    """One at a time for one talk: the others wait and then find what the first one kept."""
    lock(db, "instance", conversation, instance)


def find_by_instance(db: Connection, conversation: str, instance: str) -> ReferralRow | None:
    """The referral of this talk, where it has one."""
    where = (referrals.c.conversation == conversation) & (referrals.c.instance == instance)
    row = db.execute(select(referrals).where(where)).one_or_none()
    return None if row is None else _referral(row)


def add_referral(db: Connection, row: ReferralRow) -> None:
    """Insert."""
    db.execute(insert(referrals).values(**vars(row)))


def add_decision(db: Connection, row: DecisionRow) -> None:
    """Insert."""
    db.execute(insert(decisions).values(**vars(row)))


def add_history(db: Connection, reference: str, row: HistoryRow) -> None:
    """Insert."""
    db.execute(insert(history).values(reference=reference, **vars(row)))


def keep_decision(engine: Engine, row: DecisionRow) -> str:
    """Keep a decision that sends nothing; the id of the one that is kept already for the same talk and route."""
    same = (
        (decisions.c.conversation == row.conversation)
        & (decisions.c.instance == row.instance)
        & (decisions.c.decision == row.decision)
        & (decisions.c.route == row.route)
    )
    with transaction(engine) as db:
        lock_instance(db, row.conversation, row.instance)
        known: str | None = db.scalar(select(decisions.c.decision_id).where(same))
        if known is not None:
            return known
        add_decision(db, row)
        audit.append(
            db,
            at=row.decided_at,
            actor=row.officer,
            action=audit.Action.DECISION_RECORDED,
            subject=row.decision_id,
        )
    return row.decision_id


def read_decision(engine: Engine, decision_id: str) -> DecisionRow | None:
    """The decision record with this id."""
    with transaction(engine) as db:
        row = db.execute(select(decisions).where(decisions.c.decision_id == decision_id)).one_or_none()
    if row is None:
        return None
    fields = dict(row._mapping)
    return DecisionRow(**{**fields, "decision": Decision(row.decision), "route": Route(row.route)})


def read_for_change(db: Connection, reference: str) -> ReferralRow | None:
    """The referral, held until the end of the transaction."""
    row = db.execute(select(referrals).where(referrals.c.reference == reference).with_for_update()).one_or_none()
    return None if row is None else _referral(row)


def set_status(db: Connection, reference: str, status: Status, at: datetime) -> None:
    """The caller has checked the move."""
    db.execute(update(referrals).where(referrals.c.reference == reference).values(status=status, changed_at=at))


def read_with_history(engine: Engine, reference: str) -> tuple[ReferralRow, list[HistoryRow]] | None:
    """The referral and its steps, oldest first."""
    with transaction(engine) as db:
        row = db.execute(select(referrals).where(referrals.c.reference == reference)).one_or_none()
        steps = db.execute(select(history).where(history.c.reference == reference).order_by(history.c.id)).all()
    return None if row is None else (_referral(row), [_step(step) for step in steps])


def steps_that_wait(db: Connection, reference: str) -> list[HistoryRow]:
    """Statuses that came before the receipt, in the receiving team's order."""
    where = (history.c.reference == reference) & (history.c.taken == Taken.WAITS)
    return [_step(row) for row in db.execute(select(history).where(where).order_by(history.c.n))]


def set_taken(db: Connection, n: int, taken: Taken) -> None:
    """What became of the receiving team's status ``n`` after all."""
    db.execute(update(history).where(history.c.n == n).values(taken=taken))


def is_known_event(db: Connection, n: int) -> bool:
    """Whether the receiving team's status ``n`` is kept already."""
    return db.scalar(select(history.c.id).where(history.c.n == n)) is not None


def lines_for_officer(engine: Engine, officer: str) -> list[ReferralLine]:
    """The officer's referrals, newest first."""
    with transaction(engine) as db:
        rows = db.execute(
            select(referrals)
            .where(referrals.c.officer == officer)
            .order_by(referrals.c.created_at.desc(), referrals.c.reference)
        ).all()
    return [
        ReferralLine(row.reference, row.conversation, Status(row.status), row.created_at, row.changed_at)
        for row in rows
    ]


def newest_for_conversation(engine: Engine, conversation: str) -> ReferralShown | None:
    """The last referral made in this talk."""
    with transaction(engine) as db:
        row = db.execute(
            select(referrals.c.reference, referrals.c.status)
            .where(referrals.c.conversation == conversation)
            .order_by(referrals.c.created_at.desc(), referrals.c.reference)
            .limit(1)
        ).one_or_none()
    return None if row is None else ReferralShown(row.reference, Status(row.status))


def counts(engine: Engine) -> dict[Status, int]:
    """How many referrals have each status."""
    with transaction(engine) as db:
        found: Sequence[Row[tuple[str, int]]] = db.execute(
            select(referrals.c.status, func.count()).group_by(referrals.c.status)
        ).all()
    return dict.fromkeys(Status, 0) | {Status(status): number for status, number in found}


def _referral(row: Row[tuple[object, ...]]) -> ReferralRow:
    return ReferralRow(**{**row._mapping, "status": Status(row.status)})


def _step(row: Row[tuple[object, ...]]) -> HistoryRow:
    return HistoryRow(Status(row.status), row.at, row.by, Taken(row.taken), row.note, row.n)
