"""Who gets in: closed by default, roles, tokens, and nothing that another website made a browser send."""

from __future__ import annotations

import pytest
from aiohttp import web

from web import AccessTokens, AccountStore
from web.access import access_of

from .conftest import Client, form_token_in, sign_in

OPEN = {
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/api/openapi.json"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
}


def routes(app: web.Application) -> list[tuple[str, str, object]]:
    return [
        (route.method, route.resource.canonical, route.handler)
        for route in app.router.routes()
        if route.resource and not isinstance(route.resource, web.StaticResource) and route.method != "HEAD"
    ]


def test_only_what_is_on_the_list_is_open(app: web.Application) -> None:
    assert {(method, path) for method, path, handler in routes(app) if access_of(handler).public} == OPEN


async def test_every_other_route_asks_to_sign_in(client: Client, app: web.Application) -> None:
    tried = 0
    for method, path, _ in routes(app):
        if (method, path) in OPEN:
            continue
        headers = {"Origin": f"http://{client.host}:{client.port}"}
        answer = await client.request(method, path, headers=headers, allow_redirects=False)
        if path.startswith("/api/"):
            assert answer.status == 401
            assert (await answer.json())["error"] == "unauthorized"
        elif method == "GET":
            assert answer.status == 303
            assert answer.headers["Location"].startswith("/sign-in?next=")
        else:
            assert answer.status == 401
        tried += 1
    assert tried >= 6


async def test_a_handler_without_a_mark_is_closed(client: Client) -> None:
    assert (await client.get("/broken", allow_redirects=False)).status == 303


async def test_a_role_that_may_not_open_a_page_is_told_so(client: Client, store: AccountStore) -> None:
    await sign_in(client, "mo")
    answer = await client.get("/")
    assert answer.status == 403
    assert "You cannot open this" in await answer.text()


async def test_a_token_gives_its_role_and_needs_no_form_token(client: Client, tokens: AccessTokens) -> None:
    headers = {"Authorization": f"Bearer {tokens.create('officer')}", "Sec-Fetch-Site": "cross-site"}
    answer = await client.post("/api/echo", json={"words": "hello"}, headers=headers)
    assert await answer.json() == {"words": "officer: hello"}
    assert (await client.get("/", headers=headers)).status == 200


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Basic b2x1OnB3", "bearer k1_2", ""])
async def test_a_wrong_token_is_nobody_even_with_a_session(client: Client, store: AccountStore, header: str) -> None:
    assert (await client.post("/api/echo", json={"words": "x"}, headers={"Authorization": header})).status in {401, 403}
    await sign_in(client)
    if header.lower().startswith("bearer "):
        assert (await client.get("/", headers={"Authorization": header}, allow_redirects=False)).status == 303


async def test_a_token_has_no_password_to_change(client: Client, tokens: AccessTokens) -> None:
    headers = {"Authorization": f"Bearer {tokens.create('officer')}"}
    assert (await client.get("/account/password", headers=headers)).status == 403
    assert (await client.post("/account/password", headers=headers, data={"old": "x"})).status == 403


OWN = "own"  # stands for this site's own origin


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),  # another port of the same machine
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OWN}, False),
        ({"Origin": OWN}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://127.0.0.1:1"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
async def test_where_a_form_comes_from_decides(
    client: Client, store: AccountStore, headers: dict[str, str], passes: bool
) -> None:
    await sign_in(client)
    own = f"http://{client.host}:{client.port}"
    sent = {name: own if value == OWN else value for name, value in headers.items()}
    answer = await client.post("/take", data={"words": "kept"}, headers=sent)
    assert answer.status == (200 if passes else 403)
    if not passes:
        assert "This came from another page or website" in await answer.text()


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}])
async def test_where_a_browser_does_not_say_the_form_token_decides(
    client: Client, store: AccountStore, headers: dict[str, str]
) -> None:
    await sign_in(client)
    token = form_token_in(await (await client.get("/")).text())
    for wrong in ("", token[:-1], "0" * 64, "é"):
        data = {"words": "x", "form_token": wrong}
        assert (await client.post("/take", data=data, headers=headers)).status == 403
    assert (await client.post("/take", data={"words": "x", "form_token": token}, headers=headers)).status == 200


async def test_a_form_token_is_good_for_its_own_session_only(client: Client, store: AccountStore) -> None:
    await sign_in(client)
    token = form_token_in(await (await client.get("/")).text())
    client.session.cookie_jar.clear()
    await sign_in(client)
    assert (await client.post("/take", data={"words": "x", "form_token": token})).status == 403


async def test_a_token_from_another_site_does_not_help(client: Client, store: AccountStore) -> None:
    await sign_in(client)
    token = form_token_in(await (await client.get("/")).text())
    answer = await client.post(
        "/take", data={"words": "x", "form_token": token}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status == 403


async def test_no_other_site_can_sign_a_browser_in(client: Client, store: AccountStore) -> None:
    data = {"username": "olu", "password": "three long words"}
    for headers in ({"Origin": "https://evil.example"}, {}):
        assert (await client.post("/sign-in", data=data, headers=headers)).status == 403
