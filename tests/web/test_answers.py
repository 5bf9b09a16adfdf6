"""Headers, error pages, the OpenAPI document, health, and what is logged."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer
from openapi_spec_validator import validate
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from web import READINESS, AccessTokens, AccountStore, Site, create_base_app
from web.openapi import build
from web.serving import AccessLogger

from .conftest import Client, form_token_in, sign_in

EVERYWHERE = ["/", "/sign-in", "/nothing", "/health", "/api/nothing", "/static/icon.svg", "/broken"]


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_every_answer_has_the_strict_headers(client: Client, store: AccountStore, path: str) -> None:
    await sign_in(client)
    answer = await client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == ("no-cache" if path.startswith("/static/") else "no-store")
    assert "aiohttp" not in answer.headers["Server"]


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nothing", "/account/password"])
async def test_no_page_needs_an_inline_script_or_style(client: Client, store: AccountStore, path: str) -> None:
    await sign_in(client)
    page = await (await client.get(path)).text()
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('src="/static/built/') > 0
    assert "onclick" not in page


async def test_a_fault_shows_a_number_and_nothing_of_what_happened(
    client: Client, store: AccountStore, caplog: pytest.LogCaptureFixture
) -> None:
    await sign_in(client)
    answer = await client.get("/broken")
    page = await answer.text()
    assert answer.status == 500
    assert "Something went wrong on our side" in page
    assert "Kelly" not in page + caplog.text
    assert "Traceback" not in page + caplog.text
    (line,) = [record.getMessage() for record in caplog.records if record.name == "web.errors"]
    assert line.split()[0] in page
    assert "ValueError at broken" in line


async def test_errors_are_pages_for_people_and_json_for_scripts(client: Client, tokens: AccessTokens) -> None:
    page = await client.get("/nothing")
    assert page.status == 404
    assert "Page not found" in await page.text()
    headers = {"Authorization": f"Bearer {tokens.create('officer')}"}
    problem = await client.get("/api/nothing", headers=headers)
    assert problem.status == 404
    assert (await problem.json())["error"] == "not_found"
    wrong_method = await client.delete("/api/echo", headers=headers)
    assert wrong_method.status == 405
    assert wrong_method.headers["Allow"] == "POST"
    assert "message" in await wrong_method.json()


async def test_what_is_too_long_is_refused_with_what_to_do(
    client: Client, store: AccountStore, tokens: AccessTokens
) -> None:
    await sign_in(client)
    token = form_token_in(await (await client.get("/")).text())
    answer = await client.post("/take", data={"words": "x" * 5000, "form_token": token})
    assert answer.status == 413
    assert "That is too long" in await answer.text()
    headers = {"Authorization": f"Bearer {tokens.create('officer')}"}
    problem = await client.post("/api/echo", json={"words": "x" * 5000}, headers=headers)
    assert problem.status == 413
    assert (await problem.json())["message"].startswith("Go back and send a shorter text")


@pytest.mark.parametrize("path", ["/take", "/sign-in", "/api/echo", "/nothing"])
async def test_a_form_with_files_is_refused_before_they_are_written_to_the_disk(
    client: Client, store: AccountStore, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    await sign_in(client)
    written: list[object] = []
    monkeypatch.setattr("tempfile.TemporaryFile", lambda *arguments, **_: written.append(arguments))
    form = FormData({"words": "Kelly Marsh"})
    form.add_field("note", b"Kelly Marsh is behind with the rent", filename="Kelly Marsh.txt")
    answer = await client.post(path, data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status == 415
    assert "Kelly" not in await answer.text()
    assert written == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"Kelly Marsh", "not_json"),
        (b"", "not_json"),
        (b"\xff\x00", "not_json"),
        (b"[]", "wrong_form"),
        (b'{"words": 7}', "wrong_form"),
        (b'{"Kelly Marsh": 1}', "wrong_form"),
    ],
)
async def test_a_body_of_another_form_is_refused_without_repeating_it(
    client: Client, tokens: AccessTokens, body: bytes, error: str
) -> None:
    headers = {"Authorization": f"Bearer {tokens.create('officer')}"}
    answer = await client.post("/api/echo", data=body, headers=headers)
    assert answer.status == 400
    assert (await answer.json())["error"] == error
    assert "Kelly" not in await answer.text()


async def test_it_is_not_ready_without_its_database(client: Client, engine: Engine) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("SELECT 1", None, Exception("gone"))

    event.listen(engine, "before_cursor_execute", fail)
    assert (await client.get("/ready")).status == 503
    assert (await client.get("/health")).status == 200


async def test_health_and_readiness(client: Client, app: web.Application) -> None:
    assert await (await client.get("/health")).json() == {"status": "ok"}
    assert (await client.get("/ready")).status == 200

    async def not_yet() -> bool:
        return False

    app[READINESS].append(not_yet)
    answer = await client.get("/ready")
    assert answer.status == 503
    assert (await answer.json())["error"] == "service_unavailable"


async def test_the_openapi_document_is_valid_and_describes_the_api(client: Client) -> None:
    document = await (await client.get("/api/openapi.json")).json()
    validate(document)
    assert document["openapi"] == "3.1.0"
    echo = document["paths"]["/api/echo"]["post"]
    assert echo["security"] == [{"token": []}]
    assert echo["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Note"}
    assert set(echo["responses"]) == {"200", "400", "default"}


def test_a_route_that_is_not_described_is_found(app: web.Application) -> None:
    async def forgotten(request: web.Request) -> web.Response:
        return web.Response()

    app.router.add_get("/api/forgotten", forgotten)
    with pytest.raises(ValueError, match="GET /api/forgotten is not described"):
        build(app)


async def test_a_site_over_tls_says_so(engine: Engine, tmp_path: Path) -> None:
    site = Site("desk", "Family help", "Example Council", engine, tmp_path, secure_cookies=True)
    async with TestClient(TestServer(create_base_app(site))) as client:
        answer = await client.get("/sign-in")
        assert "Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


async def test_the_access_log_has_no_query_and_no_made_up_path(
    app: web.Application, store: AccountStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="web.access")
    runner = web.AppRunner(app, access_log_class=AccessLogger, access_log=logging.getLogger("web.access"))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    for path in ("/sign-in?next=/Kelly", "/Kelly-Marsh", "/static/Kelly.css"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        await reader.read()
        writer.close()
    await runner.cleanup()
    lines = [record.getMessage() for record in caplog.records if record.name == "web.access"]
    assert len(lines) == 3
    assert "Kelly" not in caplog.text
    assert lines[0].startswith("GET /sign-in 200 ")
    assert lines[1].startswith("GET (no such page) 404 ")


def test_a_port_in_use_is_one_clear_line_and_status_2() -> None:
    program = (
        "import sys; from aiohttp import web; from web import serve; "
        "serve(web.Application(), '127.0.0.1', int(sys.argv[1]))"
    )
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run([sys.executable, "-c", program, str(port)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "another program uses it" in done.stderr
