"""A desk with its real stores, real redactor and real pages, between a small bot and small actions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher
from yarl import URL

from bot.desk.app import create_app
from bot.desk.parts import DESK, Desk
from bot.desk.vault import Hides
from redaction import Edit, Identities, Redacted, Redactor, build_models
from sealing import Secrets, open_engine
from tests.desk.servers import Actions, Bot, serve_actions, serve_bot
from thinkfamily.settings import Settings, read_settings
from web import AccountStore

PASSWORD = "three plain words"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real Argon2id at its lowest cost."""
    monkeypatch.setattr("web.passwords._hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    build_models(folder)
    return folder


@pytest.fixture(scope="session")
def redactor(model_dir: Path) -> Redactor:
    return Redactor.load(model_dir)


@dataclass
class Hiding:
    """The real redactor, which can be made to fail."""

    redactor: Redactor
    error: Exception | None = None

    def redact(self, text: str, identities: Identities) -> Redacted:
        if self.error is not None:
            raise self.error
        return self.redactor.redact(text, identities)

    def find_again(self, kept: str, identities: Identities) -> list[Edit]:
        if self.error is not None:
            raise self.error
        return self.redactor.find_again(kept, identities)


@dataclass
class Browser:
    """A signed-in officer's browser, scripts off."""

    client: TestClient[Any, Any]
    officer: str

    async def get(self, path: str, status: int = 200) -> str:
        answer = await self.client.get(path)
        assert answer.status == status, await answer.text()
        return await answer.text()

    async def post(self, path: str, fields: dict[str, Any] | list[tuple[str, str]], status: int = 200) -> str:
        """Send a form; after a redirect, the page it leads to."""
        self.last = await self.send(path, fields)
        text = await self.last.text()
        assert self.last.status == status, text
        return text

    async def send(self, path: str, fields: dict[str, Any] | list[tuple[str, str]]) -> ClientResponse:
        return await self.client.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"})

    async def open(self) -> str:
        """A new conversation; its id."""
        answer = await self.send("/conversations", {})
        assert answer.status == 200, await answer.text()
        return URL(answer.url).path.removeprefix("/conversations/")


@dataclass
class World:
    """The desk and what stands around it."""

    settings: Settings
    client: TestClient[Any, Any]
    bot: Bot
    bot_server: TestServer
    actions: Actions
    hiding: Hiding

    @property
    def desk(self) -> Desk:
        return self.client.app[DESK]

    async def browser(self, username: str = "officer", role: str = "officer") -> Browser:
        """Somebody who has an account and is signed in."""
        store = AccountStore(open_engine(self.settings.database_url("desk")))
        account = store.create(username, "Olga Officer", role, "Welfare support", PASSWORD)
        client = TestClient(self.client.server)
        form = {"username": username, "password": PASSWORD}
        answer = await client.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status == 200, await answer.text()
        return Browser(client, account.id)


@pytest.fixture
def settings(tmp_path: Path, model_dir: Path) -> Settings:
    return read_settings(data_dir=tmp_path / "var", model_dir=model_dir)


@pytest.fixture
async def world(settings: Settings, redactor: Redactor) -> AsyncIterator[World]:
    secrets = Secrets(settings.keys_dir)
    bot, actions = Bot(secrets.desk_to_bot), Actions(secrets.desk_to_actions)
    bot_server, actions_server = await serve_bot(bot), await serve_actions(actions)
    settings = settings.model_copy(update={"bot_port": bot_server.port, "actions_port": actions_server.port})
    hiding = Hiding(redactor)

    def load() -> Hides:
        return hiding

    client = TestClient(TestServer(create_app(settings, load_redactor=load)))
    await client.start_server()
    async with asyncio.timeout(60):
        while (await client.get("/ready")).status != 200:  # noqa: ASYNC110 - as a process manager asks
            await asyncio.sleep(0.01)
    bot.turns.clear()
    bot.bodies.clear()
    try:
        yield World(settings, client, bot, bot_server, actions, hiding)
    finally:
        await client.close()
        await bot_server.close()
        await actions_server.close()


@pytest.fixture
async def browser(world: World) -> AsyncIterator[Browser]:
    browser = await world.browser()
    yield browser
    await browser.client.session.close()


def hidden_field(page: str, name: str) -> str:
    """The value of a hidden field of the page's form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]
