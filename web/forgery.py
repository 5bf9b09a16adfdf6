"""Refuses requests that another website made a signed-in browser send.

Browsers say where a request comes from: ``Sec-Fetch-Site`` (over TLS and on this machine), else ``Origin``. Where they
say nothing, or ``Origin: null`` (our own pages over plain HTTP: they have ``Referrer-Policy: no-referrer``), the form's
own token decides. Calls with an access token need none of this: no other website can put one into a browser.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from aiohttp import web

from web.access import H, Handler, bearer, session_cookie
from web.site import SITE

FIELD = "form_token"
_SAFE = {"GET", "HEAD", "OPTIONS"}
_NEW_VISITOR = web.RequestKey("new_visitor", str)
_UNFORGEABLE = "_web_unforgeable"


class Forged(web.HTTPForbidden):
    """The request came from another site, or from a form without its token."""


def visitor_cookie(request: web.Request) -> str:
    """The name of the cookie that ties a form to a browser before anyone has signed in."""
    return f"{request.app[SITE].key}_visitor"


def signed_elsewise(handler: H) -> H:
    """Marks a handler that checks a signature of its own, which no browser could make."""
    setattr(handler, _UNFORGEABLE, True)
    return handler


def form_token(request: web.Request) -> str:
    """What a form on this page carries, bound to the session or to the browser."""
    key = _key(request) or new_visitor(request)
    if not key:
        key = secrets.token_urlsafe(32)
        request[_NEW_VISITOR] = key
    return _token(key)


def new_visitor(request: web.Request) -> str:
    """The visitor cookie to set with this answer, or an empty string."""
    return request.get(_NEW_VISITOR) or ""


@web.middleware
async def guard_forgery(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets through what is safe, comes from our own pages, or could not be forged."""
    exempt = request.method in _SAFE or bearer(request) or hasattr(request.match_info.handler, _UNFORGEABLE)
    if not exempt and not await _ours(request):
        raise Forged
    return await handler(request)


async def _ours(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    if origin != "null":
        return urlsplit(origin).netloc.lower() == request.host.lower()
    key = _key(request)
    given = (await request.post()).get(FIELD, "")
    return bool(key) and isinstance(given, str) and hmac.compare_digest(given.encode(), _token(key).encode())


def _key(request: web.Request) -> str:
    # The cookie as it came, even where its session is over: a form sent too late still proves that it is ours.
    return request.cookies.get(session_cookie(request), "") or request.cookies.get(visitor_cookie(request), "")


def _token(key: str) -> str:
    return hmac.new(key.encode(), b"form", hashlib.sha256).hexdigest()
