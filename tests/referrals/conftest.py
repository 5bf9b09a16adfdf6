"""A casework database on SQLite and on PostgreSQL, with keys, secrets and a clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from referrals import open_casework
from sealing import KeyStore, Secrets, open_engine
from tests.referrals.databases import fresh_database
from tests.referrals.makers import Casework, FakeClock


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def casework(database_url: str, tmp_path: Path) -> Iterator[Casework]:
    keys_url = f"sqlite:///{tmp_path / 'keys.db'}"
    keys_engine = open_engine(keys_url)
    engine = open_casework(database_url)
    yield Casework(database_url, engine, KeyStore(keys_engine), keys_url, Secrets(tmp_path / "keys"), FakeClock())
    engine.dispose()
    keys_engine.dispose()
