"""Rasa put together: model, tracker store, lock store, actions and channel, all handed over as objects.

Rasa would otherwise load them by class path from files, and take its in-memory store where that fails.
"""

from __future__ import annotations

from pathlib import Path

import aiohttp
from rasa.core.channels import channel as rasa_channels
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from rasa.engine.exceptions import GraphComponentException
from rasa.shared.exceptions import RasaException
from redis import Redis
from sanic import Sanic

from bot.actions_endpoint import ActionsEndpoint
from bot.agent import TURN_SECONDS, DeskAgent
from bot.channel import DeskChannel
from bot.errors import ModelMissing, NotKept
from bot.tracker_store import SealedTrackerStore
from bot.turn_request import MAX_BODY_BYTES
from sealing import RequestVerifier, Secrets
from thinkfamily.settings import Settings

_READY_SECONDS = 2.0


def create_app(
    settings: Settings, secrets: Secrets, model: Path, store: SealedTrackerStore, redis: Redis | None
) -> Sanic:
    """The server's app with the model loaded. Raises :class:`ModelMissing` where the model does not load."""
    agent = DeskAgent(
        tracker_store=store,
        lock_store=_lock_store(redis),
        action_endpoint=ActionsEndpoint(settings.actions_url, secrets.bot_to_actions),
    )
    try:
        agent.load_model(model)
    except (RasaException, GraphComponentException) as error:
        raise ModelMissing(f"the conversation model at {model} does not load: run script/setup") from error

    async def waiting_for() -> str:
        return await _waiting_for(store, settings.actions_url)

    app = Sanic("thinkfamily_bot", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.KEEP_ALIVE_TIMEOUT = 75  # longer than the desk keeps one: it must not send into a closing one
    app.config.RESPONSE_TIMEOUT = TURN_SECONDS + 15
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.agent = agent
    channel = DeskChannel(RequestVerifier(secrets.desk_to_bot), waiting_for, agent.rewrite)
    rasa_channels.register([channel], app, route="/webhooks/")
    return app


def _lock_store(redis: Redis | None) -> LockStore:
    """Turns of one conversation wait for each other: in this process, or in Redis for several processes."""
    if redis is None:
        return InMemoryLockStore()
    locks = RedisLockStore(key_prefix="thinkfamily")
    locks.red = redis
    return locks


async def _waiting_for(store: SealedTrackerStore, actions_url: str) -> str:
    """What stands in the way of a turn being taken: "database", "actions", or nothing."""
    try:
        await store.check()
    except NotKept:
        return "database"
    try:
        timeout = aiohttp.ClientTimeout(total=_READY_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(f"{actions_url}/ready") as answer:
            return "" if answer.status == 200 else "actions"
    except (aiohttp.ClientError, TimeoutError):
        return "actions"
