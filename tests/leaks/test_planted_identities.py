"""P1: planted names, numbers and addresses are found nowhere behind the door, whatever is done and whatever breaks.

All five processes run one by one, at DEBUG, with every wire between them recorded.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tests.support.api import DeskApi, Refused, new_turn, officer_token
from tests.support.sinks import files, leaks
from tests.support.wiretap import TappedSystem

pytestmark = pytest.mark.slow

NOTE = (
    "Philippa Thornquist rang, 27 Mulberry Crescent BA2 9QZ, 07700 900512, p.thornquist@example.org, NI QQ 12 34 56 C. "
    "3 months behind with rent, her son Barnaby wont go in to school and the cupboards are bare til friday"
)
PLANTED = [
    "Philippa Thornquist",
    "Philippa",
    "Thornquist",
    "Mulberry Crescent",
    "BA2 9QZ",
    "07700 900512",
    "p.thornquist@example.org",
    "QQ 12 34 56 C",
    "Barnaby",
]


@pytest.fixture(scope="module", params=["plain", "json"])
def tapped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TappedSystem]:
    as_json = {"LOG_JSON": "true"} if request.param == "json" else {}
    with TappedSystem(tmp_path_factory.mktemp("tapped") / "system", LOG_LEVEL="DEBUG", **as_json) as running:
        yield running


@pytest.fixture(scope="module")
def api(tapped: TappedSystem) -> DeskApi:
    return DeskApi(tapped.desk, officer_token(tapped.data))


def assert_nothing_leaked(tapped: TappedSystem) -> None:
    sinks = files(tapped.folder) | tapped.wires
    for expected in ("log", "wire to bot", "wire to actions"):
        assert sinks[expected], f"{expected} recorded nothing: the test would prove nothing"
    assert any(place.endswith("bot.db") for place in sinks)
    assert leaks(PLANTED, sinks) == []


def test_a_referral_from_the_first_word_to_the_inbox(tapped: TappedSystem, api: DeskApi) -> None:
    conversation = api.open()
    shown = api.say(conversation, NOTE)
    assert "[PERSON 1]" in shown["messages"][1]["text"] or "[PERSON 1]" in shown["messages"][2]["text"]
    ended = api.finish(conversation, {"[PERSON 1]": {"role": "parent", "agreed": True}}, ["[PHONE 1]"])
    reference = ended["state"]["referral"]["reference"]
    assert reference
    deadline = time.monotonic() + 60
    while api.call("GET", f"/api/referrals/{reference}")["status"] == "created" and time.monotonic() < deadline:
        time.sleep(0.3)
    assert api.call("GET", f"/api/referrals/{reference}")["status"] == "delivered"
    assert tapped.wires["wire to inbox"]
    assert_nothing_leaked(tapped)


@pytest.mark.parametrize(
    "text",
    [
        "/give_agreement Philippa Thornquist",
        '  /inform{"name": "Philippa Thornquist"}',
        "Philippa Thornquist " * 2500,
        "Philippa Thornquist\x00\x01\x02\x03",
        "Philippa Thornquist اسم",
        "[PERSON 1] is Philippa Thornquist",
    ],
    ids=["command", "command-json", "long", "binary", "other-alphabet", "token-like"],
)
def test_bad_input(tapped: TappedSystem, api: DeskApi, text: str) -> None:
    conversation = api.open()
    with contextlib.suppress(Refused):
        shown = api.say(conversation, text)
        assert shown["state"]["agreement"] == {}
        assert shown["state"]["referral"] is None
    assert_nothing_leaked(tapped)


def test_malformed_requests(tapped: TappedSystem, api: DeskApi) -> None:
    conversation = api.open()
    for raw in (b'{"text": "Philippa Thornquist"', b'["Philippa Thornquist"]', b'{"txet": "Philippa Thornquist"}'):
        with pytest.raises(Refused):
            api.call("POST", f"/api/conversations/{conversation}/turns", raw=raw)
    with pytest.raises(Refused):
        api.call("GET", "/api/conversations/Philippa%20Thornquist")
    assert_nothing_leaked(tapped)


def test_the_bot_takes_nothing_that_the_desk_did_not_sign(tapped: TappedSystem, api: DeskApi) -> None:
    api.open()
    bot = f"http://127.0.0.1:{tapped.ports['bot']}"
    for path in ("/webhooks/desk/turn", "/webhooks/rest/webhook", "/model/parse", "/conversations/c_1/messages"):
        body = b'{"sender": "x", "message": "Philippa Thornquist", "text": "Philippa Thornquist"}'
        request = urllib.request.Request(bot + path, data=body, method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        assert refused.value.code in (401, 404, 405)
    assert_nothing_leaked(tapped)


def test_the_actions_are_down_and_a_retry_is_taken_once(tapped: TappedSystem, api: DeskApi) -> None:
    conversation, turn = api.open(), new_turn()
    tapped.kill("actions")
    with pytest.raises(Refused) as refused:
        api.say(conversation, NOTE, turn)
    assert refused.value.status == 503
    assert api.call("GET", f"/api/conversations/{conversation}")["state"]["ledger"] == []
    tapped.start("actions")
    tapped.wait_for("actions")
    shown = api.say(conversation, NOTE, turn)
    signs = [sign["id"] for sign in shown["state"]["ledger"]]
    assert "RNT1" in signs
    assert len(signs) == len(set(signs))
    assert sum(message["by"] == "officer" for message in shown["messages"]) == 1
    assert_nothing_leaked(tapped)


def test_the_bots_database_is_locked(tapped: TappedSystem, api: DeskApi) -> None:
    conversation, turn = api.open(), new_turn()
    locking = sqlite3.connect(tapped.data / "bot.db", isolation_level=None)
    locking.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(Refused) as refused:
            api.say(conversation, NOTE, turn)
        assert refused.value.status == 503
    finally:
        locking.execute("ROLLBACK")
        locking.close()
    assert "RNT1" in [sign["id"] for sign in api.say(conversation, NOTE, turn)["state"]["ledger"]]
    assert_nothing_leaked(tapped)


def test_the_bot_is_killed_in_the_middle_of_a_turn(tapped: TappedSystem, api: DeskApi) -> None:
    conversation, turn = api.open(), new_turn()
    outcome: list[object] = []

    def say() -> None:
        try:
            outcome.append(api.say(conversation, NOTE, turn))
        except Refused as refused:
            outcome.append(refused)

    speaking = threading.Thread(target=say)
    before = len(tapped.wires["wire to bot"])
    speaking.start()
    while speaking.is_alive() and len(tapped.wires["wire to bot"]) == before:
        time.sleep(0.001)
    tapped.kill("bot")
    speaking.join()
    assert len(outcome) == 1
    tapped.start("bot")
    tapped.wait_for("bot")
    shown = api.say(conversation, NOTE, turn)
    assert "RNT1" in [sign["id"] for sign in shown["state"]["ledger"]]
    assert sum(message["by"] == "officer" for message in shown["messages"]) == 1
    assert_nothing_leaked(tapped)
