"""A commit that returned is a commit that stays."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from sealing import open_engine, wipe_freed_pages
from sealing.engines import DatabaseNotDurable


def test_every_connection_is_durable(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'deep' / 'a.db'}")
    with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            raw = connection.connection.cursor()
            found = {
                name: raw.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
            }
            assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_memory_is_refused(url: str) -> None:
    with pytest.raises(DatabaseNotDurable, match="must be a file"):
        open_engine(url)


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as db:
        db.execute(text("create table kept (n integer)"))

    def fail() -> None:
        with engine.begin() as db:
            db.execute(text("insert into kept values (1)"))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        fail()
    with engine.begin() as db:
        assert db.scalar(text("select count(*) from kept")) == 0


def test_what_was_overwritten_is_gone_from_file_and_log(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as db:
        db.execute(text("CREATE TABLE t (x TEXT)"))
        db.execute(text("INSERT INTO t VALUES ('planted words')"))
    with engine.begin() as db:
        db.execute(text("UPDATE t SET x = 'other'"))
    assert wipe_freed_pages(engine)
    assert b"planted" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_reader_that_does_not_let_go_is_reported(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as db:
        db.execute(text("CREATE TABLE t (x TEXT)"))
    reader = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM t").fetchall()
    with engine.begin() as db:
        db.execute(text("INSERT INTO t VALUES ('x')"))
    assert not wipe_freed_pages(engine)
    reader.execute("ROLLBACK")
    assert wipe_freed_pages(engine)
    with engine.connect() as db:
        assert db.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000
