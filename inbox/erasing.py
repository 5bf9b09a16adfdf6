"""Erasing a referral: what it said is gone for good, that it was here stays."""

from __future__ import annotations

from sqlalchemy import Engine, update

from inbox.database import lock_referral, write_audit
from inbox.outer_seal import OuterSeal
from inbox.tables import answers, events, referrals
from web import User


def erase(engine: Engine, outer: OuterSeal, reference: str, user: User) -> None:
    """Make everything that was kept in words about ``reference`` unreadable, backups included; its statuses, times and
    reading log stay. Erasing again changes nothing but the log.

    Raises :class:`~inbox.errors.ReferralUnknown`.
    """
    with engine.begin() as db:
        lock_referral(db, reference)
    # The key goes first: if this ends here, nothing opens already, and erasing again clears what is left.
    outer.destroy(reference)
    with engine.begin() as db:
        db.execute(update(referrals).where(referrals.c.reference == reference).values(story=b"", people=b""))
        db.execute(update(events).where(events.c.reference == reference).values(note=None, own_note=None))
        db.execute(update(answers).where(answers.c.reference == reference).values(answer=b""))
        write_audit(db, user.id, "erased", reference)
