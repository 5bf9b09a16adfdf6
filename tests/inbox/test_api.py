"""The JSON API for scripts, and what is open to whom."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
import yaml
from aiohttp import web
from openapi_spec_validator import validate

from inbox.forms import REASONS
from inbox.words import WORDS
from referrals import Channel, Status
from referrals.agreement import Answer, SafeAndAlone
from referrals.intake import ANSWERS_PATH, EVENTS_PATH, REFERRALS_PATH
from referrals.sealed import open_note
from sealing import Secrets
from web.access import access_of
from web.openapi import build

from .deliveries import Client, Sent, deliver, events
from .people import Person

INTAKE = {("POST", REFERRALS_PATH), ("POST", ANSWERS_PATH), ("GET", EVENTS_PATH)}
SHARED = {
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/api/openapi.json"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
}


@pytest.fixture
async def sent(relay: Client, secrets: Secrets) -> Sent:
    sent = Sent(secrets)
    await deliver(relay, secrets, sent)
    return sent


def test_only_the_signed_intake_and_sign_in_are_open(app: web.Application) -> None:
    found = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource and route.method != "HEAD" and access_of(route.handler).public
    }
    assert found == INTAKE | SHARED


async def test_the_openapi_document_is_valid_and_tells_signed_from_token(relay: Client, app: web.Application) -> None:
    document = await (await relay.get("/api/openapi.json")).json()
    validate(document)
    assert document == json.loads(json.dumps(build(app)))
    assert document["paths"][REFERRALS_PATH]["post"]["security"] == [{"signature": []}]
    assert document["paths"]["/api/referrals"]["get"]["security"] == [{"token": []}]
    assert len(document["paths"]) == 8


async def test_a_script_lists_reads_and_accepts(
    relay: Client, token: dict[str, str], sent: Sent, secrets: Secrets
) -> None:
    listed = await (await relay.get("/api/referrals?status=delivered", headers=token)).json()
    assert listed["more"] is False
    (line,) = listed["referrals"]
    assert (line["reference"], line["status"], line["key_worker"]) == (sent.reference, "delivered", "")

    whole = await (await relay.get(f"/api/referrals/{sent.reference}", headers=token)).json()
    assert whole["status"] == "opened"
    assert whole["story"]["signs"][0]["words"].startswith("[PERSON 1] is 3 months behind")
    assert [person["name"] for person in whole["people"]["people"]] == ["Kelly Marsh", "Jordan Marsh"]

    path = f"/api/referrals/{sent.reference}/accept"
    assert (await relay.post(path, json={}, headers=token)).status == 400  # a script must name somebody
    done = await relay.post(path, json={"key_worker": " Kay  Worker "}, headers=token)
    assert (done.status, (await done.json())["key_worker"]) == (200, "Kay Worker")
    again = await relay.post(path, json={"key_worker": "Sam"}, headers=token)
    assert (again.status, (await again.json())["error"]) == (409, "too_late")
    assert [event["status"] for event in await events(relay, secrets)] == ["opened", "accepted"]


async def test_a_script_that_never_read_it_opens_it_by_acting(
    relay: Client, token: dict[str, str], sent: Sent, secrets: Secrets
) -> None:
    answer = await relay.post(f"/api/referrals/{sent.reference}/ask", json={"question": "Which school?"}, headers=token)
    assert (await answer.json())["status"] == "needs_more"
    found = await events(relay, secrets)
    assert [event["status"] for event in found] == ["opened", "needs_more"]
    note = open_note(sent.reply_private, base64.b64decode(found[1]["note"]), sent.reference, Status.NEEDS_MORE)
    assert note == "Which school?"


@pytest.mark.parametrize(
    ("what", "body"),
    [("accept", {"key_worker": "Kay Worker"}), ("decline", {"reason": "too_little", "text": "Send it again"})],
)
async def test_a_script_may_decide_without_an_answer(
    relay: Client, token: dict[str, str], sent: Sent, secrets: Secrets, what: str, body: dict[str, str]
) -> None:
    path = f"/api/referrals/{sent.reference}"
    await relay.post(f"{path}/ask", json={"question": "Which school?"}, headers=token)
    done = await (await relay.post(f"{path}/{what}", json=body, headers=token)).json()
    assert [event["status"] for event in await events(relay, secrets)] == ["opened", "needs_more", done["status"]]
    assert (await relay.post(f"{path}/ask", json={"question": "Why?"}, headers=token)).status == 409


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("decline", {"reason": "other", "text": "The hub"}, 200),
        ("decline", {"reason": "made up", "text": "The hub"}, 400),
        ("decline", {"reason": "other", "text": " "}, 400),
        ("decline", {"reason": "other"}, 400),
        ("ask", {"question": "x" * 2001}, 400),
        ("ask", {"question": "Which?", "more": 1}, 400),
        ("accept", {"key_worker": "x" * 121}, 400),
        ("burn", {}, 404),
    ],
)
async def test_bad_bodies_change_nothing(
    relay: Client, token: dict[str, str], sent: Sent, secrets: Secrets, what: str, body: dict[str, str], status: int
) -> None:
    answer = await relay.post(f"/api/referrals/{sent.reference}/{what}", json=body, headers=token)
    assert answer.status == status
    if status != 200:
        assert (await answer.json())["message"]
        assert {event["status"] for event in await events(relay, secrets)} <= {"opened"}


@pytest.mark.parametrize("query", ["status=lost", "page=0", "page=x", "page=99999999"])
async def test_a_wrong_query_is_400(relay: Client, token: dict[str, str], query: str) -> None:
    assert (await relay.get(f"/api/referrals?{query}", headers=token)).status == 400


async def test_an_unknown_reference_is_404(relay: Client, token: dict[str, str]) -> None:
    for reference in ("TF-2222-2222", "x"):
        assert (await relay.get(f"/api/referrals/{reference}", headers=token)).status == 404


async def test_a_manager_reads_no_story_through_the_api_either(mo: Person, sent: Sent) -> None:
    assert (await mo.client.get("/api/referrals")).status == 200
    assert (await mo.client.get(f"/api/referrals/{sent.reference}")).status == 403


async def test_logs_carry_ids_and_never_content(
    relay: Client,
    kay: Person,
    token: dict[str, str],
    sent: Sent,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    await kay.open(f"/referrals/{sent.reference}/ask")
    await kay.send(f"/referrals/{sent.reference}/ask", question="Does Kelly Marsh live at Rose Cottage?")
    await relay.post(f"/api/referrals/{sent.reference}/accept", json={"key_worker": "Rose"}, headers=token)
    for planted in ("Kelly", "Rose", "Jordan", "07700"):
        assert planted not in caplog.text


def test_every_code_that_can_come_has_words() -> None:
    groups: dict[str, list[str]] = {
        "statuses": [status for status in Status if status is not Status.CREATED],
        "levels": ["N", "C", "S", "E"],
        "answers": list(Answer),
        "channels": list(Channel),
        "safe_and_alone": list(SafeAndAlone),
        "signs": ["negated", "past", "other_family", "hypothetical"],
        "danger_done": ["open", "calling_now", "colleague_calling", "not_danger"],
        "reasons": list(REASONS),
        "done": ["accepted", "needs_more", "declined"],
    }
    missing = [
        f"{group}.{code}" for group, codes in groups.items() for code in codes if not WORDS.has(f"{group}.{code}")
    ]
    assert missing == []


def test_roles_read_as_they_do_at_the_desk() -> None:
    catalogue = Path(__file__).parents[2] / "conversation" / "questions.yml"
    for code, title in yaml.safe_load(catalogue.read_text(encoding="utf-8"))["roles"].items():
        assert WORDS(f"roles.{code}") == title
