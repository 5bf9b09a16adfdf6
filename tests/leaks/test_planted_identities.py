"""P1: planted names, numbers and addresses are found nowhere behind the door, whatever is done and whatever breaks.

All five processes run one by one, at DEBUG, with every wire between them recorded. The failures come last, the one that
ends everything at the very end.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.api import DeskApi, Refused, new_turn, officer_token
from tests.support.sinks import files, leaks
from tests.support.system import ROOT
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


@pytest.fixture(scope="module")
def tapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TappedSystem]:
    """Started once, as starting is most of the time: some logs plain, some JSON, the bot's first plain."""
    folder = tmp_path_factory.mktemp("tapped") / "system"
    with TappedSystem(folder, as_json=("desk", "actions"), LOG_LEVEL="DEBUG") as running:
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


NO_REQUESTS = [
    b"Philippa Thornquist\r\n\r\n",
    b"GET /Philippa%20Thornquist HTTP/9.9\r\n\r\n",
    b"GET /%ff%Philippa HTTP/1.1\r\nHost: Philippa Thornquist\r\n\r\n",
    b"POST /webhook HTTP/1.1\r\nContent-Length: Philippa\r\n\r\n",
    b"POST /webhooks/desk/turn HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nPhilippa Thornquist\r\n",
    b"POST /ready HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nPhilippa Thornquist",
    b"GET /ready HTTP/1.1\r\nPhilippa Thornquist\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nUpgrade: Philippa\r\nConnection: upgrade\r\nX: " + b"Thornquist" * 9000,
    b"\x16\x03\x01Philippa Thornquist\x00\xff",
]


@pytest.mark.parametrize("process", ["desk", "bot", "actions", "inbox"])
def test_what_is_no_request_at_all(tapped: TappedSystem, process: str) -> None:
    for sent in NO_REQUESTS:
        caller = socket.create_connection(("127.0.0.1", tapped.ports[process]), timeout=10)
        with caller, contextlib.suppress(OSError):
            caller.sendall(sent)
            caller.shutdown(socket.SHUT_WR)
            while caller.recv(65536):
                pass
    tapped.wait_for(process)
    assert_nothing_leaked(tapped)


def test_the_actions_take_nothing_from_anybody_else(tapped: TappedSystem) -> None:
    actions = f"http://127.0.0.1:{tapped.ports['actions']}"
    body = b'{"next_action": "Philippa Thornquist", "tracker": {"slots": {"wants": "Philippa Thornquist"}}}'
    for path in ("/webhook", "/actions", "/envelopes", "/Philippa%20Thornquist"):
        headers = {
            "Authorization": "Bearer Philippa",
            "X-Thinkfamily-Signature": "Philippa",
            "X-Request-ID": "Philippa",
        }
        request = urllib.request.Request(actions + path, data=body, headers=headers, method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        assert refused.value.code in (401, 404, 405)
        assert b"Philippa" not in refused.value.read()
    assert_nothing_leaked(tapped)


def test_forged_forms(tapped: TappedSystem, api: DeskApi) -> None:
    conversation = api.open()
    pages = f"{tapped.desk}/conversations/{conversation}"
    form = b"text=Philippa+Thornquist&turn=Philippa&form_token=Philippa"
    file = (
        b'--x\r\nContent-Disposition: form-data; name="text"; filename="Philippa Thornquist.txt"\r\n\r\n'
        b"Philippa Thornquist\r\n--x--\r\n"
    )
    for path, sent, headers in (
        ("/say", form, {}),
        ("/say", form, {"Origin": "https://philippa.example", "Referer": "https://x.example/?Philippa+Thornquist"}),
        ("/say", form, {"Cookie": "desk_session=Philippa; Philippa=Thornquist"}),
        ("/hidden/hide", form, {"Sec-Fetch-Site": "cross-site"}),
        ("/say?text=Philippa+Thornquist", form, {"User-Agent": "Philippa Thornquist"}),
        ("/say", file, {"Content-Type": "multipart/form-data; boundary=x", "Sec-Fetch-Site": "same-origin"}),
    ):
        request = urllib.request.Request(pages + path, data=sent, headers=headers, method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=30)
        assert 400 <= refused.value.code < 500
    turns = f"/api/conversations/{conversation}/turns"
    value = {"do": "danger", "cards": ["RF3"], "done": "not_danger", "reason": "Philippa Thornquist meant sweets"}
    for body in (
        {"choice": {"question": "anytime", "n": 0, "value": value}},
        {"choice": {"question": "Philippa", "n": 0, "value": "Philippa Thornquist"}},
        {"choice": {"question": "child", "n": 1, "value": {"Philippa": "Thornquist"}}},
        {"text": "behind with rent", "turn": "Philippa Thornquist"},
    ):
        with contextlib.suppress(Refused):
            api.call("POST", turns, body)
    assert_nothing_leaked(tapped)


def sealed_rows(tapped: TappedSystem, conversation: str) -> set[bytes]:
    """Everything sealed that the bot and the desk keep of a conversation, as it lies on the disk."""
    found: set[bytes] = set()
    for name in ("bot.db", "desk.db"):
        with contextlib.closing(sqlite3.connect(tapped.data / name)) as db:
            for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
                if "conversation" in columns and table != "desk_vault":
                    rows = db.execute(f"SELECT * FROM {table} WHERE conversation = ?", [conversation]).fetchall()
                    found |= {part for row in rows for part in row if isinstance(part, bytes) and len(part) > 64}
    return found


def test_words_hidden_late_leave_the_disk_and_never_cross_again(tapped: TappedSystem, api: DeskApi) -> None:
    words = "big fella"  # everyday words: only a person can know that somebody goes by them
    conversation = api.open()
    api.say(conversation, f"the {words} is 3 months behind w rent")
    assert leaks([words], {"wire": tapped.wires["wire to bot"]}), "it was hidden beforehand: this would prove nothing"
    before = sealed_rows(tapped, conversation)
    assert len(before) > 2
    crossed = {name: len(wire) for name, wire in tapped.wires.items()}
    assert api.call("POST", f"/api/conversations/{conversation}/hidden", {"words": words})["everywhere"]
    shown = api.say(conversation, f"{words} rang again")
    assert words not in str(shown)
    since = {name: wire[crossed[name] :] for name, wire in tapped.wires.items()}
    assert b"/webhooks/desk/rewrite" in since["wire to bot"]
    sinks = files(tapped.folder)
    assert leaks([words], sinks | since) == []
    left = b"".join(content for place, content in sinks.items() if ".db" in place)
    assert not any(row in left for row in before)


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
    tapped.as_json |= {"bot"}
    tapped.start("bot")
    tapped.wait_for("bot")
    shown = api.say(conversation, NOTE, turn)
    assert "RNT1" in [sign["id"] for sign in shown["state"]["ledger"]]
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


def test_a_crash_of_any_process_leaves_nothing_of_its_memory(tapped: TappedSystem, api: DeskApi) -> None:
    """The last test of the module: it ends every process."""
    before = set(ROOT.iterdir())
    api.say(api.open(), NOTE)
    for process in ("desk", "bot", "actions", "relay", "inbox"):
        limits = Path(f"/proc/{tapped.pid(process)}/limits")
        if limits.exists():
            (cores,) = [line.split()[4:6] for line in limits.read_text().splitlines() if "core file" in line]
            assert cores == ["0", "0"], process
        tapped.kill(process, signal.SIGSEGV if process == "bot" else signal.SIGABRT)
    assert not [path for path in set(ROOT.iterdir()) - before if path.name.startswith("core")]
    assert_nothing_leaked(tapped)
