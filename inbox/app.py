"""The receiving team's web app: intake for the relay, pages and an API for the team."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from inbox.api import add_api
from inbox.database import open_inbox
from inbox.intake import add_intake_routes
from inbox.keys import ENGINE, IN_PROGRESS, KEYS_ENGINE, OPENER, OUTER_SEAL, SECRETS, VERIFIER
from inbox.opening import Opener
from inbox.outer_seal import OuterSeal
from inbox.pages import add_pages
from inbox.words import WORDS, label
from referrals.intake import MOST_BYTES
from sealing import KeyStore, RequestVerifier, Secrets, open_engine
from thinkfamily.logs import set_up_logging
from thinkfamily.settings import Settings
from web import TEMPLATES, Link, Site, create_base_app, serve


def create_app(settings: Settings) -> web.Application:
    """The app, with its databases opened. Raises ``sealing.engines.DatabaseNotDurable``."""
    engine = open_inbox(settings.database_url("inbox"))
    keys_engine = open_engine(settings.database_url("inbox_keys"))
    secrets = Secrets(settings.keys_dir)
    site = Site(
        key="inbox",
        service=WORDS("service"),
        council=settings.council_name,
        database=engine,
        templates=Path(__file__).with_name("templates"),
        navigation=[Link("Referrals", "/")],
        secure_cookies=settings.secure_cookies,
        idle=timedelta(minutes=settings.session_idle_minutes),
        body_limit=MOST_BYTES,
    )
    app = create_base_app(site)
    app[ENGINE] = engine
    app[KEYS_ENGINE] = keys_engine
    app[SECRETS] = secrets
    app[OUTER_SEAL] = OuterSeal(KeyStore(keys_engine))
    app[OPENER] = Opener(app[OUTER_SEAL], secrets.inbox_private, secrets.inbox_public)
    app[VERIFIER] = RequestVerifier(secrets.relay_to_inbox)
    app[IN_PROGRESS] = set()
    app[TEMPLATES].globals["words"] = WORDS
    app[TEMPLATES].globals["label"] = label
    add_intake_routes(app)
    add_pages(app)
    add_api(app)
    app.cleanup_ctx.append(_close_databases)
    return app


async def _close_databases(app: web.Application) -> AsyncIterator[None]:
    yield
    app[ENGINE].dispose()
    app[KEYS_ENGINE].dispose()


def run(settings: Settings) -> None:
    """The inbox process: serves until a signal comes."""
    set_up_logging(settings.log_level, settings.log_json)
    serve(create_app(settings), settings.inbox_host, settings.inbox_port)
