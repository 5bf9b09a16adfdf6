"""What makes one web app differ from the other, and where the shared parts hang on the app."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import jinja2
from aiohttp import web
from sqlalchemy import Engine

from web.accounts import AccountStore
from web.sessions import SessionStore
from web.tokens import AccessTokens


@dataclass(frozen=True)
class Link:
    """An entry in the navigation under the header; ``roles`` empty means everyone signed in."""

    text: str
    path: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Site:
    """One web app: ``key`` names its cookies, ``service`` and ``council`` stand in its header."""

    key: str
    service: str
    council: str
    database: Engine
    templates: Path
    static: Path | None = None  # the app's own files, served under /assets/
    navigation: Sequence[Link] = ()
    home: str = "/"
    secure_cookies: bool = False
    idle: timedelta = timedelta(minutes=30)
    body_limit: int = 256 * 1024  # bytes


Readiness = Callable[[], Awaitable[bool]]

SITE = web.AppKey("site", Site)
ACCOUNTS = web.AppKey("accounts", AccountStore)
SESSIONS = web.AppKey("sessions", SessionStore)
TOKENS = web.AppKey("tokens", AccessTokens)
TEMPLATES = web.AppKey("templates", jinja2.Environment)
READINESS = web.AppKey("readiness", list[Readiness])
