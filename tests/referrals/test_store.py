"""The casework database itself: versions, durability, the audit trail, alarms, statuses out of order."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, inspect, select, text, update

from referrals import (
    AlarmKind,
    AuditBroken,
    Checkpoint,
    SchemaTooNew,
    Status,
    StoreUnavailable,
    Taken,
    alarms,
    get_referral,
    list_for_officer,
    open_casework,
    relay_is_alive,
    send_again,
    verify_audit,
)
from referrals.intake import IntakeEvent
from referrals.states import TOLD_BY_THE_TEAM, take
from referrals.store import outbox, statuses, tables
from referrals.store.alarms import beat, clear_alarm, note_alarm
from referrals.store.audit import checkpoint
from referrals.store.database import transaction
from tests.referrals.makers import OFFICER, START, Casework
from tests.referrals.test_reading import deliver, tell

MINUTE = timedelta(minutes=1)


def test_opening_twice_at_the_same_time_makes_one_database(database_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        engines = list(pool.map(lambda _: open_casework(database_url), range(8)))
    with engines[0].connect() as db:
        assert db.execute(select(tables.schema_version)).all() == [(tables.SCHEMA_VERSION,)]
        assert len(db.execute(select(tables.audit_head)).all()) == 1
        assert len(db.execute(select(tables.relay)).all()) == 1
        assert set(inspect(db).get_table_names()) == set(tables.metadata.tables)
    for engine in engines:
        engine.dispose()


def test_a_newer_database_is_refused(casework: Casework) -> None:
    with casework.engine.begin() as db:
        db.execute(update(tables.schema_version).values(version=tables.SCHEMA_VERSION + 1))
    with pytest.raises(SchemaTooNew, match="newer software"):
        open_casework(casework.url)


def test_every_connection_is_durable(casework: Casework) -> None:
    connections = [casework.engine.connect() for _ in range(3)]
    for db in connections[:1] if casework.engine.dialect.name == "sqlite" else connections:
        if casework.engine.dialect.name == "sqlite":
            assert db.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        else:
            assert db.exec_driver_sql("SHOW synchronous_commit").scalar() != "off"
        db.rollback()
    for db in connections:
        db.close()


def test_a_database_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        open_casework("postgresql://nobody@127.0.0.1:1/none")
    assert "nobody" not in str(caught.value)


@pytest.mark.parametrize("column", ["actor", "action", "subject", "previous", "hash", "at"])
def test_a_changed_audit_row_is_found(casework: Casework, column: str) -> None:
    casework.refer(1)
    casework.refer(2)
    assert verify_audit(casework.engine).number == 4
    changed = START + MINUTE if column == "at" else "x" * 40
    with casework.engine.begin() as db:
        db.execute(update(tables.audit).where(tables.audit.c.number == 2).values({column: changed}))
    with pytest.raises(AuditBroken, match="row 2"):
        verify_audit(casework.engine)


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_removed_audit_row_is_found(casework: Casework, number: int) -> None:
    casework.refer(1)
    casework.refer(2)
    with casework.engine.begin() as db:
        db.execute(tables.audit.delete().where(tables.audit.c.number == number))
    with pytest.raises(AuditBroken):
        verify_audit(casework.engine)


def test_a_trail_made_anew_is_found_by_who_holds_a_checkpoint(casework: Casework) -> None:
    casework.refer(1)
    held = checkpoint(casework.engine)
    assert verify_audit(casework.engine, held) == held
    casework.refer(2)
    verify_audit(casework.engine, held)
    with pytest.raises(AuditBroken):
        verify_audit(casework.engine, Checkpoint(held.number, "0" * 64))
    with pytest.raises(AuditBroken):
        verify_audit(casework.engine, Checkpoint(9, "0" * 64))


def test_an_item_is_leased_to_one_and_taken_over_when_the_lease_ends(casework: Casework) -> None:
    reference = casework.refer()
    now = casework.clock()
    leased = outbox.lease_next(casework.engine, "one", now, MINUTE, MINUTE)
    assert leased is not None
    assert leased.item == reference
    assert outbox.lease_next(casework.engine, "two", now, MINUTE, MINUTE) is None
    assert outbox.lease_next(casework.engine, "two", now + MINUTE, MINUTE, MINUTE) is not None
    outbox.put_off(casework.engine, "one", reference, "Late", now + MINUTE * 9)  # its lease is gone: nothing happens
    outbox.set_aside(casework.engine, "one", reference, "Late")
    with casework.engine.connect() as db:
        row = db.execute(select(tables.outbox)).one()
    assert (row.lease_owner, row.state, row.attempts, row.problem) == ("two", "waiting", 0, None)


def test_ten_relays_lease_ten_different_items(casework: Casework) -> None:
    references = {casework.refer(number) for number in range(1, 11)}
    now = casework.clock()
    with ThreadPoolExecutor(10) as pool:
        leased = list(pool.map(lambda n: outbox.lease_next(casework.engine, f"r{n}", now, MINUTE, MINUTE), range(10)))
    assert {item.item for item in leased if item} == references


def test_a_clock_that_was_put_back_holds_nothing_up(casework: Casework) -> None:
    reference = casework.refer()
    later = casework.clock() + timedelta(days=1)
    assert outbox.lease_next(casework.engine, "one", later, MINUTE, MINUTE) is not None
    assert outbox.lease_next(casework.engine, "two", casework.clock(), MINUTE, MINUTE) is not None
    outbox.put_off(casework.engine, "two", reference, "Unreachable", later)
    assert outbox.lease_next(casework.engine, "three", casework.clock(), MINUTE, MINUTE) is not None


def test_an_item_put_aside_goes_again_when_somebody_says_so(casework: Casework) -> None:
    reference = casework.refer()
    assert send_again(casework.engine, reference, "a_manager", casework.clock()) is False
    outbox.lease_next(casework.engine, "one", casework.clock(), MINUTE, MINUTE)
    outbox.set_aside(casework.engine, "one", reference, "Refused")
    assert outbox.lease_next(casework.engine, "one", casework.clock() + MINUTE, MINUTE, MINUTE) is None
    assert send_again(casework.engine, reference, "a_manager", casework.clock()) is True
    assert outbox.lease_next(casework.engine, "one", casework.clock(), MINUTE, MINUTE) is not None


def test_a_referral_that_is_late_is_on_the_alarm_list(casework: Casework) -> None:
    beat(casework.engine, casework.clock())
    reference = casework.refer()
    casework.clock.forward(minutes=15)
    beat(casework.engine, casework.clock())
    assert alarms(casework.engine, casework.clock()) == []
    casework.clock.forward(seconds=1)
    (alarm,) = alarms(casework.engine, casework.clock())
    assert (alarm.kind, alarm.subject, alarm.since) == (AlarmKind.NOT_DELIVERED, reference, START)
    deliver(casework, reference)
    assert alarms(casework.engine, casework.clock()) == []


def test_a_relay_that_is_silent_is_on_the_alarm_list(casework: Casework) -> None:
    assert not relay_is_alive(casework.engine, casework.clock())
    beat(casework.engine, casework.clock())
    assert relay_is_alive(casework.engine, casework.clock() + MINUTE)
    late = casework.clock() + MINUTE + timedelta(seconds=1)
    assert not relay_is_alive(casework.engine, late)
    assert [alarm.kind for alarm in alarms(casework.engine, late)] == [AlarmKind.RELAY_SILENT]


def test_an_alarm_is_raised_once_and_can_come_back(casework: Casework) -> None:
    beat(casework.engine, casework.clock())
    kind = AlarmKind.RECEIPT_WRONG
    note_alarm(casework.engine, kind, "TF-2222-2222", START)
    note_alarm(casework.engine, kind, "TF-2222-2222", START + MINUTE)
    assert [alarm.since for alarm in alarms(casework.engine, START)] == [START]
    clear_alarm(casework.engine, kind, "TF-2222-2222", START)
    clear_alarm(casework.engine, kind, "TF-2222-2222", START)
    assert alarms(casework.engine, START) == []
    note_alarm(casework.engine, kind, "TF-2222-2222", START + MINUTE)
    assert [alarm.since for alarm in alarms(casework.engine, START)] == [START + MINUTE]


@pytest.mark.parametrize("table", ["outbox", "receipts", "referrals"])
def test_a_row_removed_by_hand_is_found(casework: Casework, table: str) -> None:
    beat(casework.engine, casework.clock())
    reference = casework.refer()
    deliver(casework, reference)
    assert alarms(casework.engine, casework.clock()) == []
    remove_by_hand(casework, table)
    (alarm,) = alarms(casework.engine, casework.clock())
    assert (alarm.kind, alarm.subject) == (AlarmKind.ROW_MISSING, reference)


def remove_by_hand(casework: Casework, table: str) -> None:
    """As somebody with the database's own tools would, past its checks."""
    with casework.engine.connect() as db:
        raw = db.connection.dbapi_connection
        assert raw is not None
        db.rollback()
        cursor = raw.cursor()
        if casework.engine.dialect.name == "sqlite":
            cursor.execute("PRAGMA foreign_keys=0")
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute("PRAGMA foreign_keys=1")
        else:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute("SET session_replication_role = origin")
            raw.commit()


def test_a_status_of_a_referral_that_is_not_here_is_found(casework: Casework) -> None:
    beat(casework.engine, casework.clock())
    event = IntakeEvent(n=1, reference="TF-2222-2222", status=Status.OPENED, at=START)
    assert statuses.take_event(casework.engine, event, START) is None
    assert [(alarm.kind, alarm.subject) for alarm in alarms(casework.engine, START)] == [
        (AlarmKind.REFERRAL_UNKNOWN, "TF-2222-2222")
    ]
    assert statuses.events_after(casework.engine) == 1


def test_statuses_that_come_before_the_receipt_wait_for_it(casework: Casework) -> None:
    reference = casework.refer()
    assert tell(casework, 1, reference, Status.OPENED) is Taken.WAITS
    assert tell(casework, 2, reference, Status.NEEDS_MORE, "Which school?") is Taken.WAITS
    assert get_referral(casework.engine, casework.keys, reference, OFFICER).status is Status.CREATED
    deliver(casework, reference)
    found = get_referral(casework.engine, casework.keys, reference, OFFICER)
    assert (found.status, found.question) == (Status.NEEDS_MORE, "Which school?")


def test_a_number_is_dealt_with_once(casework: Casework) -> None:
    reference = casework.refer()
    deliver(casework, reference)
    assert tell(casework, 7, reference, Status.OPENED) is Taken.MOVED
    assert tell(casework, 7, reference, Status.OPENED) is None
    assert tell(casework, 6, reference, Status.ACCEPTED) is None
    with casework.engine.begin() as db:
        db.execute(update(tables.relay).values(events_after=0))  # as after a restored backup
    assert tell(casework, 7, reference, Status.OPENED) is None
    assert get_referral(casework.engine, casework.keys, reference, OFFICER).status is Status.OPENED


numbers = itertools.count(1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(TOLD_BY_THE_TEAM)), max_size=8), st.integers(0, 8))
def test_any_order_ends_where_the_rules_say(casework: Casework, told: list[Status], receipt_at: int) -> None:
    number = next(numbers) * 100
    reference = casework.refer(number)
    for place, status in enumerate(told):
        if place == receipt_at:
            deliver(casework, reference)
        tell(casework, number + place, reference, status)
    if receipt_at >= len(told):
        deliver(casework, reference)
    expected = Status.DELIVERED
    for status in told:
        if take(expected, status).changes_status:
            expected = status
    (line,) = [line for line in list_for_officer(casework.engine, OFFICER) if line.reference == reference]
    assert line.status is expected


def test_an_error_of_the_database_says_nothing_of_the_row(casework: Casework) -> None:
    with pytest.raises(StoreUnavailable) as caught, transaction(casework.engine) as db:
        db.execute(insert(tables.alarms).values(kind="k", subject="Kelly", raised_at=None))
    assert "Kelly" not in str(caught.value)
    assert caught.value.__suppress_context__
    with casework.engine.connect() as db:
        assert db.scalar(text("SELECT count(*) FROM alarms")) == 0
