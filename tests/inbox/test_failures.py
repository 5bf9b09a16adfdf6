"""What becomes of a referral when the database fails, and when many come at once to PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.exc import OperationalError

from inbox import create_app
from inbox.casebook import Step, read_referral, take_step
from inbox.database import open_inbox
from inbox.errors import TooLate
from inbox.keys import ENGINE
from inbox.opening import Opener
from inbox.outer_seal import OuterSeal
from inbox.tables import audit, events, referrals
from inbox.taking_in import events_after, keep_answer, keep_referral
from referrals import Status
from sealing import KeyStore, Secrets, open_engine
from tests.referrals.databases import fresh_database
from thinkfamily.settings import Settings, read_settings
from web import AccountStore, User

from .deliveries import Client, Sent, answer_to, deliver
from .people import PASSWORD

KAY = User("a_kay", "Kay Worker", "key_worker", "Connecting Families")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with fresh_database(request.param, tmp_path) as url:
        engine = open_inbox(url)
        yield engine
        engine.dispose()


@pytest.fixture
def outer(settings: Settings) -> OuterSeal:
    return OuterSeal(KeyStore(open_engine(settings.database_url("inbox_keys"))))


def count(engine: Engine, table: object) -> int:
    with engine.begin() as db:
        return int(db.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]


@pytest.mark.parametrize("fails_at", ["INSERT INTO referrals", "INSERT INTO inbox_audit", "COMMIT"])
async def test_no_receipt_and_nothing_kept_where_the_database_fails(
    relay: Client, app: web.Application, secrets: Secrets, fails_at: str
) -> None:
    engine, sent, broken = app[ENGINE], Sent(secrets), True

    def fail(connection: Connection, statement: str = "COMMIT") -> None:
        if broken and statement.startswith(fails_at):
            raise OperationalError(statement, None, Exception("disk full"))

    event.listen(engine, "commit", fail)
    event.listen(
        engine, "before_cursor_execute", lambda connection, _cursor, statement, *_: fail(connection, statement)
    )
    answer = await deliver(relay, secrets, sent)
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    assert "signature" not in await answer.json()
    broken = False
    assert count(engine, referrals) == count(engine, audit) == 0
    assert (await deliver(relay, secrets, sent)).status == 201
    assert count(engine, referrals) == 1


def test_the_same_delivery_many_times_at_once_is_kept_once(engine: Engine, outer: OuterSeal, secrets: Secrets) -> None:
    sent = Sent(secrets)
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: keep_referral(engine, outer, secrets.inbox_private, sent.delivery), range(24)))
    assert len(set(kept)) == 1
    assert count(engine, referrals) == 1
    assert count(engine, audit) == 1


def test_of_many_steps_at_once_one_is_taken(engine: Engine, outer: OuterSeal, secrets: Secrets) -> None:
    sent, opener = Sent(secrets), Opener(outer, secrets.inbox_private, secrets.inbox_public)
    keep_referral(engine, outer, secrets.inbox_private, sent.delivery)

    read_referral(engine, sent.reference, KAY)

    def press(to: Status) -> bool:
        step = Step(to, lambda n: opener.seal_both(sent.story, to, "words", n), "Kay Worker", seen=Status.OPENED)
        try:
            take_step(engine, sent.reference, KAY, step)
        except TooLate:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(press, [Status.ACCEPTED, Status.DECLINED, Status.NEEDS_MORE] * 4))
    assert taken.count(True) == 1
    assert [event.n for event in events_after(engine, outer, 0).events] == [1, 2]


def test_numbers_of_events_have_no_gaps_and_follow_the_commits(
    engine: Engine, outer: OuterSeal, secrets: Secrets
) -> None:
    all_sent = [Sent(secrets) for _ in range(8)]
    for sent in all_sent:
        keep_referral(engine, outer, secrets.inbox_private, sent.delivery)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda sent: read_referral(engine, sent.reference, KAY), all_sent * 2))
    numbers = [event.n for event in events_after(engine, outer, 0).events]
    assert numbers == list(range(1, 9))
    assert count(engine, events) == 8


def test_an_answer_that_comes_many_times_at_once_is_kept_once(
    engine: Engine, outer: OuterSeal, secrets: Secrets
) -> None:
    sent, opener = Sent(secrets), Opener(outer, secrets.inbox_private, secrets.inbox_public)
    keep_referral(engine, outer, secrets.inbox_private, sent.delivery)
    ask = Step(Status.NEEDS_MORE, lambda n: opener.seal_both(sent.story, Status.NEEDS_MORE, "Which?", n))
    take_step(engine, sent.reference, KAY, ask)
    given = answer_to(secrets, sent.reference, "Hillside")
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: keep_answer(engine, outer, secrets.inbox_private, given), range(16)))
    assert len(set(kept)) == 1
    opened = opener.open_whole(read_referral(engine, sent.reference, KAY))
    assert opened.status is Status.OPENED
    assert [moment.words for moment in opened.timeline if moment.words] == ["Which?", "Hillside"]


async def test_the_whole_app_runs_on_postgresql(tmp_path: Path) -> None:
    with fresh_database("postgresql", tmp_path) as url:
        settings = read_settings(data_dir=tmp_path, inbox_database_url=url)
        app, secrets = create_app(settings), Secrets(settings.keys_dir)
        await asyncio.to_thread(
            AccountStore(app[ENGINE]).create, "kay", "Kay Worker", "key_worker", "Connecting Families", PASSWORD
        )
        async with TestClient(TestServer(app)) as client:
            sent = Sent(secrets)
            assert (await deliver(client, secrets, sent)).status == 201
            own = {"Origin": f"http://{client.host}:{client.port}"}
            data = {"username": "kay", "password": PASSWORD}
            assert sent.reference in await (await client.post("/sign-in", data=data, headers=own)).text()
            path = f"/referrals/{sent.reference}"
            page = await (await client.post(f"{path}/accept", headers=own)).text()
            assert "You accepted this referral" in page
            assert sent.reference in await (await client.get("/?status=accepted")).text()
