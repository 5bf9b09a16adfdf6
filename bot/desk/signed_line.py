"""A line to another of our processes: signed JSON over loopback."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar

from sealing import sign_request

_CONNECT_SECONDS = 3


class LineDown(Exception):
    """No answer came: the other process is not running, is too slow, or broke off."""


class SignedLine:
    """Posts to the process at `url`, signed with `secret`; an answer must come within `seconds`."""

    def __init__(self, url: str, secret: bytes, *, seconds: float) -> None:
        self._url = url
        self._secret = secret
        self._timeout = ClientTimeout(total=seconds, connect=_CONNECT_SECONDS)
        self._session: ClientSession | None = None

    async def post(self, path: str, content: Mapping[str, Any]) -> tuple[int, bytes]:
        """Status and body of the answer. Raises LineDown."""
        body = json.dumps(content).encode()
        headers = sign_request(self._secret, "POST", path, body) | {"Content-Type": "application/json"}
        try:
            async with self._open().post(self._url + path, data=body, headers=headers, allow_redirects=False) as answer:
                return answer.status, await answer.read()
        except (ClientError, OSError, TimeoutError) as error:
            raise LineDown(f"{self._url} did not answer ({type(error).__name__}): is it running?") from None

    async def answers(self, path: str) -> bool:
        """Whether a plain GET of `path` is answered with 200."""
        try:
            async with self._open().get(self._url + path, allow_redirects=False) as answer:
                return answer.status == HTTPStatus.OK
        except (ClientError, OSError, TimeoutError):
            return False

    def _open(self) -> ClientSession:
        if self._session is None:  # not earlier: a session belongs to the event loop it is made in
            self._session = ClientSession(cookie_jar=DummyCookieJar(), timeout=self._timeout)
        return self._session

    async def close(self) -> None:
        """Close its connections."""
        if self._session is not None:
            await self._session.close()
