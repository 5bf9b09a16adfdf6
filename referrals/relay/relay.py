"""The relay: takes what is due from the outbox, delivers it, and brings back what the receiving team says.

No transaction is open while it talks to the network. Whatever happens between two of its steps, the next sweep starts
from what the database says, and the receiving side takes the same key for the same thing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import Engine

from referrals.errors import MoveNotAllowed
from referrals.intake import IntakeEvent
from referrals.model import utc_now
from referrals.relay.backoff import BackOff
from referrals.relay.client import IntakeClient
from referrals.relay.errors import DeliveryError, PutAside, TryAgain, Unreadable
from referrals.store import alarms, audit, outbox, statuses
from referrals.store.alarms import AlarmKind
from sealing import new_id

_log = logging.getLogger(__name__)
_WHOLE_INTAKE = "intake"  # the subject of an alarm that is about no single referral


@dataclass
class Swept:
    """What one sweep did, in numbers."""

    delivered: int = 0
    put_off: int = 0
    aside: int = 0
    events: int = 0


class Relay:
    """One relay process; any number of them may work on one database.

    A ``lease`` is longer than a delivery may take, so that no other relay sends the same item at the same time.
    """

    def __init__(
        self,
        engine: Engine,
        client: IntakeClient,
        *,
        back_off: BackOff | None = None,
        lease: timedelta = timedelta(seconds=60),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        if lease <= client.limit:
            raise ValueError("a lease must be longer than a delivery may take")
        self._engine = engine
        self._client = client
        self._back_off = back_off or BackOff()
        self._lease = lease
        self._now = now
        self._owner = new_id("relay")
        self._stopping = asyncio.Event()
        self._polls_failed = 0
        self._poll_at = now()

    def stop(self) -> None:
        """Finish what is being sent and begin nothing new."""
        self._stopping.set()

    async def run(self, every: timedelta = timedelta(seconds=2)) -> None:
        """Sweep until stopped. A sweep that fails is logged and tried again: a relay that ends delivers nothing."""
        while not self._stopping.is_set():
            try:
                await self.run_once()
            except Exception:
                _log.exception("the sweep failed; the next one starts from what is kept")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), every.total_seconds())

    async def run_once(self) -> Swept:
        """Deliver everything that is due, then take in the receiving team's statuses."""
        swept = Swept()
        alarms.beat(self._engine, self._now())
        try:
            if await self._deliver_all(swept):
                await self._take_events(swept)
        finally:
            outbox.release(self._engine, self._owner)
        if swept.delivered:
            end = audit.checkpoint(self._engine)
            _log.info("audit checkpoint %d %s", end.number, end.hash)
        return swept

    async def _deliver_all(self, swept: Swept) -> bool:
        """False where the receiving side takes nothing now: the rest waits for the next sweep."""
        while not self._stopping.is_set():
            item = outbox.lease_next(self._engine, self._owner, self._now(), self._lease, self._back_off.longest)
            if item is None:
                return True
            if not await self._deliver(item, swept):
                return False
            alarms.beat(self._engine, self._now())
        return False

    async def _deliver(self, item: outbox.Item, swept: Swept) -> bool:
        """False where the next item would fare the same."""
        try:
            receipt = await self._client.deliver(item)
        except TryAgain as problem:
            self._put_off(item, problem, problem.after)
            swept.put_off += 1
            return not problem.for_all
        except PutAside as problem:
            outbox.set_aside(self._engine, self._owner, item.item, type(problem).__name__)
            _log.error("%s put aside: %s", item.item, problem)
            swept.aside += 1
            return True
        except Exception as problem:  # a fault of ours: it must not hold up the items behind this one
            _log.exception("%s failed", item.item)
            self._put_off(item, problem, None)
            swept.put_off += 1
            return True
        now = self._now()
        outbox.keep_receipt(self._engine, item, receipt, now)
        alarms.clear_alarm(self._engine, AlarmKind.RECEIPT_WRONG, item.item, now)
        alarms.clear_alarm(self._engine, AlarmKind.NOT_SET_UP, _WHOLE_INTAKE, now)
        _log.info("%s delivered", item.item)
        swept.delivered += 1
        return True

    def _put_off(self, item: outbox.Item, problem: Exception, asked: timedelta | None) -> None:
        now = self._now()
        next_at = now + self._back_off.wait(item.attempts + 1, asked)
        outbox.put_off(self._engine, self._owner, item.item, type(problem).__name__, next_at)
        _log.warning("%s not delivered, tried again from %s: %s", item.item, next_at.isoformat(), problem)
        self._note_alarm(problem, item.item, now)

    def _note_alarm(self, problem: Exception, item: str, now: datetime) -> None:
        kind = problem.alarm if isinstance(problem, DeliveryError) else None
        if kind is not None:
            alarms.note_alarm(self._engine, kind, _WHOLE_INTAKE if kind is AlarmKind.NOT_SET_UP else item, now)

    async def _take_events(self, swept: Swept) -> None:
        now = self._now()
        # A time further ahead than can have been set is from before the clock was put back.
        if now < self._poll_at <= now + self._back_off.longest:
            return
        try:
            while not self._stopping.is_set() and await self._take_page(swept):
                alarms.beat(self._engine, self._now())
        except DeliveryError as problem:
            self._polls_failed += 1
            self._poll_at = now + self._back_off.wait(self._polls_failed)
            _log.warning("no statuses from the receiving team: %s", problem)
            self._note_alarm(problem, _WHOLE_INTAKE, now)
        else:
            self._polls_failed = 0
            alarms.clear_alarm(self._engine, AlarmKind.NOT_SET_UP, _WHOLE_INTAKE, now)

    async def _take_page(self, swept: Swept) -> bool:
        """One page of statuses, in the order of their numbers; False where there was nothing new in it."""
        before = statuses.events_after(self._engine)
        answer = await self._client.events(before)
        for n, raw in sorted(((_number(raw), raw) for raw in answer.events), key=lambda event: event[0]):
            try:
                event = IntakeEvent.model_validate(raw)
                taken = statuses.take_event(self._engine, event, self._now())
            except (ValidationError, MoveNotAllowed):
                statuses.pass_over_event(self._engine, n, self._now())
                _log.error("status %d of the receiving team cannot be read; passed over", n)
                continue
            if taken is not None:
                _log.info("%s %s: %s", event.reference, event.status, taken)
                swept.events += 1
        return statuses.events_after(self._engine) > before


def _number(raw: dict[str, object]) -> int:
    n = raw.get("n")
    if isinstance(n, bool) or not isinstance(n, int) or not 0 < n < 2**63:
        raise Unreadable("a status of the receiving team has no number")
    return n
