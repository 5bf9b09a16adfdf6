"""The databases of the package's own tests, a receiver that can go wrong, and relays between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import aiohttp
import pytest

from referrals.relay import BackOff, IntakeClient, Relay
from tests.faults.receiver import Receiver, running
from tests.referrals.conftest import casework, database_url
from tests.referrals.makers import Casework

__all__ = ["casework", "database_url"]

MakeRelay = Callable[..., Relay]
BACK_OFF = BackOff(first=timedelta(seconds=2), longest=timedelta(seconds=120))


@pytest.fixture
async def receiver(casework: Casework) -> AsyncIterator[Receiver]:
    async with running(Receiver(casework.secrets)) as started:
        yield started


@pytest.fixture
async def make_relay(casework: Casework, receiver: Receiver) -> AsyncIterator[MakeRelay]:
    """``make_relay(seconds)``: a relay whose deliveries may take that long."""
    async with aiohttp.ClientSession() as session:

        def make(
            seconds: float = 10, address: str | None = None, client_type: type[IntakeClient] = IntakeClient
        ) -> Relay:
            client = client_type(
                session,
                address or receiver.address,
                casework.secrets.relay_to_inbox,
                casework.secrets.receipt_public,
                timedelta(seconds=seconds),
            )
            return Relay(casework.engine, client, back_off=BACK_OFF, now=casework.clock)

        yield make
