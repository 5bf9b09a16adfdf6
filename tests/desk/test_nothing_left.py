"""Nothing typed is left in the officer's browser: not in its storage, its history, or its folder on the disk."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from playwright.async_api import BrowserContext, Page, Response, async_playwright, expect

from tests.conftest import CHROMIUM_FLAGS
from tests.desk.conftest import PASSWORD, World
from tests.support.sinks import files, leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTE = "Philippa Thornquist is 3 months behind w rent, tel 07700 900512"
NOT_SENT = "Barnaby Quillfeather rang about the gas"
HALF = "Zebedee Pennyfarthing is at the"
PLANTED = ["Philippa", "Thornquist", "07700 900512", "Barnaby", "Quillfeather", "Zebedee", "Pennyfarthing"]

_STORED = """async () => {
  const databases = await indexedDB.databases()
  const workers = await navigator.serviceWorker.getRegistrations()
  return {
    local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookies: document.cookie,
    databases: databases.map(one => one.name), caches: await caches.keys(), workers: workers.length,
    state: history.state, address: location.href, name: window.name,
  }
}"""
_NOTHING = {
    "local": [], "session": [], "cookies": "", "databases": [], "caches": [], "workers": 0, "state": None, "name": "",
}  # fmt: skip


@pytest.fixture
async def context(chromium: str, tmp_path: Path) -> AsyncIterator[BrowserContext]:
    """A browser that keeps what browsers keep, in a folder of its own."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium, args=CHROMIUM_FLAGS
        )
        running.set_default_timeout(60_000)
        yield running
        await running.close()


async def stored(page: Page) -> dict[str, Any]:
    kept: dict[str, Any] = await page.evaluate(_STORED)
    address = kept.pop("address")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/conversations/c_[0-9a-f]{32}(#\w+)?", address)
    return kept


async def sign_in(world: World, page: Page) -> None:
    made = await world.browser()
    await made.client.session.close()
    await page.goto(str(world.client.make_url("/sign-in")))
    await page.fill("#username", "officer")
    await page.fill("#password", PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="Start a new conversation").click()
    await expect(page.locator("#text")).to_be_visible()


async def send(page: Page, words: str) -> None:
    await page.fill("#text", words)
    await page.get_by_role("button", name="Send", exact=True).click()


async def test_nothing_typed_is_left_in_the_browser(world: World, context: BrowserContext, tmp_path: Path) -> None:
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    context.on("response", note)
    page = context.pages[0]
    page.on("dialog", lambda dialog: dialog.accept())
    await sign_in(world, page)
    await page.fill("#text", NOTE)
    await expect(page.locator("#preview")).to_contain_text("PERSON 1")
    await send(page, NOTE)
    await expect(page.locator("#log > li")).to_have_count(3)
    world.hiding.error = RuntimeError("broken")
    await send(page, NOT_SENT)
    await expect(page.locator("#not-sent")).to_be_visible()
    assert await stored(page) == _NOTHING
    # Loaded anew: what was said is there, from the desk; what was only typed is gone.
    await page.reload()
    await expect(page.locator("#log")).to_contain_text("Philippa Thornquist")
    await expect(page.locator("#text")).to_have_value("")
    # Gone to another page and back.
    await page.fill("#text", HALF)
    await page.goto(str(world.client.make_url("/cards")))
    await page.go_back()
    await expect(page.locator("#text")).to_have_value("")
    assert await stored(page) == _NOTHING
    offered = await page.locator("main textarea, main input:not([type=hidden], [type=radio], [type=checkbox])").all()
    assert offered
    assert {await field.get_attribute("autocomplete") for field in offered} == {"off"}
    cookies = await context.cookies()
    assert leaks(PLANTED, {"cookies": json.dumps(cookies).encode()}) == []
    # Nothing that was answered may be kept but files, and no address has words in it.
    addresses = [unquote_plus(answer.url) for answer in answers]
    assert leaks(PLANTED, {"addresses": "\n".join(addresses).encode()}) == []
    kept = {
        answer.url: answer.headers.get("cache-control")
        for answer in answers
        if not re.search(r"^http://[^/]+/(static|assets)/", answer.url)
    }
    assert any(address.endswith("/say") for address in kept)
    assert set(kept.values()) == {"no-store"}, kept
    await page.wait_for_timeout(1500)
    await context.close()
    folder = files(tmp_path / "profile")
    assert any(b"/conversations/c_" in content for content in folder.values()), "the browser kept no history"
    assert leaks(PLANTED, folder) == []
