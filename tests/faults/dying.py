"""Runs the relay, or makes a referral, in a child process that kills itself (SIGKILL) at a chosen point.

One line in, ``relay POINT`` or ``create POINT``; one line out, ``killed`` or ``finished``. A point is a place in the
work (``before_send``, ``after_send``, ``before_commit`` and ``after_commit``, of the transaction that keeps it), the
number of a statement to die before, or ``never``. Children are forked, so that Python starts once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import Engine, event

from referrals import create_referral, open_casework
from referrals.intake import SignedReceipt
from referrals.relay import IntakeClient, Relay
from referrals.store.outbox import Item
from sealing import KeyStore, Secrets, open_engine
from tests.referrals.makers import referral_request


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(engine: Engine, point: str) -> None:
    """Die before statement number ``point``, or before or after the commit of a transaction that wrote."""
    seen = 0
    keeps = False

    def statement(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        nonlocal seen, keeps
        seen += 1
        keeps = keeps or text.startswith(("INSERT INTO receipts", "INSERT INTO referrals"))
        if point == str(seen):
            _die()

    def commit(connection: Any) -> None:
        if keeps and point == "before_commit":
            _die()
        if keeps and point == "after_commit":
            connection.connection.dbapi_connection.commit()
            _die()

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)


def _relay(casework_url: str, address: str, secrets: Secrets, point: str) -> None:
    class Dying(IntakeClient):
        async def deliver(self, item: Item) -> SignedReceipt:
            if point == "before_send":
                _die()
            receipt = await super().deliver(item)
            if point == "after_send":
                _die()
            return receipt

    async def sweep() -> None:
        engine = open_casework(casework_url)
        die_at(engine, point)
        async with aiohttp.ClientSession() as session:
            client = Dying(session, address, secrets.relay_to_inbox, secrets.receipt_public)
            await Relay(engine, client).run_once()

    asyncio.run(sweep())


def _create(casework_url: str, keys_url: str, secrets: Secrets, point: str) -> None:
    engine = open_casework(casework_url)
    keys = KeyStore(open_engine(keys_url))
    die_at(engine, point)
    create_referral(engine, keys, secrets.inbox_public, referral_request())


def _in_a_child(work: Callable[[], None]) -> str:
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGKILL:
        return "killed"
    return "finished" if ended == 0 else "failed"


def main() -> None:
    casework_url, keys_url, keys_folder, address = sys.argv[1:]
    secrets = Secrets(Path(keys_folder))
    for line in sys.stdin:
        what, point = line.split()
        if what == "relay":
            ended = _in_a_child(partial(_relay, casework_url, address, secrets, point))
        else:
            ended = _in_a_child(partial(_create, casework_url, keys_url, secrets, point))
        sys.stdout.write(f"{ended}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
