"""What people in the team read and do: the list, one referral, the steps. Every function is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, func, select, update

from inbox.database import RELAY, lock_referral, next_number, utc_now, write_audit, write_move
from inbox.errors import TooLate
from inbox.tables import answers, events, referrals
from referrals import MoveNotAllowed, Status
from web import User

A_PAGE = 25


@dataclass(frozen=True)
class Line:
    """One referral in the list, with its sealed story."""

    reference: str
    status: Status
    received_at: datetime
    key_worker: str
    story: bytes
    new_answer: bool


@dataclass(frozen=True)
class Happening:
    """A step that was taken, or (``answer_id`` set) an answer that came. ``sealed``: its words, for the inbox's key."""

    at: datetime
    status: Status | None
    by: str
    n: int
    answer_id: str
    sealed: bytes | None


@dataclass(frozen=True)
class Whole:
    """One referral with everything that happened to it, oldest first."""

    reference: str
    status: Status
    received_at: datetime
    key_worker: str
    story: bytes
    people: bytes
    happenings: tuple[Happening, ...]


def count_by_status(engine: Engine) -> dict[Status, int]:
    """How many referrals stand at each status."""
    with engine.begin() as db:
        rows = db.execute(select(referrals.c.status, func.count()).group_by(referrals.c.status)).all()
    return {Status(status): number for status, number in rows}


def list_lines(engine: Engine, status: Status | None, page: int) -> tuple[list[Line], bool]:
    """One page (1 is the first) of referrals, newest first, and whether there are more."""
    unread = select(answers.c.answer_id).where(
        answers.c.reference == referrals.c.reference, answers.c.read_at.is_(None)
    )
    query = select(referrals, unread.exists().label("new_answer"))
    if status is not None:
        query = query.where(referrals.c.status == status)
    query = query.order_by(referrals.c.received_at.desc(), referrals.c.reference)
    with engine.begin() as db:
        rows = db.execute(query.offset((page - 1) * A_PAGE).limit(A_PAGE + 1)).all()
    lines = [
        Line(row.reference, Status(row.status), row.received_at, row.key_worker or "", row.story, bool(row.new_answer))
        for row in rows[:A_PAGE]
    ]
    return lines, len(rows) > A_PAGE


def read_referral(engine: Engine, reference: str, user: User) -> Whole:
    """One referral, for ``user`` to read. The first reading makes it ``opened``; each is written down.

    Raises :class:`~inbox.errors.ReferralUnknown`.
    """
    with engine.begin() as db:
        row = lock_referral(db, reference)
        if row.status == Status.DELIVERED:
            write_move(db, reference, Status.DELIVERED, Status.OPENED, user, next_number(db))
            row = lock_referral(db, reference)
        db.execute(
            update(answers)
            .where(answers.c.reference == reference, answers.c.read_at.is_(None))
            .values(read_at=utc_now())
        )
        write_audit(db, user.id, "read", reference)
        return _whole(db, row)


@dataclass(frozen=True)
class Step:
    """What somebody wants done. ``seal_notes`` seals its words for the officer's side and for the inbox itself.

    ``seen`` is the status they had before them; a script need not say.
    """

    to: Status
    seal_notes: Callable[[int], tuple[bytes, bytes]]
    key_worker: str = ""
    seen: Status | None = None


def take_step(engine: Engine, reference: str, user: User, step: Step) -> None:
    """Take ``step``. Raises :class:`~inbox.errors.ReferralUnknown`, or :class:`TooLate` where somebody was first.

    A step that could still be taken is too late as well where the referral is no longer as it was ``seen``: a question
    or an answer that came in between may change what the person would do.
    """
    with engine.begin() as db:
        row = lock_referral(db, reference)
        current = Status(row.status)
        if current is Status.DELIVERED:
            current = write_move(db, reference, current, Status.OPENED, user, next_number(db))
        if step.seen not in {None, current}:
            raise _too_late(db, reference, current)
        try:
            n = next_number(db)
            write_move(db, reference, current, step.to, user, n, step.seal_notes(n))
        except MoveNotAllowed:
            raise _too_late(db, reference, current) from None
        if step.key_worker:
            db.execute(update(referrals).where(referrals.c.reference == reference).values(key_worker=step.key_worker))


def _too_late(db: Connection, reference: str, current: Status) -> TooLate:
    last = db.execute(select(events).where(events.c.reference == reference).order_by(events.c.n.desc()).limit(1)).one()
    return TooLate(current, last.by_name, last.at, answered=last.by_id == RELAY.id)


def _whole(db: Connection, row: Row[tuple[object, ...]]) -> Whole:
    steps = db.execute(select(events).where(events.c.reference == row.reference)).all()
    came = db.execute(select(answers).where(answers.c.reference == row.reference)).all()
    happenings = [Happening(step.at, Status(step.status), step.by_name, step.n, "", step.own_note) for step in steps]
    happenings += [Happening(answer.received_at, None, "", 0, answer.answer_id, answer.answer) for answer in came]
    return Whole(
        reference=row.reference,
        status=Status(row.status),
        received_at=row.received_at,
        key_worker=row.key_worker or "",
        story=row.story,
        people=row.people,
        happenings=tuple(sorted(happenings, key=lambda happening: (happening.at, happening.n))),
    )
