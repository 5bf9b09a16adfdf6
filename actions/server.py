"""The action server: custom actions for the bot, envelopes from the desk; loopback only, every caller known.

rasa-sdk's own server answers a failure with the whole tracker, takes calls from anyone and listens everywhere; so only
its executor is used.
"""

from __future__ import annotations

import asyncio
import hmac
import importlib
import inspect
import json
import logging
import pkgutil
import sys
from collections.abc import Awaitable, Callable, Iterator

import click
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as answer_json
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from actions.base import Resources, SafeAction
from actions.envelopes import take_envelope
from referrals import ReferralsError, open_casework
from sealing import BadSignature, KeyStore, RequestVerifier, SealingError, Secrets, open_engine
from sealing.engines import DatabaseNotDurable
from thinkfamily.logs import set_up_logging
from thinkfamily.ports import PortInUse, take_port
from thinkfamily.settings import Settings

HOST = "127.0.0.1"  # never anything else
MAX_BODY_BYTES = 8 * 1024 * 1024  # one turn with all slots of a long talk

_Handler = Callable[[Request], Awaitable[HTTPResponse]]

_log = logging.getLogger(__name__)


class ActionsError(Exception):
    """The action server cannot start; the message says what to do."""


def run(settings: Settings) -> None:
    """Serve until a signal comes. Ends the process with status 2 and one line where it cannot start."""
    set_up_logging(settings.log_level, settings.log_json)
    try:
        listener = take_port("THINKFAMILY_ACTIONS_PORT", HOST, settings.actions_port)
        app = create_app(settings)
    except (ActionsError, PortInUse) as problem:
        click.echo(f"thinkfamily actions: {problem}", err=True)
        sys.exit(2)
    _log.info("the action server listens on %s:%d", HOST, settings.actions_port)
    app.run(sock=listener, workers=1, debug=False, access_log=False, motd=False)


def create_app(settings: Settings, package: str = "actions") -> Sanic:
    """The server's app, with the actions of ``package``. Raises :class:`ActionsError` without its databases."""
    secrets = Secrets(settings.keys_dir)
    try:
        resources = Resources(
            settings=settings,
            casework=open_casework(settings.database_url("casework")),
            keys=KeyStore(open_engine(settings.database_url("keys"))),
            inbox_public=secrets.inbox_public,
        )
    except (ReferralsError, SQLAlchemyError, SealingError, DatabaseNotDurable, OSError) as error:
        raise ActionsError(
            f"the databases cannot be opened ({type(error).__name__}): check THINKFAMILY_CASEWORK_DATABASE_URL, "
            "THINKFAMILY_KEYS_DATABASE_URL and the rights on the data folder"
        ) from error
    app = Sanic("thinkfamily_actions", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.KEEP_ALIVE_TIMEOUT = 75  # longer than the desk keeps one: it must not send into a closing one
    _add_actions(app, _executor(package, resources), secrets.bot_to_actions)
    _add_envelopes(app, RequestVerifier(secrets.desk_to_actions), resources)
    _add_ready(app, resources)
    app.error_handler.add(Exception, _failed)
    return app


def _executor(package: str, resources: Resources) -> ActionExecutor:
    executor = ActionExecutor()
    for kind in _actions_in(package):
        executor.register_action(kind(resources))
    return executor


def _actions_in(package: str) -> Iterator[type[SafeAction]]:
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        importlib.import_module(module.name)
    waiting = list(SafeAction.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if not inspect.isabstract(kind) and kind.__module__.startswith(f"{package}."):
            yield kind


def _add_actions(app: Sanic, executor: ActionExecutor, secret: bytes) -> None:
    wanted = f"Bearer {secret.hex()}".encode()

    def for_the_bot(handler: _Handler) -> _Handler:
        async def ask_for_the_secret(request: Request) -> HTTPResponse:
            if not hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted):
                _log.warning("a call without the bot's secret was refused")
                return answer_json({"error": "secret"}, status=401)
            return await handler(request)

        return ask_for_the_secret

    async def webhook(request: Request) -> HTTPResponse:
        try:
            return answer_json(await executor.run(json.loads(request.body)))
        except ActionNotFoundException:
            _log.error("the bot asked for an action that is not here: were bot and actions updated together?")
            return answer_json({"error": "no_such_action"}, status=404)

    async def actions(_: Request) -> HTTPResponse:
        return answer_json([{"name": name} for name in sorted(executor.actions)])

    app.add_route(for_the_bot(webhook), "/webhook", methods=["POST"], name="webhook")
    app.add_route(for_the_bot(actions), "/actions", name="actions")


def _add_envelopes(app: Sanic, verifier: RequestVerifier, resources: Resources) -> None:
    async def envelopes(request: Request) -> HTTPResponse:
        try:
            verifier.verify(request.method, request.raw_url.decode("latin-1"), request.headers, request.body)
        except BadSignature as error:
            _log.warning("an envelope was refused: %s", error)
            return answer_json({"error": "signature"}, status=401)
        status, body = await asyncio.to_thread(take_envelope, resources.casework, request.body)
        return answer_json(body, status=status)

    app.add_route(envelopes, "/envelopes", methods=["POST"])


def _add_ready(app: Sanic, resources: Resources) -> None:
    def ask_the_database() -> None:
        with resources.casework.begin() as db:
            db.execute(select(1))

    async def ready(_: Request) -> HTTPResponse:
        try:
            await asyncio.to_thread(ask_the_database)
        except SQLAlchemyError:
            return answer_json({"ready": False, "waiting_for": "database"}, status=503)
        return answer_json({"ready": True, "waiting_for": ""})

    app.add_route(ready, "/ready")


async def _failed(request: Request, error: Exception) -> HTTPResponse:
    """Say that it failed, and nothing of what came in."""
    status = error.status_code if isinstance(error, SanicException) else 500
    if status >= 500:
        _log.error("a call of %s failed", request.path, exc_info=error)
    return answer_json({"error": "failed"}, status=status)
