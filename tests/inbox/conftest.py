"""The inbox on a database of its own, the relay's side of it, and people who may sign in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from inbox import create_app
from inbox.keys import ENGINE
from sealing import Secrets
from thinkfamily.settings import Settings, read_settings
from web import AccessTokens, AccountStore

from .deliveries import Client
from .people import PASSWORD, Person


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real Argon2id at its lowest cost."""
    monkeypatch.setattr("web.passwords._hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(data_dir=tmp_path)


@pytest.fixture
def secrets(settings: Settings) -> Secrets:
    return Secrets(settings.keys_dir)


@pytest.fixture
def app(settings: Settings) -> web.Application:
    app = create_app(settings)
    store = AccountStore(app[ENGINE])
    for username, name, role in (
        ("kay", "Kay Worker", "key_worker"),
        ("sam", "Sam Second", "key_worker"),
        ("mo", "Mo Manager", "manager"),
        ("eve", "Eve Else", "officer"),
    ):
        store.create(username, name, role, "Connecting Families", PASSWORD)
    return app


@pytest.fixture
async def server(app: web.Application) -> AsyncIterator[TestServer]:
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def relay(server: TestServer) -> AsyncIterator[Client]:
    async with TestClient(server) as client:
        yield client


async def _signed_in(server: TestServer, username: str) -> AsyncIterator[Person]:
    async with TestClient(server) as client:
        person = Person(client)
        await person.sign_in(username)
        yield person


@pytest.fixture
async def kay(server: TestServer) -> AsyncIterator[Person]:
    async for person in _signed_in(server, "kay"):
        yield person


@pytest.fixture
async def sam(server: TestServer) -> AsyncIterator[Person]:
    async for person in _signed_in(server, "sam"):
        yield person


@pytest.fixture
async def mo(server: TestServer) -> AsyncIterator[Person]:
    async for person in _signed_in(server, "mo"):
        yield person


@pytest.fixture
def token(app: web.Application) -> dict[str, str]:
    """The header of a script with a key worker's rights."""
    return {"Authorization": f"Bearer {AccessTokens(app[ENGINE]).create('key_worker')}"}
