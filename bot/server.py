"""The bot's process: Rasa on loopback, with one channel, one tracker store and no HTTP API."""

from __future__ import annotations

import logging
import os
import sys

import click
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import CannotStart, ModelMissing
from bot.logs import set_up_structlog
from bot.tables import METADATA, drop_erased
from sealing import KeyStore, SealingError, Secrets, open_engine
from sealing.engines import DatabaseNotDurable
from thinkfamily.logs import quieten_libraries, set_up_logging
from thinkfamily.ports import PortInUse, take_port
from thinkfamily.settings import Settings

HOST = "127.0.0.1"  # never anything else: Rasa's own server is old, and trusts whoever reaches it
MODEL_NAME = "bot.tar.gz"
REDIS_SECONDS = 5.0

_log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Serve until a signal comes. Ends the process with status 2 and one line where it cannot start."""
    set_up_logging(settings.log_level, settings.log_json)
    try:
        serve(settings)
    except CannotStart as problem:
        click.echo(f"thinkfamily bot: {problem}", err=True)
        sys.exit(2)
    # Everything is on disk. Taking TensorFlow apart in order would keep whoever pressed Ctrl-C waiting for seconds.
    logging.shutdown()
    os._exit(0)


def serve(settings: Settings) -> None:
    """Serve until a signal comes. Raises :class:`bot.errors.CannotStart`."""
    # Whatever can be wrong is found out before Rasa is loaded, which takes a third of a minute.
    model = settings.model_dir / MODEL_NAME
    if not model.exists():
        raise ModelMissing(f"there is no conversation model at {model}: run script/setup")
    try:
        listener = take_port("THINKFAMILY_BOT_PORT", HOST, settings.bot_port)
    except PortInUse as problem:
        raise CannotStart(str(problem)) from problem
    engine, keys = _open_databases(settings)
    redis = _open_redis(settings.redis_url)
    set_up_structlog()
    from bot.app import create_app  # noqa: PLC0415
    from bot.tracker_store import SealedTrackerStore  # noqa: PLC0415

    app = create_app(settings, Secrets(settings.keys_dir), model, SealedTrackerStore(engine, keys), redis)
    quieten_libraries()
    _log.info("the bot listens on %s:%d", HOST, settings.bot_port)
    app.run(sock=listener, workers=1, debug=False, access_log=False, motd=False)


def _open_databases(settings: Settings) -> tuple[Engine, KeyStore]:
    try:
        engine, keys = open_engine(settings.database_url("bot")), KeyStore(open_engine(settings.database_url("keys")))
        METADATA.create_all(engine)
        drop_erased(engine, keys)
    except (SQLAlchemyError, SealingError, DatabaseNotDurable, OSError) as error:
        raise CannotStart(
            f"the databases cannot be opened ({type(error).__name__}): check THINKFAMILY_BOT_DATABASE_URL, "
            "THINKFAMILY_KEYS_DATABASE_URL and the rights on the data folder"
        ) from error
    return engine, keys


def _open_redis(url: str) -> Redis | None:
    if not url:
        return None
    try:
        redis = Redis.from_url(url, socket_timeout=REDIS_SECONDS)
        redis.ping()
    except (ValueError, OSError, RedisError) as error:
        raise CannotStart(f"Redis cannot be used ({type(error).__name__}): check THINKFAMILY_REDIS_URL") from error
    return redis
