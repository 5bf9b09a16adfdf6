"""The audit trail: who did what to which id, each row bound to the one before by a hash.

The chain shows that a row was changed, moved or taken out. That all of it was made anew is shown only by a checkpoint
that somebody else holds: the relay writes one to its log after each delivery.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, insert, select, update

from referrals.errors import AuditBroken
from referrals.store.database import NOTHING_BEFORE, transaction
from referrals.store.tables import audit, audit_head


class Action(StrEnum):
    """What was done."""

    ENVELOPE_KEPT = "envelope_kept"
    REFERRAL_CREATED = "referral_created"
    DECISION_RECORDED = "decision_recorded"
    QUESTION_ANSWERED = "question_answered"
    DELIVERED = "delivered"
    STATUS_TOLD = "status_told"
    SENT_AGAIN = "sent_again"


@dataclass(frozen=True)
class Checkpoint:
    """How far the trail goes and the hash of its last row."""

    number: int
    hash: str


def append(db: Connection, *, at: datetime, actor: str, action: Action, subject: str) -> None:
    """One more row, in the transaction of what it is about. Call it last: others wait for it."""
    last = db.execute(select(audit_head.c.number, audit_head.c.hash).with_for_update()).one()
    number = last.number + 1
    digest = _row_hash(number, at, actor, action, subject, last.hash)
    db.execute(
        insert(audit).values(
            number=number, at=at, actor=actor, action=action, subject=subject, previous=last.hash, hash=digest
        )
    )
    db.execute(update(audit_head).values(number=number, hash=digest))


def checkpoint(engine: Engine) -> Checkpoint:
    """The end of the trail, to be kept by somebody else."""
    with transaction(engine) as db:
        head = db.execute(select(audit_head.c.number, audit_head.c.hash)).one()
    return Checkpoint(head.number, head.hash)


def verify_audit(engine: Engine, held: Checkpoint | None = None) -> Checkpoint:
    """Walk the whole trail, against a checkpoint that somebody ``held`` where there is one.

    Raises :class:`AuditBroken` with the number of the first row that does not add up.
    """
    number, previous = 0, NOTHING_BEFORE
    with transaction(engine) as db:
        for row in db.execute(select(audit).order_by(audit.c.number)):
            number += 1
            expected = _row_hash(number, row.at, row.actor, row.action, row.subject, previous)
            if row.number != number or row.previous != previous or row.hash != expected:
                raise AuditBroken(f"the audit trail does not add up at row {number}")
            if held and held.number == number and held.hash != row.hash:
                raise AuditBroken(f"the audit trail was made anew before row {number}")
            previous = row.hash
        head = db.execute(select(audit_head.c.number, audit_head.c.hash)).one()
    if (head.number, head.hash) != (number, previous) or (held and held.number > number):
        raise AuditBroken(f"rows are missing at the end of the audit trail, after row {number}")
    return Checkpoint(number, previous)


def _row_hash(number: int, at: datetime, actor: str, action: str, subject: str, previous: str) -> str:
    # Both databases keep microseconds.
    row = [number, at.astimezone(UTC).isoformat(), actor, str(action), subject, previous]
    return hashlib.sha256(json.dumps(row, ensure_ascii=True).encode()).hexdigest()
