"""One key for each conversation and each referral, in a database of their own, kept apart from data and its backups."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from sealing.boxes import KEY_BYTES
from sealing.columns import UtcDateTime
from sealing.errors import KeyDestroyed, KeyUnknown

_metadata = MetaData()
_keys = Table(
    "keys",
    _metadata,
    Column("owner", String(120), primary_key=True),
    Column("key", LargeBinary(KEY_BYTES), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)
_destroyed = Table(
    "destroyed_keys",
    _metadata,
    Column("owner", String(120), primary_key=True),
    Column("destroyed_at", UtcDateTime, nullable=False),
)


class KeyStore:
    """Keys by owner, such as ``conversation/c_…`` or ``referral/TF-…``. A destroyed owner never gets a key again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def get(self, owner: str) -> bytes:
        """The owner's key. Raises :class:`KeyUnknown` or :class:`KeyDestroyed`."""
        with self._engine.begin() as db:
            if db.scalar(select(_destroyed.c.owner).where(_destroyed.c.owner == owner)):
                raise KeyDestroyed(f"the key of {owner} was destroyed")
            key = db.scalar(select(_keys.c.key).where(_keys.c.owner == owner))
        if key is None:
            raise KeyUnknown(f"there is no key for {owner}")
        return bytes(key)

    def get_or_create(self, owner: str) -> bytes:
        """The owner's key, made now where there is none. Raises :class:`KeyDestroyed`."""
        try:
            return self.get(owner)
        except KeyUnknown:
            pass
        key = secrets.token_bytes(KEY_BYTES)
        try:
            with self._engine.begin() as db:
                db.execute(insert(_keys).values(owner=owner, key=key, made_at=datetime.now(UTC)))
        except IntegrityError:  # another process was first
            return self.get(owner)
        return key

    def destroy(self, owner: str) -> None:
        """Forget the owner's key for good; harmless when it is gone already."""
        with self._engine.begin() as db:
            db.execute(delete(_keys).where(_keys.c.owner == owner))
            known = db.scalar(select(_destroyed.c.owner).where(_destroyed.c.owner == owner))
            if known is None:
                db.execute(insert(_destroyed).values(owner=owner, destroyed_at=datetime.now(UTC)))

    def destroyed(self) -> list[str]:
        """Every owner whose key was destroyed, oldest first: a restored backup replays this list."""
        with self._engine.begin() as db:
            return list(db.scalars(select(_destroyed.c.owner).order_by(_destroyed.c.destroyed_at)))
