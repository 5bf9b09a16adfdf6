"""People at their browsers, without JavaScript."""

from __future__ import annotations

import re
from html import unescape

from .deliveries import Client

PASSWORD = "three long words"


class Person:
    """Opens pages and sends the forms that are on them. Every page is looked at: a title, one heading, no error."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.status = 0
        self.text = ""

    async def sign_in(self, username: str, lands_on: int = 200) -> None:
        """Sign in; the first page answers with the status ``lands_on``."""
        await self.open("/sign-in")
        await self.send("/sign-in", lands_on, username=username, password=PASSWORD)

    async def open(self, path: str, status: int = 200) -> str:
        """Open a page and return its words, without tags."""
        answer = await self.client.get(path)
        return self._look_at(await answer.text(), answer.status, status)

    async def send(self, path: str, expect: int = 200, **fields: str) -> str:
        """Send a form of the open page to ``path``, with the page's hidden fields."""
        answer = await self.client.post(path, data=self.hidden() | fields)
        return self._look_at(await answer.text(), answer.status, expect)

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the open page."""
        found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', self.text))
        assert "form_token" in found, "there is no form on the page"
        return {name: unescape(value) for name, value in found.items()}

    def _look_at(self, page: str, status: int, expected: int) -> str:
        assert status == expected, f"{status} instead of {expected}"
        assert page.count("<h1") == 1
        title = re.search(r"<title>(.+?)</title>", page)
        assert title
        assert title[1].startswith("Error: ") == ("govuk-error-summary" in page)
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), "an id stands on the page twice"
        for target in re.findall(r'href="#([^"]+)"', page):
            assert target in ids, f"a link leads to #{target}, which is not there"
        assert "undefined" not in page.lower()
        self.status, self.text = status, page
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
