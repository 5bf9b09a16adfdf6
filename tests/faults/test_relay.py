"""The relay against a receiving system and a network that go wrong.

Throughout: a reference that was shown is at the receiver exactly once and unaltered, or on the alarm list.
"""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from referrals import (
    AlarmKind,
    Status,
    alarms,
    answer_question,
    find_for_conversation,
    get_referral,
    open_answer,
    open_people,
    open_story,
    seal_note,
    send_again,
)
from referrals.intake import AnswerDelivery, IntakeEvent, ReferralDelivery, SignedReceipt
from referrals.relay import BackOff, IntakeClient, Relay, Swept
from referrals.relay.client import error_for
from referrals.relay.errors import Busy, NotSetUp, Overloaded, Refused, TryAgain
from referrals.store import outbox, tables
from referrals.store.alarms import last_heartbeat
from sealing import Secrets
from tests.faults.conftest import BACK_OFF, MakeRelay
from tests.faults.receiver import (
    Fault,
    Held,
    Receiver,
    answers,
    cut_off,
    kept_then_cut_off,
    kept_then_cut_short,
    kept_then_silent,
    padded,
    receipt_with,
    status,
)
from tests.referrals.makers import OFFICER, PEOPLE, Casework


def status_of(casework: Casework, number: int = 1) -> Status:
    found = find_for_conversation(casework.engine, f"c_{number}")
    assert found is not None
    return found.status


def outbox_row(casework: Casework, item: str) -> Any:
    with casework.engine.connect() as db:
        return db.execute(select(tables.outbox).where(tables.outbox.c.item == item)).one()


def kinds(casework: Casework) -> list[AlarmKind]:
    return [alarm.kind for alarm in alarms(casework.engine, casework.clock())]


def event(n: int, reference: str, told: str, note: str | None = None) -> dict[str, Any]:
    return {"n": n, "reference": reference, "status": told, "at": "2026-03-02T11:00:00Z", "note": note}


async def sweep_until_quiet(relay: Relay, casework: Casework, sweeps: int = 20) -> None:
    """As long as the relay would need, without waiting for it."""
    for _ in range(sweeps):
        await relay.run_once()
        casework.clock.forward(minutes=2)


async def test_what_is_delivered_is_what_was_kept(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    reference = casework.refer()
    assert await make_relay().run_once() == Swept(delivered=1)
    delivery = ReferralDelivery.model_validate_json(receiver.kept[reference])
    story = open_story(casework.secrets.inbox_private, delivery.story, reference)
    assert story == get_referral(casework.engine, casework.keys, reference, OFFICER).story
    assert open_people(casework.secrets.inbox_private, delivery.people, story.envelope) == PEOPLE
    assert status_of(casework) is Status.DELIVERED
    with casework.engine.connect() as db:
        receipt = db.execute(select(tables.receipts)).one()
    assert (receipt.item, receipt.digest, receipt.inbox) == (reference, delivery.digest, "Connecting Families")
    assert kinds(casework) == []


async def test_what_is_delivered_or_decided_is_left_alone(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    reference = casework.refer()
    receiver.events = [event(1, reference, "opened"), event(2, reference, "accepted")]
    relay = make_relay()
    await sweep_until_quiet(relay, casework)
    assert receiver.arrived == [reference]
    assert status_of(casework) is Status.ACCEPTED
    assert set(receiver.polls) == {0, 2}


async def test_one_that_is_not_due_yet_is_left_alone(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    reference = casework.refer()
    receiver.plan.append(status(500))
    relay = make_relay()
    await relay.run_once()
    await relay.run_once()
    assert receiver.arrived == [reference]
    casework.clock.forward(seconds=2)
    await relay.run_once()
    assert receiver.arrived == [reference] * 2


LOST: list[Fault] = [cut_off, kept_then_cut_off, kept_then_cut_short, answers(b""), answers(b'{"receipt": {}}')]
LOST += [answers(b"<html>sign in to the guest network</html>", 200), answers(b"\xff\xfe", 200)]


@pytest.mark.parametrize("fault", LOST, ids=range(len(LOST)))
async def test_a_lost_or_garbled_answer_makes_no_second_referral(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay, fault: Fault
) -> None:
    reference = casework.refer()
    receiver.plan.append(fault)
    relay = make_relay()
    assert (await relay.run_once()).put_off == 1
    assert status_of(casework) is Status.CREATED
    casework.clock.forward(minutes=1)
    assert (await relay.run_once()).delivered == 1
    assert receiver.arrived == [reference] * 2
    assert list(receiver.kept) == [reference]
    assert status_of(casework) is Status.DELIVERED


async def test_an_answer_that_never_ends_is_given_up(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    reference = casework.refer()
    receiver.plan.append(kept_then_silent)
    assert (await make_relay(seconds=0.2).run_once()).put_off == 1
    assert outbox_row(casework, reference).problem == "Unreachable"


async def test_an_answer_that_is_too_long_is_given_up(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    reference = casework.refer()
    receiver.plan.append(padded)
    assert (await make_relay().run_once()).put_off == 1
    assert outbox_row(casework, reference).problem == "Unreadable"


async def test_a_network_that_is_down_delays_and_alarms_and_loses_nothing(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    references = [casework.refer(number) for number in (1, 2, 3)]
    down = make_relay(address="http://127.0.0.1:1")
    for _ in range(16):
        await down.run_once()
        casework.clock.forward(minutes=1)
    assert kinds(casework) == [AlarmKind.NOT_DELIVERED] * 3
    assert receiver.arrived == []
    await sweep_until_quiet(make_relay(), casework, sweeps=2)
    assert sorted(receiver.kept) == sorted(references)
    assert kinds(casework) == [AlarmKind.RELAY_SILENT]  # the sweeps are two minutes apart here


@pytest.mark.parametrize("code", [408, 409, 425, 429, 500, 502, 503, 504])
async def test_these_are_tried_again(casework: Casework, receiver: Receiver, make_relay: MakeRelay, code: int) -> None:
    reference = casework.refer()
    receiver.plan.append(status(code))
    relay = make_relay()
    await relay.run_once()
    assert outbox_row(casework, reference).state == "waiting"
    assert kinds(casework) == []
    await sweep_until_quiet(relay, casework, sweeps=2)
    assert status_of(casework) is Status.DELIVERED


@pytest.mark.parametrize("code", [400, 402, 406, 410, 413, 415, 422, 451])
async def test_these_go_aside_and_on_the_alarm_list_and_hold_nothing_up(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay, code: int
) -> None:
    first = casework.refer(1)
    casework.clock.forward(seconds=1)
    second = casework.refer(2)
    receiver.plan.append(status(code))
    relay = make_relay()
    assert await relay.run_once() == Swept(aside=1, delivered=1)
    assert [(alarm.kind, alarm.subject) for alarm in alarms(casework.engine, casework.clock())] == [
        (AlarmKind.SET_ASIDE, first)
    ]
    casework.clock.forward(days=1)
    await relay.run_once()
    assert receiver.arrived == [first, second]
    send_again(casework.engine, first, "a_manager", casework.clock())
    await relay.run_once()
    assert kinds(casework) == []
    assert sorted(receiver.kept) == sorted([first, second])


@pytest.mark.parametrize("code", [301, 307, 401, 403, 404, 405])
async def test_a_wrong_address_or_secret_alarms_at_once_and_heals(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay, code: int
) -> None:
    casework.refer(1)
    casework.clock.forward(seconds=1)
    casework.refer(2)
    receiver.plan.append(status(code, {"Location": "http://127.0.0.1:1/"}))
    relay = make_relay()
    assert await relay.run_once() == Swept(put_off=1)
    assert kinds(casework) == [AlarmKind.NOT_SET_UP]
    await sweep_until_quiet(relay, casework, sweeps=2)
    assert AlarmKind.NOT_SET_UP not in kinds(casework)
    assert (status_of(casework, 1), status_of(casework, 2)) == (Status.DELIVERED, Status.DELIVERED)


async def test_a_wrong_secret_is_refused_by_the_receiver_itself(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay, tmp_path: Path
) -> None:
    casework.refer()
    receiver._verifier._secret = Secrets(tmp_path / "other").relay_to_inbox
    await make_relay().run_once()
    assert kinds(casework) == [AlarmKind.NOT_SET_UP]
    assert receiver.kept == {}


@given(st.integers(100, 599))
def test_every_http_status_has_its_class(code: int) -> None:
    found = error_for(code)
    if 200 <= code < 300:
        assert found is None
    elif code in {429, 503}:
        assert isinstance(found, Overloaded)
    elif code in {408, 409, 425} or code >= 500:
        assert isinstance(found, Busy)
    elif code < 400 or code in {401, 403, 404, 405}:
        assert isinstance(found, NotSetUp)
    else:
        assert isinstance(found, Refused)
        assert not isinstance(found, TryAgain)


async def test_an_overloaded_receiver_gets_one_request_a_sweep(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    for number in (1, 2, 3):
        casework.refer(number)
    receiver.plan.extend([status(503)] * 3)
    assert await make_relay().run_once() == Swept(put_off=1)
    assert len(receiver.arrived) == 1


async def test_the_wait_that_was_asked_for_is_kept(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    reference = casework.refer()
    receiver.plan.append(status(429, {"Retry-After": "90"}))
    await make_relay().run_once()
    assert outbox_row(casework, reference).next_at == casework.clock() + timedelta(seconds=90)


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True), st.none() | st.integers(0, 10**6))
def test_waits_grow_are_jittered_and_capped(attempts: int, draw: float, asked: int | None) -> None:
    wait = BACK_OFF.wait(attempts, None if asked is None else timedelta(seconds=asked), lambda: draw)
    full = min(BACK_OFF.first * 2 ** min(attempts - 1, 20), BACK_OFF.longest)
    least = min(max(full / 2, timedelta(seconds=asked or 0)), BACK_OFF.longest)
    assert least <= wait <= BACK_OFF.longest
    if not asked:
        assert wait <= full
        later = BACK_OFF.wait(attempts + 2, None, lambda: draw)
        assert later > wait or full == BACK_OFF.longest or full * 2 >= BACK_OFF.longest


def test_two_that_failed_together_do_not_come_back_together() -> None:
    assert len({BackOff().wait(5) for _ in range(50)}) > 40


@pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"reference": "TF-2222-2222"}])
async def test_a_receipt_for_something_else_is_no_receipt(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay, change: dict[str, str]
) -> None:
    reference = casework.refer()
    receiver.plan.append(receipt_with(casework.secrets, **change))
    await assert_not_taken_for_a_receipt(casework, make_relay(), reference)


async def test_a_receipt_of_another_key_is_no_receipt(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay, tmp_path: Path
) -> None:
    reference = casework.refer()
    receiver.plan.append(receipt_with(Secrets(tmp_path / "somebody else")))
    await assert_not_taken_for_a_receipt(casework, make_relay(), reference)


async def assert_not_taken_for_a_receipt(casework: Casework, relay: Relay, reference: str) -> None:
    await relay.run_once()
    assert status_of(casework) is Status.CREATED
    assert [(alarm.kind, alarm.subject) for alarm in alarms(casework.engine, casework.clock())] == [
        (AlarmKind.RECEIPT_WRONG, reference)
    ]
    with casework.engine.connect() as db:
        assert db.execute(select(tables.receipts)).all() == []
    casework.clock.forward(seconds=30)
    await relay.run_once()  # the true receipt comes with the next try
    assert status_of(casework) is Status.DELIVERED
    assert kinds(casework) == []


DAMAGE: list[dict[str, Any]] = [{"digest": "0" * 64}, {"first": b""}, {"second": None}, {"kind": "letter"}]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: next(iter(damage)))
async def test_a_damaged_row_goes_aside_and_holds_nothing_up(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay, damage: dict[str, Any]
) -> None:
    bad = casework.refer(1)
    casework.clock.forward(seconds=1)
    good = casework.refer(2)
    with casework.engine.begin() as db:
        db.execute(update(tables.outbox).where(tables.outbox.c.item == bad).values(**damage))
    assert await make_relay().run_once() == Swept(aside=1, delivered=1)
    assert receiver.arrived == [good]
    assert [(alarm.kind, alarm.subject) for alarm in alarms(casework.engine, casework.clock())] == [
        (AlarmKind.SET_ASIDE, bad)
    ]


async def test_altered_content_is_never_delivered_a_second_time(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    reference = casework.refer()
    receiver.kept[reference] = b"what came first"
    assert await make_relay().run_once() == Swept(aside=1)
    assert kinds(casework) == [AlarmKind.SET_ASIDE]


async def test_two_relays_never_send_the_same_at_the_same_time(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    references = [casework.refer(number) for number in (1, 2)]
    held = Held()
    receiver.plan.append(held)
    one, two = make_relay(), make_relay()
    first = asyncio.create_task(one.run_once())
    await held.came.wait()
    assert await two.run_once() == Swept(delivered=1)  # the other one
    held.go.set()
    assert await first == Swept(delivered=1)
    assert sorted(receiver.arrived) == sorted(references)


async def test_a_relay_that_died_is_taken_over_when_its_lease_ends(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    reference = casework.refer()
    held = Held()
    receiver.plan.append(held)
    dead, alive = make_relay(), make_relay()
    task = asyncio.create_task(dead.run_once())
    await held.came.wait()
    assert await alive.run_once() == Swept()
    casework.clock.forward(seconds=60)
    assert await alive.run_once() == Swept(delivered=1)
    held.go.set()
    await task  # it was not dead after all: its receipt is the same
    assert list(receiver.kept) == [reference]
    assert status_of(casework) is Status.DELIVERED


async def test_a_relay_told_to_stop_gives_back_its_lease(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    reference = casework.refer()
    held = Held()
    receiver.plan.append(held)
    task = asyncio.create_task(make_relay().run_once())
    await held.came.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    held.go.set()
    row = outbox_row(casework, reference)
    assert (row.lease_owner, row.attempts, row.state) == (None, 0, "waiting")
    assert await make_relay().run_once() == Swept(delivered=1)


async def test_ten_relays_deliver_thirty_once_each(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    references = [casework.refer(number) for number in range(1, 31)]
    swept = await asyncio.gather(*(make_relay().run_once() for _ in range(10)))
    assert sum(one.delivered for one in swept) == 30
    assert sorted(receiver.arrived) == sorted(references)


async def test_a_fault_of_ours_holds_nothing_up(casework: Casework, receiver: Receiver, make_relay: MakeRelay) -> None:
    bad = casework.refer(1)
    casework.clock.forward(seconds=1)
    casework.refer(2)

    class Faulty(IntakeClient):
        async def deliver(self, item: outbox.Item) -> SignedReceipt:
            if item.item == bad:
                raise ZeroDivisionError
            return await super().deliver(item)

    assert await make_relay(client_type=Faulty).run_once() == Swept(put_off=1, delivered=1)
    assert outbox_row(casework, bad).problem == "ZeroDivisionError"


async def test_a_sweep_leaves_a_heartbeat_whatever_happens(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    await make_relay(address="http://127.0.0.1:1").run_once()
    assert last_heartbeat(casework.engine) == casework.clock()


async def test_a_question_and_its_answer_make_the_round(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    reference = casework.refer()
    relay = make_relay()
    await relay.run_once()
    delivery = ReferralDelivery.model_validate_json(receiver.kept[reference])
    story = open_story(casework.secrets.inbox_private, delivery.story, reference)
    asked = seal_note(story, Status.NEEDS_MORE, "Which school is it?")
    wire = {"n": 2, "reference": reference, "status": Status.NEEDS_MORE, "at": story.created_at, "note": asked}
    receiver.events = [event(1, reference, "opened"), _as_json(wire)]
    assert (await relay.run_once()).events == 2
    assert get_referral(casework.engine, casework.keys, reference, OFFICER).question == "Which school is it?"
    answer_question(casework.engine, casework.keys, casework.secrets.inbox_public, reference, OFFICER, "Park Lane")
    casework.clock.forward(days=365)
    assert (await relay.run_once()).delivered == 1
    (key,) = [key for key in receiver.kept if key != reference]
    answer = AnswerDelivery.model_validate_json(receiver.kept[key])
    assert open_answer(casework.secrets.inbox_private, answer.answer, reference, key) == "Park Lane"
    assert kinds(casework) == []


def _as_json(raw: dict[str, Any]) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(IntakeEvent.model_validate(raw).model_dump_json())
    return parsed


async def test_statuses_out_of_order_or_twice_change_nothing_wrongly(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    reference = casework.refer()
    relay = make_relay()
    await relay.run_once()
    twice = [event(3, reference, "accepted"), event(1, reference, "opened"), event(2, reference, "needs_more")] * 2
    receiver.poll_answers.append(web.json_response({"events": twice}))
    assert (await relay.run_once()).events == 3
    assert status_of(casework) is Status.ACCEPTED
    receiver.events = [event(4, reference, "opened"), event(5, reference, "declined"), event(6, reference, "accepted")]
    await relay.run_once()
    assert status_of(casework) is Status.ACCEPTED


async def test_more_than_a_page_of_statuses_comes_in_one_sweep(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    reference = casework.refer()
    turns = ["opened", "needs_more"] * 130
    receiver.events = [event(n, reference, told) for n, told in enumerate(turns, start=1)]
    swept = await make_relay().run_once()
    assert swept.events == 260
    assert receiver.polls == [0, 100, 200, 260]


UNREADABLE = [
    {"status": "lost"},
    {"status": "delivered"},
    {"reference": "TF-9"},
    {"at": "soon"},
    {"note": "%%"},
    {"x": 1},
]


@pytest.mark.parametrize("change", UNREADABLE, ids=lambda change: "-".join(map(str, change.values())))
async def test_a_status_that_cannot_be_read_is_passed_over_with_an_alarm(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay, change: dict[str, Any]
) -> None:
    reference = casework.refer()
    receiver.events = [event(1, reference, "needs_more") | change, event(2, reference, "opened")]
    assert (await make_relay().run_once()).events == 1
    assert status_of(casework) is Status.OPENED
    assert [(alarm.kind, alarm.subject) for alarm in alarms(casework.engine, casework.clock())] == [
        (AlarmKind.EVENT_UNREADABLE, "1")
    ]


@pytest.mark.parametrize("body", ['{"events": 1}', "[]", "", '{"events": [{"n": "1"}]}', '{"events": [{"n": true}]}'])
async def test_a_page_that_cannot_be_read_is_asked_for_again_later(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay, body: str
) -> None:
    reference = casework.refer()
    receiver.events = [event(1, reference, "opened")]
    receiver.poll_answers.append(web.Response(text=body))
    relay = make_relay()
    assert await relay.run_once() == Swept(delivered=1)
    await relay.run_once()
    assert len(receiver.polls) == 1  # not at once
    casework.clock.forward(seconds=2)
    assert (await relay.run_once()).events == 1


async def test_polls_are_not_held_up_by_a_clock_that_was_put_back(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    receiver.poll_answers.append(web.Response(status=500))
    relay = make_relay()
    await relay.run_once()
    casework.clock.forward(days=-1)
    await relay.run_once()
    assert len(receiver.polls) == 2


async def test_nothing_is_open_in_the_database_while_the_network_is_slow(
    casework: Casework, receiver: Receiver, make_relay: MakeRelay
) -> None:
    casework.refer(1)
    held = Held()
    receiver.plan.append(held)
    task = asyncio.create_task(make_relay().run_once())
    await held.came.wait()
    assert casework.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    casework.refer(2)  # would wait and fail, were a transaction open
    held.go.set()
    assert (await task).delivered == 2
