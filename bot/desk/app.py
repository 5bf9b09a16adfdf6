"""The staff's web app: pages, API, and the door through which everything typed must pass."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.desk.actions_client import ActionsClient
from bot.desk.api import add_api
from bot.desk.bot_client import BotClient
from bot.desk.cards import Cards
from bot.desk.closing import Closing, NamesKept
from bot.desk.conversations import ConversationStore
from bot.desk.danger_words import hear_danger
from bot.desk.door import Door
from bot.desk.envelopes import EnvelopeStore
from bot.desk.models import LoadedOnce
from bot.desk.moments import local_day, local_time
from bot.desk.my_referrals import MyReferrals
from bot.desk.pages import add_pages
from bot.desk.pages.routes import NAVIGATION
from bot.desk.parts import DESK, Desk
from bot.desk.rewriter import Rewriter
from bot.desk.rewrites import Rewrites
from bot.desk.sending import Sender
from bot.desk.signed_line import SignedLine
from bot.desk.vault import Hides, Vault
from bot.desk.warm_up import WarmUp
from bot.desk.words import WORDS
from redaction import Redactor
from referrals import open_casework
from sealing import KeyStore, SealingError, Secrets, open_engine, wipe_freed_pages
from thinkfamily.logs import set_up_logging
from thinkfamily.settings import Settings
from understanding import load_pack
from web import READINESS, TEMPLATES, Site, create_base_app, serve

_log = logging.getLogger(__name__)
_HERE = Path(__file__).parent
# A paste of 50,000 characters must come through, so that it can be given back with its length.
_BODY_LIMIT = 4 * 1024 * 1024
# A turn takes well under a second; an officer on a call is told within this time that something is wrong.
_TURN_SECONDS = 20.0
_TIDY_SECONDS = 600.0


def create_app(settings: Settings, *, load_redactor: Callable[[], Hides] | None = None) -> web.Application:
    """The desk's app. `load_redactor` gives what hides personal data: that in `settings.model_dir` by default."""
    database = open_engine(settings.database_url("desk"))
    keys = KeyStore(open_engine(settings.database_url("keys")))
    secrets = Secrets(settings.keys_dir)
    pack = load_pack(settings.rule_pack)
    redactor = LoadedOnce(
        load_redactor or (lambda: Redactor.load(settings.model_dir, spacy_model=settings.spacy_model))
    )
    to_bot = SignedLine(settings.bot_url, secrets.desk_to_bot, seconds=_TURN_SECONDS)
    to_actions = SignedLine(settings.actions_url, secrets.desk_to_actions, seconds=_TURN_SECONDS)

    conversations, rewrites = ConversationStore(database, keys), Rewrites(database, keys)
    vault = Vault(database, keys, redactor.get, rewrites.look_back)
    envelopes = EnvelopeStore(database, keys, secrets.inbox_public)
    bot = BotClient(to_bot)
    rewriter = Rewriter(rewrites, vault, envelopes, bot)
    closing = Closing(conversations, vault, envelopes, rewriter.look_back)
    door = Door(conversations, vault, bot, hear_danger, closing.finish, rewriter)
    referrals = MyReferrals(open_casework(settings.database_url("casework")), keys, secrets.inbox_public, door)
    names_kept = NamesKept(
        untouched=timedelta(hours=settings.names_kept_hours), referred=timedelta(days=settings.names_kept_referred_days)
    )
    warm_up = WarmUp(door, bot, conversations, closing)

    app = create_base_app(
        Site(
            key="desk",
            service=WORDS("service"),
            council=settings.council_name,
            database=database,
            templates=_HERE / "templates",
            static=_HERE / "static",
            navigation=NAVIGATION,
            secure_cookies=settings.secure_cookies,
            idle=timedelta(minutes=settings.session_idle_minutes),
            body_limit=_BODY_LIMIT,
        )
    )
    app[DESK] = Desk(
        conversations=conversations,
        vault=vault,
        closing=closing,
        door=door,
        sender=Sender(door, vault, envelopes, ActionsClient(to_actions)),
        referrals=referrals,
        cards=Cards(pack),
        pack=pack,
        council=settings.council_name,
    )
    app[READINESS].append(warm_up.ready)
    app[TEMPLATES].filters |= {"local_time": local_time, "local_day": local_day}
    app[TEMPLATES].globals |= {"words": WORDS, "names_kept_hours": settings.names_kept_hours}
    add_pages(app)
    add_api(app)

    async def tidy() -> None:
        await door.finish_all_rewriting()
        await asyncio.to_thread(wipe_freed_pages, database)
        cleared = await asyncio.to_thread(closing.clear_names, datetime.now(UTC), names_kept, referrals.latest)
        if cleared:
            _log.info("names cleared in %d conversations", cleared)

    async def background(_: web.Application) -> AsyncIterator[None]:
        running = [asyncio.create_task(warm_up.run()), asyncio.create_task(_every_few_minutes(tidy))]
        yield
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await to_bot.close()
        await to_actions.close()

    app.cleanup_ctx.append(background)
    return app


async def _every_few_minutes(tidy: Callable[[], Awaitable[None]]) -> None:
    """Finish what was begun and could not be finished, and clear the names whose time is over."""
    while True:
        try:
            await tidy()
        except (SQLAlchemyError, SealingError) as error:
            _log.error("the desk could not be tidied: %s", type(error).__name__)
        await asyncio.sleep(_TIDY_SECONDS)


def run(settings: Settings) -> None:
    """Serve the staff's pages until a signal comes."""
    set_up_logging(settings.log_level, settings.log_json)
    serve(create_app(settings), settings.desk_host, settings.desk_port)
