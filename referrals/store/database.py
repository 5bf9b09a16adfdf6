"""Opening the casework database, and transactions in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from referrals.errors import SchemaTooNew, StoreUnavailable
from referrals.store.tables import SCHEMA_VERSION, audit_head, metadata, relay, schema_version
from sealing import open_engine

_LOCK_SET_UP = 7_305_001
NOTHING_BEFORE = "0" * 64
"""The hash before the first audit row."""


def open_casework(url: str) -> Engine:
    """An engine for the casework database at ``url``; its tables are made where they are missing.

    Raises :class:`SchemaTooNew`, :class:`StoreUnavailable`, ``sealing.engines.DatabaseNotDurable``.
    """
    engine = open_engine(url)
    with transaction(engine) as db:
        lock(db, _LOCK_SET_UP)  # processes that start together make them once
        if inspect(db).has_table(schema_version.name):
            _check_version(db.scalar(select(func.max(schema_version.c.version))) or 0)
        metadata.create_all(db)
        if db.scalar(select(func.count()).select_from(schema_version)) == 0:
            db.execute(insert(schema_version).values(version=SCHEMA_VERSION))
            db.execute(insert(audit_head).values(id=1, number=0, hash=NOTHING_BEFORE))
            db.execute(insert(relay).values(id=1, events_after=0))
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction: committed at the end, or nothing of it kept.

    Raises :class:`StoreUnavailable` where the database fails, at the commit too. After that it is not known whether a
    commit was kept; everything in this package may be asked for again and is not kept twice.
    """
    try:
        with engine.begin() as db:
            yield db
    except DBAPIError as error:
        # The driver's text may repeat values: the class is enough to act on.
        name = type(error.orig).__name__
        raise StoreUnavailable(f"the casework database did not take it ({name}); try again") from None


def lock(db: Connection, *name: int | str) -> None:
    """Wait until no other transaction holds this name. SQLite has one writer at a time anyway."""
    if db.dialect.name == "postgresql":
        key = "/".join(str(part) for part in name)
        db.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def _check_version(found: int) -> None:
    if found > SCHEMA_VERSION:
        raise SchemaTooNew(
            f"the casework database has version {found} and this software knows {SCHEMA_VERSION}: "
            "install the newer software again, or restore a backup from before it"
        )
