"""Processes that are killed (SIGKILL) at every point of their work: nothing is lost, nothing is kept twice."""

from __future__ import annotations

import asyncio
import itertools
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from referrals import Status, alarms, find_for_conversation, verify_audit
from referrals.model import utc_now
from referrals.store import tables
from tests.faults.receiver import Held, Receiver
from tests.referrals.makers import Casework, referral_request

ROOT = Path(__file__).parents[2]
POINTS = ["before_send", "after_send", "before_commit", "after_commit"]
Dying = Callable[[str], Awaitable[str]]


@asynccontextmanager
async def dying_in(casework: Casework, keys_folder: Path, address: str) -> AsyncIterator[Dying]:
    """``dying("relay 3")``: what came of it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.faults.dying",
        casework.url,
        casework.keys_url,
        str(keys_folder),
        address,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    to, back = process.stdin, process.stdout

    async def ask(line: str) -> str:
        to.write(f"{line}\n".encode())
        return (await back.readline()).decode().strip()

    yield ask
    to.close()
    assert await process.wait() == 0


@pytest.fixture
async def dying(casework: Casework, receiver: Receiver, tmp_path: Path) -> AsyncIterator[Dying]:
    async with dying_in(casework, tmp_path / "keys", receiver.address) as ask:
        yield ask


def assert_kept_exactly_once_or_on_its_way(casework: Casework, receiver: Receiver, references: list[str]) -> None:
    """The promise: whatever was shown is at the receiver once, or still in the outbox; a receipt means delivered."""
    assert set(receiver.kept) <= set(references)
    verify_audit(casework.engine)
    with casework.engine.connect() as db:
        items = {row.item: row.state for row in db.execute(select(tables.outbox))}
        proven = set(db.scalars(select(tables.receipts.c.item)))
        statuses = {row.reference: row.status for row in db.execute(select(tables.referrals))}
    assert set(items) == set(statuses) == set(references)
    for reference in references:
        if reference in proven:
            assert (items[reference], statuses[reference]) == ("delivered", Status.DELIVERED)
            assert reference in receiver.kept
        else:
            assert (items[reference], statuses[reference]) == ("waiting", Status.CREATED)


def end_leases(casework: Casework) -> None:
    """As if the minute of a dead relay's lease had passed."""
    with casework.engine.begin() as db:
        db.execute(tables.outbox.update().values(lease_until=utc_now() - timedelta(seconds=1)))


@pytest.mark.slow
async def test_a_relay_killed_anywhere_delivers_once(casework: Casework, receiver: Receiver, dying: Dying) -> None:
    casework.clock.at = utc_now()
    references = [casework.refer(1)]
    for point in POINTS[:3]:
        assert await dying(f"relay {point}") == "killed"
        assert_kept_exactly_once_or_on_its_way(casework, receiver, references)
        assert find_for_conversation(casework.engine, "c_1").status is Status.CREATED  # type: ignore[union-attr]
        end_leases(casework)
    assert await dying("relay after_commit") == "killed"
    assert find_for_conversation(casework.engine, "c_1").status is Status.DELIVERED  # type: ignore[union-attr]
    assert receiver.arrived == references * 3
    assert list(receiver.kept) == references

    deaths = 0
    for number in itertools.count(1):  # one new referral for each statement of a sweep
        references.append(casework.refer(number + 1))
        ended = await dying(f"relay {number}")
        assert_kept_exactly_once_or_on_its_way(casework, receiver, references)
        end_leases(casework)
        if ended == "finished":
            break
        assert ended == "killed"
        deaths += 1
    assert deaths > 15
    assert await dying("relay never") == "finished"
    assert sorted(receiver.kept) == sorted(references)
    assert alarms(casework.engine, utc_now()) == []


@pytest.mark.slow
async def test_making_a_referral_killed_anywhere_makes_one(
    casework: Casework, receiver: Receiver, dying: Dying
) -> None:
    casework.bring_envelope()
    deaths = 0
    for point in itertools.chain(["before_commit"], itertools.count(1)):
        ended = await dying(f"create {point}")
        if ended == "finished":
            break
        assert ended == "killed"
        deaths += 1
        for table in (tables.referrals, tables.decisions, tables.outbox, tables.history):
            with casework.engine.connect() as db:
                assert db.scalar(select(func.count()).select_from(table)) == 0
    assert deaths > 7
    shown = find_for_conversation(casework.engine, "c_1")
    assert shown is not None
    assert casework.create(referral_request()) == shown
    assert_kept_exactly_once_or_on_its_way(casework, receiver, [shown.reference])


@pytest.mark.slow
async def test_killed_after_the_commit_the_same_reference_comes_back(
    casework: Casework, receiver: Receiver, dying: Dying
) -> None:
    casework.bring_envelope()
    assert await dying("create after_commit") == "killed"
    shown = find_for_conversation(casework.engine, "c_1")
    assert shown is not None
    assert casework.create(referral_request()) == shown
    assert_kept_exactly_once_or_on_its_way(casework, receiver, [shown.reference])


@pytest.mark.slow
@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_relay_process_asked_to_end_does_so_in_the_middle_of_a_batch(
    casework: Casework, receiver: Receiver, tmp_path: Path, name: signal.Signals
) -> None:
    casework.clock.at = utc_now()
    references = [casework.refer(number) for number in (1, 2, 3)]
    held = Held()
    receiver.plan.append(held)
    environment = {
        "THINKFAMILY_DATA_DIR": str(tmp_path),  # its secrets are those of the test: tmp_path/keys
        "THINKFAMILY_CASEWORK_DATABASE_URL": casework.url,
        "THINKFAMILY_INBOX_URL": receiver.address,
        "THINKFAMILY_LOG_LEVEL": "DEBUG",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "thinkfamily", "relay", cwd=ROOT, env=environment, stderr=asyncio.subprocess.PIPE
    )
    await held.came.wait()
    process.send_signal(name)
    assert process.stderr is not None
    log = await process.stderr.readuntil(b"asked to end")
    held.go.set()
    log += await process.stderr.read()
    assert await process.wait() == 0
    assert len(receiver.kept) == 1
    (delivered,) = receiver.kept
    assert_kept_exactly_once_or_on_its_way(casework, receiver, references)
    assert find_for_conversation(casework.engine, f"c_{references.index(delivered) + 1}").status is Status.DELIVERED  # type: ignore[union-attr]
    with casework.engine.connect() as db:
        assert set(db.scalars(select(tables.outbox.c.lease_owner))) == {None}
    assert f"{delivered} delivered" in log.decode()
    for words in ("Kelly", "07700", "rent", "PERSON", "letters"):
        assert words not in log.decode()
