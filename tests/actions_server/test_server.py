"""The action server: who may call it, and what it says when something fails."""

from __future__ import annotations

import base64
import json
import sqlite3
from typing import Any

import pytest

from sealing import Secrets, new_id, seal_for, sign_request
from tests.bot_plumbing.desk import Answer, TinySystem

CALL = {
    "next_action": "action_take_turn",
    "sender_id": "c_1",
    "version": "3.6.21",
    "tracker": {
        "sender_id": "c_1",
        "slots": {},
        "latest_message": {"text": "the rent", "entities": [], "metadata": {"turn": "t_1", "officer": "a_7"}},
        "events": [],
    },
}


def secrets(system: TinySystem) -> Secrets:
    return Secrets(system.data / "keys")


def call(system: TinySystem, content: bytes, path: str = "/webhook", secret: str | None = None) -> Answer:
    token = secrets(system).bot_to_actions.hex() if secret is None else secret
    return system.send(system.actions_port, "POST", path, content, {"Authorization": f"Bearer {token}"})


def saying(text: str) -> bytes:
    message = CALL["tracker"]["latest_message"] | {"text": text}
    return json.dumps(CALL | {"tracker": CALL["tracker"] | {"latest_message": message}}).encode()


def envelope(**changes: Any) -> dict[str, Any]:
    return {
        "envelope": new_id("e"),
        "conversation": new_id("c"),
        "instance": 1,
        "officer": "a_7",
        "sealed": base64.b64encode(b"sealed for the receiving team").decode(),
    } | changes


def bring(system: TinySystem, body: dict[str, Any] | bytes, secret: bytes | None = None) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = sign_request(secret or secrets(system).desk_to_actions, "POST", "/envelopes", content)
    return system.send(system.actions_port, "POST", "/envelopes", content, headers)


def test_the_bot_may_call(system: TinySystem) -> None:
    answer = call(system, saying("the rent"))
    assert answer.status == 200
    assert {"event": "slot", "timestamp": None, "name": "answered_turn", "value": "t_1"} in answer.body["events"]
    assert [response["response"] for response in answer.body["responses"]] == ["utter_heard"]


@pytest.mark.parametrize("path", ["/webhook", "/webhook/", "/actions", "/actions/"])
@pytest.mark.parametrize("token", [None, "", "Bearer", "Bearer 00", "Basic {secret}", "{secret}", "Bearer {secret}0"])
def test_nobody_else_may(system: TinySystem, path: str, token: str | None) -> None:
    secret = secrets(system).bot_to_actions.hex()
    headers = {} if token is None else {"Authorization": token.format(secret=secret)}
    method = "GET" if path.startswith("/actions") else "POST"
    assert system.send(system.actions_port, method, path, saying("the rent"), headers).status == 401


def test_only_actions_that_cannot_raise_are_registered(system: TinySystem) -> None:
    token = secrets(system).bot_to_actions.hex()
    answer = system.send(system.actions_port, "GET", "/actions", b"", {"Authorization": f"Bearer {token}"})
    assert answer.body == [{"name": "action_take_turn"}]


def test_an_action_that_breaks_says_and_sets_nothing(system: TinySystem) -> None:
    answer = call(system, saying("the action breaks"))
    assert (answer.status, answer.body) == (200, {"events": [], "responses": []})


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 500),
        (b"{", 500),
        (b"[1]", 500),
        (b"\xff", 500),
        (json.dumps(CALL | {"next_action": "action_of_another_version"}).encode(), 404),
        (json.dumps({"next_action": "action_take_turn"}).encode(), 500),
    ],
)
def test_a_broken_call_gets_a_bare_answer(system: TinySystem, content: bytes, status: int) -> None:
    answer = call(system, content)
    assert answer.status == status
    assert set(answer.body) <= {"error"}
    assert len(json.dumps(answer.body)) < 60


def test_too_much_is_refused_before_it_is_read(system: TinySystem) -> None:
    headers = {
        "Authorization": f"Bearer {secrets(system).bot_to_actions.hex()}",
        "Content-Length": str(9 * 1024 * 1024),
    }
    assert system.send(system.actions_port, "POST", "/webhook", b"", headers).status == 413


def test_no_page_of_another_site_may_call(system: TinySystem) -> None:
    assert system.send(system.actions_port, "OPTIONS", "/webhook", b"", {"Origin": "https://example.com"}).status == 405


def test_it_can_be_asked_whether_it_is_ready(system: TinySystem) -> None:
    answer = system.send(system.actions_port, "GET", "/ready")
    assert (answer.status, answer.body) == (200, {"ready": True, "waiting_for": ""})


def test_it_is_not_ready_without_its_database(system: TinySystem) -> None:
    lock = sqlite3.connect(system.data / "casework.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    try:
        assert system.send(system.actions_port, "GET", "/ready").status == 503
        answer = bring(system, envelope())
        assert (answer.status, answer.body) == (503, {"error": "not_kept"})
    finally:
        lock.execute("ROLLBACK")
        lock.close()


def test_an_envelope_is_kept_once(system: TinySystem) -> None:
    body = envelope()
    assert [bring(system, body).status for _ in range(3)] == [201, 200, 200]
    assert bring(system, body | {"sealed": base64.b64encode(b"other").decode()}).status == 422
    assert bring(system, body | {"conversation": new_id("c")}).status == 422
    with sqlite3.connect(system.data / "casework.db") as db:
        rows = db.execute("SELECT sealed FROM envelopes WHERE envelope = ?", [body["envelope"]]).fetchall()
    assert rows == [(b"sealed for the receiving team",)]


def test_a_sealed_envelope_stays_sealed(system: TinySystem) -> None:
    body = envelope()
    sealed = seal_for(secrets(system).inbox_public, b"Kelly Marsh", "people", body["envelope"])
    assert bring(system, body | {"sealed": base64.b64encode(sealed).decode()}).status == 201
    assert not any(b"Kelly" in path.read_bytes() for path in system.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "change",
    [{"sealed": "***"}, {"sealed": ""}, {"officer": "Kelly Marsh"}, {"envelope": ""}, {"instance": None}, {"x": 1}],
)
def test_an_envelope_of_another_form_is_refused(system: TinySystem, change: dict[str, Any]) -> None:
    answer = bring(system, envelope(**change))
    assert (answer.status, answer.body) == (400, {"error": "form"})


def test_an_envelope_must_be_signed_by_the_desk_and_new(system: TinySystem) -> None:
    content = json.dumps(envelope()).encode()
    assert bring(system, content, secret=secrets(system).desk_to_bot).status == 401
    assert system.send(system.actions_port, "POST", "/envelopes", content).status == 401
    headers = sign_request(secrets(system).desk_to_actions, "POST", "/envelopes", content)
    assert system.send(system.actions_port, "POST", "/envelopes", content + b" ", headers).status == 401
    assert system.send(system.actions_port, "POST", "/envelopes", content, headers).status == 201
    assert system.send(system.actions_port, "POST", "/envelopes", content, headers).status == 401
