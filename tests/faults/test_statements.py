"""Each statement of a transaction failing in turn, and the commit too: nothing remains, and it can be done again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from referrals import StoreUnavailable, answer_question, put_envelope, record_decision
from referrals.intake import IntakeEvent
from referrals.states import Status
from referrals.store import statuses, tables
from tests.referrals.makers import OFFICER, Casework, decision_request, referral_request
from tests.referrals.test_reading import deliver, tell

Work = Callable[[Casework, Any], Any]


def everything(casework: Casework) -> dict[str, list[Any]]:
    with casework.engine.connect() as db:
        return {name: list(db.execute(select(table))) for name, table in tables.metadata.tables.items()}


def broken(number: int) -> OperationalError:
    return OperationalError(f"statement {number}", {}, Exception("the disk is full"))


@contextmanager
def statements(casework: Casework, fail_at: int | None = None) -> Iterator[list[str]]:
    """The statements that are run; number ``fail_at`` (from 0) fails instead."""
    seen: list[str] = []

    def before(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        seen.append(text)
        if len(seen) - 1 == fail_at:
            raise broken(len(seen))

    event.listen(casework.engine, "before_cursor_execute", before)
    try:
        yield seen
    finally:
        event.remove(casework.engine, "before_cursor_execute", before)


@contextmanager
def failing_commit(casework: Casework, *, kept: bool) -> Iterator[None]:
    """The commit fails; with ``kept``, only its answer is lost."""

    def commit(connection: Any) -> None:
        if kept:
            connection.connection.dbapi_connection.commit()
        raise broken(0)

    event.listen(casework.engine, "commit", commit)
    try:
        yield
    finally:
        event.remove(casework.engine, "commit", commit)


def create(casework: Casework, _: Any) -> str:
    return casework.create(referral_request()).reference


def decide(casework: Casework, _: Any) -> str:
    return record_decision(casework.engine, casework.keys, decision_request(), now=casework.clock)


def asked(casework: Casework) -> str:
    reference = casework.refer()
    deliver(casework, reference)
    tell(casework, 1, reference, Status.NEEDS_MORE, "Which school?")
    return reference


def answer(casework: Casework, reference: str) -> None:
    public = casework.secrets.inbox_public
    answer_question(casework.engine, casework.keys, public, reference, OFFICER, "Park Lane", now=casework.clock)


def hear(casework: Casework, reference: str) -> None:
    event = IntakeEvent(n=2, reference=reference, status=Status.OPENED, at=casework.clock())
    statuses.take_event(casework.engine, event, casework.clock())


WORK: dict[str, tuple[Callable[[Casework], Any], Work, int]] = {  # what comes before, what is tried, how many writes
    "create": (Casework.bring_envelope, create, 6),
    "decide": (Casework.bring_envelope, decide, 3),
    "answer": (asked, answer, 5),
    "receive": (Casework.refer, deliver, 6),
    "hear": (asked, hear, 5),
}


@pytest.mark.parametrize("name", WORK)
def test_each_statement_failing_in_turn_leaves_nothing(casework: Casework, name: str) -> None:
    prepare, work, writes = WORK[name]
    prepared = prepare(casework)
    before = everything(casework)
    number = 0
    while True:
        with statements(casework, fail_at=number) as seen:
            try:
                result = work(casework, prepared)
            except StoreUnavailable:
                assert everything(casework) == before, seen[-1]
                number += 1
                continue
        break
    assert len([text for text in seen if text.startswith(("INSERT", "UPDATE"))]) == writes
    assert number == len(seen)
    assert everything(casework) != before
    if name == "create":
        assert work(casework, prepared) == result


@pytest.mark.parametrize("name", WORK)
def test_a_commit_that_fails_shows_nothing_and_keeps_nothing(casework: Casework, name: str) -> None:
    prepare, work, _ = WORK[name]
    prepared = prepare(casework)
    before = everything(casework)
    with failing_commit(casework, kept=False), pytest.raises(StoreUnavailable):
        work(casework, prepared)
    assert everything(casework) == before
    work(casework, prepared)


def test_a_commit_whose_answer_is_lost_is_found_again(casework: Casework) -> None:
    casework.bring_envelope()
    with failing_commit(casework, kept=True), pytest.raises(StoreUnavailable):
        create(casework, None)
    kept = everything(casework)
    assert len(kept["referrals"]) == 1
    assert create(casework, None) == kept["referrals"][0].reference
    assert everything(casework) == kept


def test_an_envelope_is_whole_or_not_there(casework: Casework) -> None:
    envelope = casework.bring_envelope()
    other = envelope.model_copy(update={"envelope": "e_2"})
    before = everything(casework)
    with failing_commit(casework, kept=False), pytest.raises(StoreUnavailable):
        put_envelope(casework.engine, other, now=casework.clock)
    assert everything(casework) == before
    assert put_envelope(casework.engine, other, now=casework.clock) is True
