"""One key for each conversation and each referral, in a database of their own, kept apart from data and its backups."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from sealing.boxes import KEY_BYTES, seal, unseal
from sealing.columns import UtcDateTime
from sealing.engines import wipe_freed_pages
from sealing.errors import KeyDestroyed, KeyUnknown, SealBroken

_metadata = MetaData()
_keys = Table(
    "keys",
    _metadata,
    Column("owner", String(120), primary_key=True),
    Column("key", LargeBinary(KEY_BYTES), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)
# Keys that were followed by another one, until everything sealed under them has been sealed again.
_earlier = Table(
    "earlier_keys",
    _metadata,
    Column("owner", String(120), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("key", LargeBinary(KEY_BYTES), nullable=False),
)
_destroyed = Table(
    "destroyed_keys",
    _metadata,
    Column("owner", String(120), primary_key=True),
    Column("destroyed_at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True)
class KeyRing:
    """An owner's key, and the earlier ones that may still be needed while a change of keys is under way."""

    current: bytes
    earlier: tuple[bytes, ...] = ()

    def seal(self, plaintext: bytes, *bound: str) -> bytes:
        """Always under the current key."""
        return seal(self.current, plaintext, *bound)

    def unseal(self, sealed: bytes, *bound: str) -> bytes:
        """With whichever key it was sealed under. Raises :class:`SealBroken`."""
        for key in (self.current, *self.earlier):
            try:
                return unseal(key, sealed, *bound)
            except SealBroken:
                continue
        raise SealBroken("sealed bytes do not open here: wrong key, altered, or moved")


class KeyStore:
    """Keys by owner, such as ``conversation/c_…`` or ``referral/TF-…``. A destroyed owner never gets a key again.

    An owner's key can be changed: :meth:`rotate`, then seal everything again under the new one, then
    :meth:`drop_earlier`. Stopped anywhere between, everything still opens, and the same three steps finish it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def get(self, owner: str) -> bytes:
        """The owner's key. Raises :class:`KeyUnknown` or :class:`KeyDestroyed`."""
        with self._engine.begin() as db:
            self._refuse_destroyed(db, owner)
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

    def ring(self, owner: str) -> KeyRing:
        """All of the owner's keys. Raises :class:`KeyUnknown` or :class:`KeyDestroyed`."""
        with self._engine.begin() as db:
            self._refuse_destroyed(db, owner)
            current = db.scalar(select(_keys.c.key).where(_keys.c.owner == owner))
            newest_first = select(_earlier.c.key).where(_earlier.c.owner == owner).order_by(_earlier.c.n.desc())
            earlier = db.scalars(newest_first).all()
        if current is None:
            raise KeyUnknown(f"there is no key for {owner}")
        return KeyRing(bytes(current), tuple(bytes(key) for key in earlier))

    def rotate(self, owner: str) -> KeyRing:
        """A new key for the owner, the current one from now on; the one before stays until it is dropped.

        Raises :class:`KeyUnknown` or :class:`KeyDestroyed`.
        """
        new, own = secrets.token_bytes(KEY_BYTES), _keys.c.owner == owner
        with self._engine.begin() as db:
            self._refuse_destroyed(db, owner)
            before = db.scalar(select(_keys.c.key).where(own))
            if before is None:
                raise KeyUnknown(f"there is no key for {owner}")
            n = (db.scalar(select(func.max(_earlier.c.n)).where(_earlier.c.owner == owner)) or 0) + 1
            db.execute(insert(_earlier).values(owner=owner, n=n, key=before))
            db.execute(update(_keys).where(own).values(key=new, made_at=datetime.now(UTC)))
        return self.ring(owner)

    def drop_earlier(self, owner: str, ring: KeyRing) -> None:
        """Forget the earlier keys of ``ring`` for good: nothing that is still wanted may be sealed under them."""
        with self._engine.begin() as db:
            db.execute(delete(_earlier).where(_earlier.c.owner == owner, _earlier.c.key.in_(ring.earlier)))
        wipe_freed_pages(self._engine)

    def rotating(self, prefix: str) -> list[str]:
        """Owners beginning with ``prefix`` whose change of keys was begun and not finished."""
        with self._engine.begin() as db:
            owners = db.scalars(select(_earlier.c.owner).distinct().order_by(_earlier.c.owner)).all()
        return [owner for owner in owners if owner.startswith(prefix)]

    def destroy(self, *owners: str) -> None:
        """Forget the owners' keys for good, all or none; harmless for those that are gone already."""
        with self._engine.begin() as db:
            for owner in owners:
                db.execute(delete(_keys).where(_keys.c.owner == owner))
                db.execute(delete(_earlier).where(_earlier.c.owner == owner))
                known = db.scalar(select(_destroyed.c.owner).where(_destroyed.c.owner == owner))
                if known is None:
                    db.execute(insert(_destroyed).values(owner=owner, destroyed_at=datetime.now(UTC)))
        wipe_freed_pages(self._engine)

    def is_destroyed(self, owner: str) -> bool:
        """Whether the owner's key was destroyed."""
        with self._engine.begin() as db:
            return db.scalar(select(_destroyed.c.owner).where(_destroyed.c.owner == owner)) is not None

    def destroyed(self) -> list[str]:
        """Every owner whose key was destroyed, oldest first: a restored backup replays this list."""
        with self._engine.begin() as db:
            return list(db.scalars(select(_destroyed.c.owner).order_by(_destroyed.c.destroyed_at)))

    @staticmethod
    def _refuse_destroyed(db: Connection, owner: str) -> None:
        if db.scalar(select(_destroyed.c.owner).where(_destroyed.c.owner == owner)):
            raise KeyDestroyed(f"the key of {owner} was destroyed")
