"""The desk answers at once, and is ready only when a turn has passed through the whole chain."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from bot.desk.app import create_app
from redaction import Redactor
from sealing import KeyStore, Secrets, open_engine
from tests.desk.servers import Actions, Bot, serve_actions, serve_bot
from thinkfamily.settings import Settings


@pytest.fixture
def bot(settings: Settings) -> Bot:
    secrets = Secrets(settings.keys_dir)
    bot = Bot(secrets.desk_to_bot)
    bot.failure = (503, {"error": "not_kept"})
    return bot


async def test_ready_waits_for_the_first_turn_which_leaves_nothing_behind(
    settings: Settings, redactor: Redactor, bot: Bot
) -> None:
    server = await serve_bot(bot)
    actions = await serve_actions(Actions(Secrets(settings.keys_dir).desk_to_actions))
    settings = settings.model_copy(update={"bot_port": server.port, "actions_port": actions.port})
    async with TestClient(TestServer(create_app(settings, load_redactor=lambda: redactor))) as client:
        assert (await client.get("/health")).status == 200
        assert (await client.get("/ready")).status == 503
        bot.failure = None
        async with asyncio.timeout(60):
            while (await client.get("/ready")).status != 200:  # noqa: ASYNC110 - as a process manager asks
                await asyncio.sleep(0.02)
    assert len(bot.texts) == 1
    assert "Example" not in bot.texts[0] or "[PERSON" in bot.texts[0]
    with open_engine(settings.database_url("desk")).begin() as db:
        for table in ("desk_conversations", "desk_turns", "desk_vault"):
            assert db.scalar(text(f"SELECT count(*) FROM {table}")) == 0
    destroyed = KeyStore(open_engine(settings.database_url("keys"))).destroyed()
    assert f"conversation/{bot.turns[0]['conversation']}" in destroyed
    await server.close()
    await actions.close()


async def test_a_redactor_that_does_not_load_is_not_ready_and_the_pages_stand(settings: Settings, bot: Bot) -> None:
    def broken() -> object:
        raise OSError("no model")

    bot.failure = None
    server = await serve_bot(bot)
    settings = settings.model_copy(update={"bot_port": server.port})
    async with TestClient(TestServer(create_app(settings, load_redactor=broken))) as client:  # type: ignore[arg-type]
        assert (await client.get("/cards")).status == 200
        await asyncio.sleep(0.2)
        assert (await client.get("/ready")).status == 503
    assert bot.texts == []
    await server.close()
