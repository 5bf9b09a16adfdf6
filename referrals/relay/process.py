"""The relay as a process of its own."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress

import aiohttp

from referrals.relay.client import IntakeClient
from referrals.relay.relay import Relay
from referrals.store.database import open_casework
from sealing import Secrets
from thinkfamily.logs import set_up_logging
from thinkfamily.settings import Settings

_GRACE = 3.0  # seconds that a delivery under way gets to end, once the process is asked to
_log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Deliver and bring back statuses until SIGTERM or SIGINT; both end it cleanly."""
    set_up_logging(settings.log_level, settings.log_json)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    secrets = Secrets(settings.keys_dir)
    engine = open_casework(settings.database_url("casework"))
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            client = IntakeClient(session, settings.intake_url, secrets.relay_to_inbox, secrets.receipt_public)
            relay = Relay(engine, client)
            _log.info("delivering to %s", settings.intake_url)
            await _until_asked_to_end(relay)
    finally:
        engine.dispose()
    _log.info("ended")


async def _until_asked_to_end(relay: Relay) -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, asked.set)
    work = asyncio.create_task(relay.run())
    until_asked = asyncio.create_task(asked.wait())
    await asyncio.wait({work, until_asked}, return_when=asyncio.FIRST_COMPLETED)
    until_asked.cancel()
    _log.info("asked to end")
    relay.stop()
    with suppress(TimeoutError, asyncio.CancelledError):
        await asyncio.wait_for(work, _GRACE)  # what it cuts off is sent again under the same key
