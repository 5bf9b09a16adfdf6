"""The headers of every answer: strict by default."""

from __future__ import annotations

from aiohttp import web

from web.access import is_file
from web.site import SITE

_ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Server": "thinkfamily",
}


async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Puts the strict headers on an answer that is about to go out."""
    response.headers.update(_ALWAYS)
    # Files may be kept but are asked for again; pages and data are kept nowhere.
    response.headers["Cache-Control"] = "no-cache" if is_file(request) else "no-store"
    if request.app[SITE].secure_cookies:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
