"""The relay and the real inbox: the whole round, and either of them killed on the way."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import Engine, func, select

from inbox import create_app
from inbox.casebook import Step, read_referral, take_step
from inbox.database import open_inbox
from inbox.keys import ENGINE, OPENER
from inbox.opening import Opener, OpenReferral
from inbox.tables import referrals as taken_in
from referrals import Status, alarms, answer_question, find_for_conversation, get_referral
from referrals.intake import SignedReceipt, content_digest
from referrals.model import utc_now
from referrals.relay import IntakeClient, Relay, Swept
from referrals.relay.errors import Busy, Refused
from referrals.store import outbox
from tests.faults.test_kill import POINTS, dying_in, end_leases
from tests.referrals.makers import OFFICER, Casework
from thinkfamily.settings import Settings
from web import User

ROOT = Path(__file__).parents[2]
WORKER = User(id="a_worker", name="Kay Worker", role="key_worker", team="Connecting Families")


@asynccontextmanager
async def relay_to(casework: Casework, address: str) -> AsyncIterator[Relay]:
    async with aiohttp.ClientSession() as session:
        secrets = casework.secrets
        client = IntakeClient(session, address, secrets.relay_to_inbox, secrets.receipt_public)
        yield Relay(casework.engine, client, now=casework.clock)


def count(engine: Engine) -> int:
    with engine.begin() as db:
        return db.scalar(select(func.count()).select_from(taken_in)) or 0


def status_of(casework: Casework) -> Status:
    found = find_for_conversation(casework.engine, "c_1")
    assert found is not None
    return found.status


class Team:
    """Somebody of the receiving team, using what the inbox's pages use."""

    def __init__(self, engine: Engine, opener: Opener) -> None:
        self._engine = engine
        self._opener = opener

    def read(self, reference: str) -> OpenReferral:
        return self._opener.open_whole(read_referral(self._engine, reference, WORKER))

    def take(self, reference: str, to: Status, words: str) -> None:
        story = self.read(reference).story
        take_step(self._engine, reference, WORKER, Step(to, lambda n: self._opener.seal_both(story, to, words, n)))


async def test_the_whole_round(casework: Casework, tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    server: TestServer[Any] = TestServer(app)
    await server.start_server()
    team = Team(app[ENGINE], app[OPENER])
    reference = casework.refer()
    async with relay_to(casework, f"http://127.0.0.1:{server.port}") as relay:
        assert await relay.run_once() == Swept(delivered=1)
        assert status_of(casework) is Status.DELIVERED

        shown = team.read(reference)
        assert shown.named("[PERSON 1] and [PERSON 2]") == "Kelly Marsh and [PERSON 2]"
        assert (await relay.run_once()).events == 1
        assert status_of(casework) is Status.OPENED

        team.take(reference, Status.NEEDS_MORE, "Which school is it?")
        await relay.run_once()
        assert get_referral(casework.engine, casework.keys, reference, OFFICER).question == "Which school is it?"

        public = casework.secrets.inbox_public
        answer_question(
            casework.engine, casework.keys, public, reference, OFFICER, "[PERSON 1] said Park Lane", now=casework.clock
        )
        assert (await relay.run_once()).delivered == 1
        assert "[PERSON 1] said Park Lane" in [moment.words for moment in team.read(reference).timeline]

        team.take(reference, Status.ACCEPTED, "Kay will ring on Monday.")
        await relay.run_once()
    history = get_referral(casework.engine, casework.keys, reference, OFFICER).history
    assert [(step.status, step.note) for step in history] == [
        ("created", None),
        ("delivered", None),
        ("opened", None),
        ("needs_more", "Which school is it?"),
        ("opened", "[PERSON 1] said Park Lane"),
        ("accepted", "Kay will ring on Monday."),
    ]
    assert alarms(casework.engine, casework.clock()) == []
    await server.close()


@pytest.mark.parametrize("decided", [Status.ACCEPTED, Status.DECLINED])
@pytest.mark.parametrize("answered", [True, False])
async def test_a_decision_without_the_answer_stands_on_both_sides(
    casework: Casework, tmp_path: Path, decided: Status, answered: bool
) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    server: TestServer[Any] = TestServer(app)
    await server.start_server()
    team = Team(app[ENGINE], app[OPENER])
    reference = casework.refer()
    async with relay_to(casework, f"http://127.0.0.1:{server.port}") as relay:
        await relay.run_once()
        team.take(reference, Status.NEEDS_MORE, "Which school is it?")
        await relay.run_once()
        team.take(reference, decided, "We did not wait.")
        if answered:  # at the same time, before the officer's side knows of the decision
            public = casework.secrets.inbox_public
            answer_question(casework.engine, casework.keys, public, reference, OFFICER, "Park Lane", now=casework.clock)
        await relay.run_once()
        await relay.run_once()
    assert status_of(casework) is decided
    shown = team.read(reference)
    assert shown.status is decided
    assert ("Park Lane" in [moment.words for moment in shown.timeline]) is answered
    assert get_referral(casework.engine, casework.keys, reference, OFFICER).question is None
    assert alarms(casework.engine, casework.clock()) == []
    await server.close()


async def test_the_same_delivery_fifty_times_at_once_is_one(casework: Casework, tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    server: TestServer[Any] = TestServer(app)
    await server.start_server()
    casework.refer()
    long = timedelta(minutes=1)
    item = outbox.lease_next(casework.engine, "nobody", casework.clock(), long, long)
    assert item is not None
    async with aiohttp.ClientSession() as session:
        secrets = casework.secrets
        address = f"http://127.0.0.1:{server.port}"
        client = IntakeClient(session, address, secrets.relay_to_inbox, secrets.receipt_public)
        came = await asyncio.gather(*(client.deliver(item) for _ in range(50)), return_exceptions=True)
        receipts = {answer.signature for answer in came if isinstance(answer, SignedReceipt)}
        assert len(receipts) == 1
        assert {type(answer) for answer in came} <= {SignedReceipt, Busy}
        altered = dataclasses.replace(item, first=b"other", digest=content_digest(b"other", item.second or b""))
        with pytest.raises(Refused):
            await client.deliver(altered)
    assert count(app[ENGINE]) == 1
    await server.close()


@asynccontextmanager
async def inbox_process(folder: Path, point: str) -> AsyncIterator[str]:
    """The inbox on a process of its own, on a free port; ended at the end where it has not killed itself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"THINKFAMILY_DATA_DIR": str(folder), "THINKFAMILY_INBOX_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.dying_inbox", point, cwd=ROOT, env=environment
    )
    address = f"http://127.0.0.1:{port}"
    await _answers(address, process)
    yield address
    if point == "never":
        process.terminate()
    assert await process.wait() == (0 if point == "never" else -signal.SIGKILL)


async def _answers(address: str, process: asyncio.subprocess.Process) -> None:
    async with aiohttp.ClientSession() as session:
        while process.returncode is None:
            with suppress(aiohttp.ClientError):
                await (await session.get(f"{address}/health")).read()
                return
            await asyncio.sleep(0.05)
    raise AssertionError("the inbox ended before it answered")


@pytest.mark.slow
async def test_an_inbox_killed_around_its_commit_has_it_once(casework: Casework, tmp_path: Path) -> None:
    casework.refer()
    database = open_inbox(Settings(data_dir=tmp_path).database_url("inbox"))
    for point, kept in (("before_commit", 0), ("after_commit", 1)):
        async with inbox_process(tmp_path, point) as address, relay_to(casework, address) as relay:
            assert await relay.run_once() == Swept(put_off=1)
        assert count(database) == kept
        assert status_of(casework) is Status.CREATED
        casework.clock.forward(minutes=2)
    async with inbox_process(tmp_path, "never") as address, relay_to(casework, address) as relay:
        assert await relay.run_once() == Swept(delivered=1)
    assert count(database) == 1
    assert status_of(casework) is Status.DELIVERED
    database.dispose()


@pytest.mark.slow
async def test_a_relay_killed_on_the_way_to_the_inbox_delivers_once(casework: Casework, tmp_path: Path) -> None:
    casework.clock.at = utc_now()
    reference = casework.refer()
    app = create_app(Settings(data_dir=tmp_path))
    server: TestServer[Any] = TestServer(app)
    await server.start_server()
    async with dying_in(casework, tmp_path / "keys", f"http://127.0.0.1:{server.port}") as dying:
        for point in POINTS:
            assert status_of(casework) is Status.CREATED
            assert await dying(f"relay {point}") == "killed"
            end_leases(casework)
        assert await dying("relay never") == "finished"
    assert status_of(casework) is Status.DELIVERED
    assert count(app[ENGINE]) == 1
    assert Team(app[ENGINE], app[OPENER]).read(reference).story.reference == reference
    await server.close()
