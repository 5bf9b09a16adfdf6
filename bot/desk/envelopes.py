"""Which envelope holds which people: the same people of the same referral always go in the same envelope.

Only ciphertext is kept, sealed for the receiving team: the desk cannot open it again.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, String, Table, delete, insert, select

from bot.desk.tables import key_owner
from referrals import PeopleDocument, seal_people
from sealing import KeyStore, new_id

_metadata = MetaData()
_envelopes = Table(
    "desk_envelopes",
    _metadata,
    Column("conversation", String(40), primary_key=True),
    Column("instance", Integer, primary_key=True),
    Column("people_hash", String(64), primary_key=True),  # keyed: it says nothing to who has not the conversation's key
    Column("envelope", String(40), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class SealedEnvelope:
    """A people document, sealed for the receiving team, and the id it is bound to."""

    id: str
    sealed: bytes


class EnvelopeStore:
    """Envelopes made here. Every call blocks; calls for one conversation must come one after the other."""

    def __init__(self, engine: Engine, keys: KeyStore, inbox_public: bytes) -> None:
        self._engine = engine
        self._keys = keys
        self._inbox_public = inbox_public
        _metadata.create_all(engine)

    def get_or_seal(self, conversation_id: str, instance: int, people: PeopleDocument) -> SealedEnvelope:
        """The envelope that these people went into before, or a new one that is kept first."""
        key = self._keys.get(key_owner(conversation_id))
        people_hash = hmac.new(key, people.model_dump_json().encode(), hashlib.sha256).hexdigest()
        columns = {"conversation": conversation_id, "instance": instance, "people_hash": people_hash}
        with self._engine.begin() as db:
            row = db.execute(select(_envelopes).filter_by(**columns)).one_or_none()
            if row is not None:
                return SealedEnvelope(row.envelope, row.sealed)
            envelope = new_id("e")
            sealed = seal_people(self._inbox_public, people, envelope)
            db.execute(insert(_envelopes).values(**columns, envelope=envelope, sealed=sealed))
        return SealedEnvelope(envelope, sealed)

    def forget(self, conversation_id: str) -> None:
        """Drop what was sealed for a conversation."""
        with self._engine.begin() as db:
            db.execute(delete(_envelopes).where(_envelopes.c.conversation == conversation_id))
