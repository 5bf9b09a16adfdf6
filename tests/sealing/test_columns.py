"""A moment comes back as the same moment, in UTC, from every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from sealing import UtcDateTime, open_engine
from tests.referrals.databases import fresh_database

_metadata = MetaData()
_seen = Table("seen", _metadata, Column("id", Integer, primary_key=True), Column("at", UtcDateTime))
_zones = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def _round_trip(engine: Engine, moment: datetime | None) -> datetime | None:
    with engine.begin() as db:
        row = db.execute(insert(_seen).values(at=moment)).inserted_primary_key
        assert row is not None
        found: datetime | None = db.scalar(select(_seen.c.at).where(_seen.c.id == row[0]))
    return found


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path / 'moments.db'}")
    _metadata.create_all(engine)
    return engine


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=st.datetimes(datetime(1970, 1, 3), datetime(2100, 1, 1), timezones=_zones))
def test_a_moment_comes_back_as_it_was_in_utc(engine: Engine, moment: datetime) -> None:
    found = _round_trip(engine, moment)
    assert found == moment
    assert found.tzinfo is UTC


def test_postgresql_gives_utc_whatever_zone_the_session_has(tmp_path: Path) -> None:
    moment = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    with fresh_database("postgresql", tmp_path) as url:
        engine = open_engine(f"{url}%20-cTimeZone%3DAsia/Tokyo".replace("postgresql:", "postgresql+psycopg:"))
        _metadata.create_all(engine)
        found = _round_trip(engine, moment)
        engine.dispose()
    assert found == moment
    assert found is not None
    assert found.tzinfo is UTC


def test_no_moment_stays_none(engine: Engine) -> None:
    assert _round_trip(engine, None) is None


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="needs a time zone"):
        _round_trip(engine, datetime(2026, 7, 1, 12, 0))
