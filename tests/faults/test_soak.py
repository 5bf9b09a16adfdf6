"""Many referrals, faults drawn at random: every one arrives once, unaltered, and nothing is left open."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import select

from referrals import Status, alarms, count_by_status, open_story, verify_audit
from referrals.intake import ReferralDelivery
from referrals.store import tables
from tests.faults.conftest import MakeRelay
from tests.faults.receiver import (
    Fault,
    Receiver,
    answers,
    cut_off,
    kept_then_cut_off,
    kept_then_cut_short,
    receipt_with,
    status,
)
from tests.referrals.makers import Casework

MANY = 40
OPEN_FILES = Path("/proc/self/fd")


def open_files() -> int:
    return sum(1 for _ in OPEN_FILES.iterdir())


def faults(casework: Casework) -> list[Fault | None]:
    return [
        *[None] * 6,
        cut_off,
        kept_then_cut_off,
        kept_then_cut_short,
        answers(b"<html>"),
        receipt_with(casework.secrets, digest="0" * 64),
        *[status(code) for code in (401, 409, 429, 500, 503)],
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_one_arrives_once(casework: Casework, receiver: Receiver, make_relay: MakeRelay, seed: int) -> None:
    draw = random.Random(seed)
    receiver.plan.extend(draw.choices(faults(casework), k=3 * MANY))
    relays = [make_relay(), make_relay()]
    references = []
    for number in range(MANY):
        references.append(casework.refer(number))
        casework.clock.forward(seconds=draw.randrange(30))
        await draw.choice(relays).run_once()
    for _ in range(40):
        casework.clock.forward(minutes=2)
        await draw.choice(relays).run_once()
    assert sorted(receiver.kept) == sorted(references)
    for reference, body in receiver.kept.items():
        story = ReferralDelivery.model_validate_json(body).story
        assert open_story(casework.secrets.inbox_private, story, reference).reference == reference
    assert count_by_status(casework.engine)[Status.DELIVERED] == MANY
    assert alarms(casework.engine, casework.clock()) == []
    with casework.engine.connect() as db:
        assert len(set(db.scalars(select(tables.receipts.c.item)))) == MANY
    assert verify_audit(casework.engine).number == 3 * MANY  # an envelope, a referral and a delivery each


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="counts open files where Linux lists them")
async def test_no_open_file_is_left_behind(casework: Casework, receiver: Receiver, make_relay: MakeRelay) -> None:
    relay = make_relay()

    async def some(first: int) -> int:
        for number in range(first, first + 10):
            casework.refer(number)
            receiver.plan.extend([cut_off, kept_then_cut_short, None])
            casework.clock.forward(minutes=3)
            await relay.run_once()
        return open_files()

    await some(0)
    before = await some(10)
    assert await some(20) <= before
