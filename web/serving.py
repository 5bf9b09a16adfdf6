"""Running an app on its own, and what is logged about each request."""

from __future__ import annotations

import errno
import logging
import sys

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

_access = logging.getLogger("web.access")
# Asked every few seconds by our own processes and by monitors: at INFO they would bury everything else.
_ROUTINE = frozenset({"/health", "/ready", "/api/intake/events"})


class AccessLogger(AbstractAccessLogger):
    """One line a request: method, route, status, time. Never a query, a body, or what came from outside in a path.

    The route is written as declared ("/conversations/{conversation}"): where an id belongs, anything can be typed.
    """

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line."""
        path = "(no such page)"
        if isinstance(request, web.Request) and request.match_info.http_exception is None:
            resource = request.match_info.route.resource
            path = resource.canonical if resource is not None else path
        routine = path in _ROUTINE and response.status < 400
        level = logging.DEBUG if routine else logging.INFO
        self.logger.log(level, "%s %s %s %d ms", request.method, path, response.status, time * 1000)


def serve(app: web.Application, host: str, port: int) -> None:
    """Run ``app`` until a signal comes. Ends the process with status 2 and one line where the port cannot be used."""
    try:
        web.run_app(app, host=host, port=port, print=None, access_log_class=AccessLogger, access_log=_access)
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES}:
            raise
        reason = "another program uses it" if error.errno == errno.EADDRINUSE else error.strerror
        print(f"cannot listen on {host}:{port}: {reason}. Set another port or address.", file=sys.stderr)  # noqa: T201
        sys.exit(2)
