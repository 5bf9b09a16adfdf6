"""Signed requests between our own processes.

HMAC-SHA256 over method, path, time, nonce and body. A receiver remembers nonces for as long as it takes a request for
fresh, so that a copied request is not taken twice.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping

from sealing.errors import BadSignature

FRESH_SECONDS = 60
_TIME, _NONCE, _SIGNATURE = "X-Thinkfamily-Time", "X-Thinkfamily-Nonce", "X-Thinkfamily-Signature"


def _signature(secret: bytes, method: str, path: str, sent: str, nonce: str, body: bytes) -> str:
    digest = hashlib.sha256(body).hexdigest()
    message = "\n".join((method.upper(), path, sent, nonce, digest)).encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def sign_request(
    secret: bytes, method: str, path: str, body: bytes, *, clock: Callable[[], float] = time.time
) -> dict[str, str]:
    """Headers for one request. ``path`` includes the query string."""
    sent, nonce = str(int(clock())), secrets.token_hex(16)
    return {_TIME: sent, _NONCE: nonce, _SIGNATURE: _signature(secret, method, path, sent, nonce, body)}


class RequestVerifier:
    """Checks requests signed with one secret."""

    def __init__(self, secret: bytes, *, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock
        self._seen: dict[str, float] = {}

    def verify(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Raises :class:`BadSignature` unless the request is signed, fresh (60 s either way) and new."""
        given = {name.lower(): value for name, value in headers.items()}
        sent, nonce, signature = (given.get(name.lower(), "") for name in (_TIME, _NONCE, _SIGNATURE))
        if not (sent.isascii() and sent.isdigit() and nonce and signature):
            raise BadSignature("the request is not signed")
        wanted = _signature(self._secret, method, path, sent, nonce, body)
        if not hmac.compare_digest(wanted.encode(), signature.encode()):
            raise BadSignature("the request's signature is wrong")
        now = self._clock()
        if abs(now - int(sent)) > FRESH_SECONDS:
            raise BadSignature("the request is stale: are the clocks of both machines right?")
        self._seen = {known: until for known, until in self._seen.items() if until > now}
        if nonce in self._seen:
            raise BadSignature("the request was seen before")
        self._seen[nonce] = now + 2 * FRESH_SECONDS
