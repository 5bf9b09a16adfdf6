"""Databases for tests: SQLite files, and schemas of their own in a PostgreSQL that is running here."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

_SERVER = "host=127.0.0.1 port=5432 dbname=test connect_timeout=3"
_USERS = ("postgres", "root")


@cache
def _user() -> str | None:
    for user in _USERS:
        try:
            psycopg.connect(f"{_SERVER} user={user}").close()
        except psycopg.OperationalError:
            continue
        return user
    return None


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database, gone at the end. Without a PostgreSQL here its tests are skipped, but not in CI."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'casework.db'}"
        return
    user = _user()
    if user is None:
        message = "no PostgreSQL at 127.0.0.1:5432 with a database 'test' for postgres or root"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    schema = f"thinkfamily_test_{secrets.token_hex(6)}"
    with psycopg.connect(f"{_SERVER} user={user}", autocommit=True) as server:
        server.execute(f"CREATE SCHEMA {schema}")
        try:
            yield f"postgresql://{user}@127.0.0.1:5432/test?options=-csearch_path%3D{schema}"
        finally:
            server.execute(f"DROP SCHEMA {schema} CASCADE")
