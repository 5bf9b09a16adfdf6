"""A small app of two routes on the shared parts, and people who may sign in to it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher
from pydantic import BaseModel
from sqlalchemy import Engine

from sealing import open_engine
from web import (
    AccessTokens,
    AccountStore,
    Link,
    Problem,
    Site,
    answer,
    create_base_app,
    current_user,
    described,
    read_body,
    render,
    roles,
)

PASSWORD = "three long words"
Client = TestClient[Any, Any]


class Note(BaseModel):
    """What a script sends."""

    words: str


@roles("officer")
async def officers_page(request: web.Request) -> web.Response:
    """A page for officers."""
    return render(request, "page.html")


async def broken(request: web.Request) -> web.Response:
    """A page with a fault in it."""
    raise ValueError("Kelly Marsh is in this message")


async def take(request: web.Request) -> web.Response:
    """A form's target."""
    form = await request.post()
    return web.Response(text=str(form.get("words", "")))


@described("Say it back", {200: Note, 400: Problem}, body=Note)
async def echo(request: web.Request) -> web.Response:
    """A script's target."""
    note = await read_body(request, Note)
    return answer(Note(words=f"{current_user(request).role}: {note.words}"))


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real Argon2id at its lowest cost: the tests hash hundreds of times."""
    monkeypatch.setattr("web.passwords._hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_engine(f"sqlite:///{tmp_path / 'web.db'}")


@pytest.fixture
def app(engine: Engine, tmp_path: Path) -> web.Application:
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "page.html").write_text(
        '{% extends "web/page.html" %}{% block content %}<h1>Officers</h1>{% endblock %}'
    )
    app = create_base_app(
        Site(
            "desk", "Family help", "Example Council", engine, templates, navigation=[Link("Chat", "/")], body_limit=4096
        )
    )
    app.router.add_get("/", officers_page)
    app.router.add_get("/broken", broken)
    app.router.add_post("/take", take)
    app.router.add_post("/api/echo", echo)
    return app


@pytest.fixture
async def client(app: web.Application) -> AsyncIterator[Client]:
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def store(engine: Engine) -> AccountStore:
    store = AccountStore(engine)
    store.create("olu", "Olu Officer", "officer", "Welfare support", PASSWORD)
    store.create("mo", "Mo Manager", "manager", "Welfare support", PASSWORD)
    return store


@pytest.fixture
def tokens(engine: Engine) -> AccessTokens:
    return AccessTokens(engine)


def form_token_in(page: str) -> str:
    """The form token that a page carries."""
    found = re.search(r'name="form_token" value="([0-9a-f]{64})"', page)
    assert found, "the page has a form without a token"
    return found[1]


async def sign_in(client: Client, username: str = "olu", password: str = PASSWORD) -> None:
    """Sign in as a browser does over plain HTTP, where it does not say where it comes from."""
    page = await (await client.get("/sign-in")).text()
    data = {"username": username, "password": password, "form_token": form_token_in(page)}
    answer = await client.post("/sign-in", data=data, allow_redirects=False)
    assert answer.status == 303
