"""The app that both web apps start from."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path

from aiohttp import web
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from web import openapi, signin
from web.access import guard_access, identify, public
from web.accounts import AccountStore
from web.errors import answer_errors
from web.forgery import guard_forgery
from web.headers import set_headers
from web.pages import make_templates
from web.sessions import SessionStore
from web.site import ACCOUNTS, READINESS, SESSIONS, SITE, TEMPLATES, TOKENS, Readiness, Site
from web.tokens import AccessTokens
from web.uploads import refuse_files

_STATIC = Path(__file__).with_name("static")
_log = logging.getLogger(__name__)


def create_base_app(site: Site) -> web.Application:
    """An app with sign-in, sessions, forgery checks, strict headers, error pages, static files, health and OpenAPI.

    Every route that is added is for signed-in people only, unless its handler is marked :func:`~web.access.public`.
    What the app needs before it is ready goes into ``app[READINESS]``.
    """
    if not (_STATIC / "built" / "pages.css").exists():
        _log.warning("the pages have no style sheet yet: run script/setup")
    app = web.Application(
        middlewares=[answer_errors, refuse_files, identify, guard_forgery, guard_access],
        client_max_size=site.body_limit,
    )
    app[SITE] = site
    app[ACCOUNTS] = AccountStore(site.database)
    app[SESSIONS] = SessionStore(site.database, site.idle)
    app[TOKENS] = AccessTokens(site.database)
    app[TEMPLATES] = make_templates(site.templates)
    checks: list[Readiness] = [partial(database_answers, site.database)]
    app[READINESS] = checks
    app.on_response_prepare.append(set_headers)
    app.router.add_get("/health", health)
    app.router.add_get("/ready", ready)
    app.router.add_get(openapi.PATH, openapi.show_openapi)
    app.router.add_get("/sign-in", signin.sign_in_page)
    app.router.add_post("/sign-in", signin.sign_in)
    app.router.add_post("/sign-out", signin.sign_out)
    app.router.add_get("/account/password", signin.password_page)
    app.router.add_post("/account/password", signin.change_password)
    app.router.add_static("/static/", _STATIC)
    if site.static is not None:
        app.router.add_static("/assets/", site.static)
    return app


async def database_answers(engine: Engine) -> bool:
    """Whether the database can be asked."""

    def ask() -> bool:
        with engine.begin() as db:
            return bool(db.scalar(select(1)))

    try:
        return await asyncio.to_thread(ask)
    except DBAPIError:
        return False


@public
async def health(_request: web.Request) -> web.Response:
    """This process runs."""
    return web.json_response({"status": "ok"})


@public
async def ready(request: web.Request) -> web.Response:
    """Everything this process needs is there: 200, else 503."""
    for check in request.app[READINESS]:
        if not await check():
            raise web.HTTPServiceUnavailable
    return web.json_response({"status": "ready"})
