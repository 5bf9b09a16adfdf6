"""Somebody in front of a page, who looks at it as a person with a screen reader, a magnifier or a small phone must."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from tests.support.plain_words import not_said

_AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A desktop screen, and the width that WCAG 1.4.10 asks for: 1280 pixels at 400% zoom.
WIDTHS = (1280, 320)
_PATIENCE_MS = 20_000


class Visitor:
    """Opens pages of one app and looks at each. What is wrong with a page is in the message of the AssertionError."""

    def __init__(self, page: Page, server: TestServer) -> None:
        self.page = page
        self._server = server

    async def sign_in(self, username: str, password: str) -> None:
        """Sign in by the form."""
        await self.open("/sign-in")
        await self.fill(username=username, password=password)
        await self.press("Sign in")
        assert not self.page.url.endswith("/sign-in")

    async def open(self, path: str, status: int = 200) -> None:
        """Open a page, which must answer with ``status``."""
        answer = await self.page.goto(str(self._server.make_url(path)))
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"

    async def fill(self, **fields: str) -> None:
        """Type into fields, by their names."""
        for name, text in fields.items():
            await self.page.locator(f"main [name={name}]").fill(text)

    async def press(self, name: str) -> None:
        """Press the button or link of this name and wait for what comes."""
        pressed = self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        )
        await pressed.first.click()
        await self.page.wait_for_load_state()

    async def look(self, *said: str) -> None:
        """Look at the open page at each width. It must hold each text of ``said``: so the right state is looked at."""
        body = self.page.locator("body")
        for text in said:
            await expect(body).to_contain_text(text, use_inner_text=True, timeout=_PATIENCE_MS)
        shown = await body.inner_text()
        hurtful = not_said(f"{await self.page.title()}\n{shown}")
        assert not hurtful, f"{self.page.url} says {hurtful}"
        problems = []
        for width in WIDTHS:
            await self.page.set_viewport_size({"width": width, "height": 900})
            problems += [f"at {width} pixels: {problem}" for problem in await self._problems()]
        assert not problems, f"{self.page.url}:\n" + "\n".join(problems)

    async def _problems(self) -> list[str]:
        await self.page.evaluate(_AXE.read_text(encoding="utf-8"))
        options: dict[str, Any] = {"runOnly": {"type": "tag", "values": _TAGS}, "resultTypes": ["violations"]}
        found = await self.page.evaluate("options => axe.run(document, options)", options)
        problems = [
            f"{violation['id']}: {node['target']}: {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]
        assert found["passes"], "axe looked at nothing"
        if await self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            problems.append("the page scrolls sideways")
        return problems


Visit = Callable[[TestServer], Awaitable[Visitor]]
