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
        """Send a form of the open page to ``path``, with the form's hidden proof."""
        proof = re.search(r'name="form_token" value="([0-9a-f]+)"', self.text)
        assert proof, "there is no form on the page"
        answer = await self.client.post(path, data={"form_token": proof[1]} | fields)
        return self._look_at(await answer.text(), answer.status, expect)

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
