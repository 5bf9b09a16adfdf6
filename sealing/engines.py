"""Database engines that keep what they say they keep."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

_SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a commit that returned survives a power cut
    "foreign_keys": 1,
    "secure_delete": 1,  # deleted content is overwritten in the file
    "busy_timeout": 5000,  # milliseconds
}


_WIPE_TRIES, _WIPE_PAUSE_SECONDS = 5, 0.2


class DatabaseNotDurable(Exception):
    """The database would not take the settings that make a commit durable."""


def open_engine(url: str) -> Engine:
    """An engine for ``url``; a SQLite file's folder is made where it is missing.

    Every new connection asserts its durability settings and raises :class:`DatabaseNotDurable` where they did not take.
    SQLite transactions begin IMMEDIATE, so that two writers queue instead of failing half way.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise DatabaseNotDurable("a SQLite database must be a file: records in memory are lost at the end")
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = create_engine(parsed, connect_args={"timeout": 5})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed, pool_pre_ping=True)
    event.listen(engine, "connect", _check_postgresql)
    return engine


def wipe_freed_pages(engine: Engine) -> bool:
    """Empty SQLite's write-ahead log, where what was overwritten or deleted in the file may still stand.

    Whether it could be done: a reader that does not let go is waited for, up to a second. Other databases keep dead
    rows until they clean up by themselves: nothing can be done here, and True is returned.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=0")  # the pause below lets other threads run
        for _ in range(_WIPE_TRIES):
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                return True
            time.sleep(_WIPE_PAUSE_SECONDS)
        return False
    finally:
        cursor.execute(f"PRAGMA busy_timeout={_SQLITE_PRAGMAS['busy_timeout']}")
        cursor.close()
        connection.close()


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_immediate, not by the driver
    cursor = connection.cursor()
    for name, wanted in _SQLITE_PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={wanted}")
        found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
        if found != wanted:
            raise DatabaseNotDurable(f"SQLite did not take {name}={wanted}: is the folder on a local disk?")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _check_postgresql(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("SHOW synchronous_commit")
    (found,) = cursor.fetchone()
    cursor.close()
    connection.rollback()
    if found == "off":
        raise DatabaseNotDurable("PostgreSQL's synchronous_commit is off: set it to on for this database")
