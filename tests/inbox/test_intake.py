"""The intake API, as the relay meets it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import web
from sqlalchemy import func, select

from inbox.keys import ENGINE, IN_PROGRESS, OUTER_SEAL
from inbox.tables import answers, audit, referrals
from referrals import Status, seal_note
from referrals.intake import ANSWERS_PATH, EVENTS_A_PAGE, REFERRALS_PATH, SignedReceipt, content_digest
from referrals.sealed import seal_story
from sealing import SealBroken, Secrets, sign_request, unseal_with, verify_receipt

from .deliveries import Client, Sent, answer_to, deliver, deliver_answer, events, post_signed
from .people import Person


def rows(app: web.Application, table: Any) -> int:
    with app[ENGINE].begin() as db:
        return int(db.scalar(select(func.count()).select_from(table)) or 0)


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("inbox.db*"))


async def test_a_referral_is_kept_sealed_exactly_as_it_came(
    relay: Client, app: web.Application, secrets: Secrets, tmp_path: Path
) -> None:
    sent = Sent(secrets)
    answer = await deliver(relay, secrets, sent)
    assert answer.status == 201
    with app[ENGINE].begin() as db:
        row = db.execute(select(referrals)).one()
        trail = db.execute(select(audit.c.actor, audit.c.action, audit.c.reference)).all()
    outer = app[OUTER_SEAL]
    assert outer.open(sent.reference, row.story, "story") == sent.delivery.story
    assert outer.open(sent.reference, row.people, "people") == sent.delivery.people
    assert row.digest == sent.delivery.digest
    assert (row.reference, row.status) == (sent.reference, "delivered")
    assert [tuple(line) for line in trail] == [("relay", "received", sent.reference)]
    at_rest = everything_in(tmp_path)
    assert sent.delivery.story[:64] not in at_rest
    assert sent.reference.encode() in at_rest
    for secret in (b"Kelly", b"Marsh", b"07700", b"rent", b"Olu"):
        assert secret not in at_rest


async def test_the_receipt_is_signed_by_the_team_for_this_content(relay: Client, secrets: Secrets) -> None:
    sent = Sent(secrets)
    signed = SignedReceipt.model_validate_json(await (await deliver(relay, secrets, sent)).text())
    assert (signed.receipt.reference, signed.receipt.digest) == (sent.reference, sent.delivery.digest)
    assert signed.receipt.inbox == "Connecting Families"
    verify_receipt(secrets.receipt_public, signed.receipt.model_dump(), signed.signature)


async def test_the_same_again_gets_the_same_answer_and_is_kept_once(
    relay: Client, app: web.Application, secrets: Secrets, kay: Person
) -> None:
    sent = Sent(secrets)
    first = await deliver(relay, secrets, sent)
    await kay.open(f"/referrals/{sent.reference}")
    second = await deliver(relay, secrets, sent)
    assert (first.status, second.status) == (201, 201)
    assert await first.text() == await second.text()
    assert rows(app, referrals) == 1
    assert [event["status"] for event in await events(relay, secrets)] == ["opened"]


async def test_fifty_at_once_are_kept_once(relay: Client, app: web.Application, secrets: Secrets) -> None:
    sent = Sent(secrets)
    given = await asyncio.gather(*(deliver(relay, secrets, sent) for _ in range(50)))
    statuses = {answer.status for answer in given}
    assert 201 in statuses
    assert statuses <= {201, 409}
    assert len({await answer.text() for answer in given if answer.status == 201}) == 1
    assert rows(app, referrals) == 1


async def test_one_that_is_being_worked_on_is_409(relay: Client, app: web.Application, secrets: Secrets) -> None:
    sent = Sent(secrets)
    app[IN_PROGRESS].add(sent.reference)
    answer = await deliver(relay, secrets, sent)
    assert (answer.status, (await answer.json())["error"]) == (409, "in_progress")
    app[IN_PROGRESS].clear()
    assert (await deliver(relay, secrets, sent)).status == 201
    assert not app[IN_PROGRESS]


async def test_the_same_key_with_other_content_is_422_and_changes_nothing(
    relay: Client, app: web.Application, secrets: Secrets
) -> None:
    sent = Sent(secrets)
    await deliver(relay, secrets, sent)
    other = Sent(secrets)
    sealed = seal_story(secrets.inbox_public, other.story.model_copy(update={"reference": sent.reference}))
    body = other.delivery.model_copy(
        update={
            "reference": sent.reference,
            "story": sealed,
            "digest": content_digest(sealed, other.delivery.people),
        }
    )
    answer = await post_signed(relay, secrets, REFERRALS_PATH, body.model_dump_json().encode(), sent.reference)
    assert (answer.status, (await answer.json())["error"]) == (422, "other_content")
    with app[ENGINE].begin() as db:
        assert db.scalar(select(referrals.c.digest)) == sent.delivery.digest


async def test_no_key_and_a_wrong_key_are_400(relay: Client, app: web.Application, secrets: Secrets) -> None:
    sent = Sent(secrets)
    for key, error in ((None, "no_idempotency_key"), ("TF-OTHER", "wrong_idempotency_key")):
        answer = await post_signed(relay, secrets, REFERRALS_PATH, sent.body, key)
        assert (answer.status, (await answer.json())["error"]) == (400, error)
    assert rows(app, referrals) == 0


async def test_only_the_relay_may_speak(
    relay: Client, app: web.Application, secrets: Secrets, token: dict[str, str]
) -> None:
    sent = Sent(secrets)
    headers = {"Idempotency-Key": sent.reference}
    other = {"Idempotency-Key": sent.reference} | sign_request(b"x" * 32, "POST", REFERRALS_PATH, sent.body)
    altered = headers | sign_request(secrets.relay_to_inbox, "POST", REFERRALS_PATH, sent.body + b" ")
    moved = headers | sign_request(secrets.relay_to_inbox, "POST", ANSWERS_PATH, sent.body)
    stale = headers | sign_request(secrets.relay_to_inbox, "POST", REFERRALS_PATH, sent.body, clock=lambda: 1.0)
    for wrong in (headers, headers | token, other, altered, moved, stale):
        answer = await relay.post(REFERRALS_PATH, data=sent.body, headers=wrong)
        assert (answer.status, (await answer.json())["error"]) == (401, "not_signed")
    for path in ("/api/intake/events", "/api/intake/events?after=0"):
        assert (await relay.get(path, headers=token)).status == 401
    assert rows(app, referrals) == 0


async def test_a_copied_request_is_not_taken_twice(relay: Client, secrets: Secrets) -> None:
    sent = Sent(secrets)
    headers = sign_request(secrets.relay_to_inbox, "POST", REFERRALS_PATH, sent.body)
    headers["Idempotency-Key"] = sent.reference
    assert (await relay.post(REFERRALS_PATH, data=sent.body, headers=headers)).status == 201
    assert (await relay.post(REFERRALS_PATH, data=sent.body, headers=headers)).status == 401


def _changed(sent: Sent, **changes: object) -> bytes:
    return json.dumps(json.loads(sent.body) | changes).encode()


async def test_what_is_not_of_the_form_is_400(relay: Client, app: web.Application, secrets: Secrets) -> None:
    sent = Sent(secrets)
    bodies = [
        b"",
        b"Kelly Marsh",
        b"[]",
        _changed(sent, digest="0" * 64),
        _changed(sent, schema="intake/2"),
        _changed(sent, story="not base64!"),
        _changed(sent, story=""),
        _changed(sent, reference="TF-2222-2223"),
        _changed(sent, more="Kelly"),
    ]
    for body in bodies:
        answer = await post_signed(relay, secrets, REFERRALS_PATH, body, sent.reference)
        assert answer.status == 400
        assert "Kelly" not in await answer.text()
    assert rows(app, referrals) == 0


async def test_what_nobody_here_could_open_gets_no_receipt(
    relay: Client, app: web.Application, secrets: Secrets, tmp_path: Path
) -> None:
    for_others = Sent(Secrets(tmp_path / "other team"))
    answer = await deliver(relay, secrets, for_others)
    assert (answer.status, (await answer.json())["error"]) == (422, "cannot_be_opened")

    sent, other = Sent(secrets), Sent(secrets)
    swapped = sent.delivery.model_copy(
        update={
            "people": other.delivery.people,
            "digest": content_digest(sent.delivery.story, other.delivery.people),
        }
    )
    answer = await post_signed(relay, secrets, REFERRALS_PATH, swapped.model_dump_json().encode(), sent.reference)
    assert (answer.status, (await answer.json())["error"]) == (422, "cannot_be_opened")
    assert rows(app, referrals) == 0


async def test_an_answer_takes_the_referral_out_of_waiting_once(
    relay: Client, app: web.Application, secrets: Secrets, kay: Person
) -> None:
    sent = Sent(secrets)
    await deliver(relay, secrets, sent)
    await kay.open(f"/referrals/{sent.reference}/ask")
    await kay.send(f"/referrals/{sent.reference}/ask", question="Which school?")
    given = answer_to(secrets, sent.reference, "Hillside, says [PERSON 1]")
    first, second = await deliver_answer(relay, secrets, given), await deliver_answer(relay, secrets, given)
    assert (first.status, second.status) == (201, 201)
    assert await first.text() == await second.text()
    signed = SignedReceipt.model_validate_json(await first.text())
    verify_receipt(secrets.receipt_public, signed.receipt.model_dump(), signed.signature)
    assert rows(app, answers) == 1
    assert [event["status"] for event in await events(relay, secrets)] == ["opened", "needs_more", "opened"]
    assert "Answer came" in await kay.open("/")
    page = await kay.open(f"/referrals/{sent.reference}")
    assert "The officer answered" in page
    assert "Hillside, says Kelly Marsh" in page
    assert "Answer came" not in await kay.open("/")


async def test_an_answer_to_nothing_is_422(relay: Client, secrets: Secrets) -> None:
    sent = Sent(secrets)
    answer = await deliver_answer(relay, secrets, answer_to(secrets, sent.reference, "Hillside"))
    assert (answer.status, (await answer.json())["error"]) == (422, "unknown_referral")


async def test_events_come_in_order_a_page_at_a_time(relay: Client, secrets: Secrets, kay: Person) -> None:
    references = []
    for _ in range(3):
        sent = Sent(secrets)
        await deliver(relay, secrets, sent)
        await kay.open(f"/referrals/{sent.reference}")
        references.append(sent.reference)
    found = await events(relay, secrets)
    assert [event["n"] for event in found] == [1, 2, 3]
    assert [event["reference"] for event in found] == references
    assert all(event["note"] is None for event in found)
    assert [event["n"] for event in await events(relay, secrets, 2)] == [3]
    assert await events(relay, secrets, 3) == []
    assert EVENTS_A_PAGE > 3


@pytest.mark.parametrize("after", ["-1", "one", "1.5", "٣", "9" * 30, ""])
async def test_events_after_nonsense_is_400(relay: Client, secrets: Secrets, after: str) -> None:
    path = f"/api/intake/events?after={quote(after)}"
    headers = sign_request(secrets.relay_to_inbox, "GET", path, b"")
    assert (await relay.get(path, headers=headers)).status == 400


def test_notes_for_the_officer_cannot_be_opened_by_the_team(secrets: Secrets) -> None:
    sent = Sent(secrets)
    note = seal_note(sent.story, Status.DECLINED, "why")
    with pytest.raises(SealBroken):
        unseal_with(secrets.inbox_private, note, "note", sent.reference, "declined")
