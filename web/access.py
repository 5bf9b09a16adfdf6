"""Who may open what. Denied by default: a route is open only where its handler says ``@public``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from aiohttp import web

from web.site import SESSIONS, SITE, TOKENS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
H = TypeVar("H", bound=Callable[..., Awaitable[web.StreamResponse]])


@dataclass(frozen=True)
class User:
    """Whoever is signed in: a person, or a script with a token (``by_token``), whose id is the token's."""

    id: str
    name: str
    role: str
    team: str
    by_token: bool = False


@dataclass(frozen=True)
class Access:
    """Who may call a handler; no roles means everyone signed in."""

    public: bool = False
    roles: frozenset[str] = frozenset()


_USER = web.RequestKey("user", User)
_MARK = "_web_access"


def public(handler: H) -> H:
    """Anyone may call this handler, signed in or not."""
    setattr(handler, _MARK, Access(public=True))
    return handler


def roles(*names: str) -> Callable[[H], H]:
    """Only people and scripts with one of these roles may call the handler."""

    def mark(handler: H) -> H:
        setattr(handler, _MARK, Access(roles=frozenset(names)))
        return handler

    return mark


def access_of(handler: object) -> Access:
    """Who may call ``handler``: everyone signed in, unless it is marked otherwise."""
    return getattr(handler, _MARK, Access())


def user_or_none(request: web.Request) -> User | None:
    """Whoever is signed in, if anyone."""
    return request.get(_USER)


def current_user(request: web.Request) -> User:
    """Whoever is signed in. Only for handlers that are not public."""
    return request[_USER]


def session_cookie(request: web.Request) -> str:
    """The session cookie's name. It carries the app's key: browsers do not tell ports of one host apart."""
    return f"{request.app[SITE].key}_session"


def bearer(request: web.Request) -> str:
    """The access token in the Authorization header, or an empty string."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def wants_json(request: web.Request) -> bool:
    """Whether a script asks: everything under ``/api/``, and the two checks."""
    return request.path.startswith("/api/") or request.path in {"/health", "/ready"}


def is_file(request: web.Request) -> bool:
    """Whether a style sheet, script or picture is asked for: they are for everyone."""
    return isinstance(request.match_info.route.resource, web.StaticResource)


def local_path(path: str) -> str:
    """``path`` if it leads to this site, else an empty string."""
    # A browser reads //host and /\host as another site, and drops control characters before it does.
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if safe else ""


@web.middleware
async def identify(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Finds out who is asking: by access token for scripts, else by session."""
    if not is_file(request):
        await _find_user(request)
    return await handler(request)


async def _find_user(request: web.Request) -> None:
    token = bearer(request)
    if token:
        holder = await asyncio.to_thread(request.app[TOKENS].find, token)
        if holder:
            request[_USER] = User(holder.id, "", holder.role, "", by_token=True)
        return
    cookie = request.cookies.get(session_cookie(request), "")
    if cookie:
        account = await asyncio.to_thread(request.app[SESSIONS].find, cookie)
        if account:
            request[_USER] = User(account.id, account.name, account.role, account.team)


@web.middleware
async def guard_access(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets in who may come in."""
    if is_file(request) or request.match_info.http_exception is not None:
        return await handler(request)
    access = access_of(request.match_info.handler)
    user = user_or_none(request)
    if not access.public:
        if user is None:
            return _ask_to_sign_in(request)
        if access.roles and user.role not in access.roles:
            raise web.HTTPForbidden
    return await handler(request)


def _ask_to_sign_in(request: web.Request) -> web.StreamResponse:
    # A form sent after the session ended is answered with 401, so that its page can give the typed words back.
    if wants_json(request) or request.method != "GET":
        raise web.HTTPUnauthorized
    return web.Response(status=303, headers={"Location": f"/sign-in?next={quote(request.path_qs, safe='/')}"})
