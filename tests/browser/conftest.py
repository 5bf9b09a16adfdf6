"""Both web apps in this process, as their own tests build them, and browser windows to look at them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import async_playwright

from tests.browser.visitor import Visit, Visitor
from tests.conftest import CHROMIUM_FLAGS
from tests.desk.conftest import model_dir, redactor, world  # noqa: F401 - fixtures of the desk
from tests.inbox.conftest import app, cheap_hashes, relay, secrets, server, settings  # noqa: F401 - and of the inbox


@pytest.fixture
async def visit(chromium: str) -> AsyncIterator[Visit]:
    """Opens a browser window on one of the apps."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)

        async def open_window(server: TestServer) -> Visitor:
            return Visitor(await running.new_page(), server)

        yield open_window
        await running.close()
