"""Envelopes: the sealed people documents that the desk brings, waiting for their referral."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select

from referrals.errors import EnvelopeConflict
from referrals.requests import Envelope
from referrals.store import audit
from referrals.store.database import lock, transaction
from referrals.store.tables import envelopes


def keep_envelope(engine: Engine, envelope: Envelope, at: datetime) -> bool:
    """Keep ``envelope``; False where the same one is here already. Raises :class:`EnvelopeConflict`."""
    with transaction(engine) as db:
        lock(db, "envelope", envelope.envelope)
        known = read_envelope(db, envelope.envelope)
        if known is not None:
            if known != envelope:
                raise EnvelopeConflict("an envelope with this id is here already, with other content")
            return False
        db.execute(insert(envelopes).values(**envelope.model_dump(), received_at=at))
        audit.append(db, at=at, actor=envelope.officer, action=audit.Action.ENVELOPE_KEPT, subject=envelope.envelope)
    return True


def read_envelope(db: Connection, envelope: str) -> Envelope | None:
    """The envelope with this id."""
    columns = [envelopes.c[name] for name in Envelope.model_fields]
    row = db.execute(select(*columns).where(envelopes.c.envelope == envelope)).one_or_none()
    return None if row is None else Envelope(**row._mapping)
