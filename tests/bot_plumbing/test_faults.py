"""What the bot does when what it leans on fails: it says that nothing was kept, and keeps nothing."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

import pytest

from sealing import KeyStore, new_id, open_engine
from tests.bot_plumbing.desk import Answer, TinySystem

pytestmark = pytest.mark.slow

NOT_KEPT = {"error": "not_kept"}


def test_without_its_actions_nothing_is_kept_and_the_same_turn_may_come_again(
    system: TinySystem, conversation: str
) -> None:
    turn = new_id("t")
    system.turn(conversation, text="the rent")
    before = system.events(conversation)
    system.stop("actions")
    try:
        answers = [system.turn(conversation, turn, text="the gas") for _ in range(2)]
        ready = system.send(system.bot_port, "GET", "/webhooks/desk/ready")
    finally:
        system.start("actions")
    assert [(answer.status, answer.body) for answer in answers] == [(503, NOT_KEPT)] * 2
    assert (ready.status, ready.body["waiting_for"]) == (503, "actions")
    assert system.events(conversation) == before
    answer = system.turn(conversation, turn, text="the gas")
    assert answer.status == 200
    assert answer.body["state"]["asked"] == ["child", "child"]
    assert system.texts(conversation) == ["the rent", "the gas"]
    assert len(system.effects(turn)) == 1


def test_danger_is_heard_without_the_actions(system: TinySystem, conversation: str) -> None:
    system.stop("actions")
    try:
        answer = system.turn(conversation, text="he has a knife")
    finally:
        system.start("actions")
    assert (answer.status, answer.body) == (503, NOT_KEPT | {"cards": [{"id": "RF6", "interrupt": "E"}]})


def test_actions_that_hang_are_not_waited_for(system: TinySystem, conversation: str) -> None:
    process = system.running["actions"]
    os.kill(process.pid, signal.SIGSTOP)
    try:
        answer = system.turn(conversation, text="the rent")
    finally:
        os.kill(process.pid, signal.SIGCONT)
    assert (answer.status, answer.body) == (503, NOT_KEPT)
    assert system.turn(conversation, text="the rent").status == 200
    assert system.texts(conversation) == ["the rent"]


def test_an_action_that_breaks_keeps_nothing(system: TinySystem, conversation: str) -> None:
    answer = system.turn(conversation, text="the action breaks")
    assert (answer.status, answer.body) == (503, NOT_KEPT)
    assert system.turn(conversation, text="the rent").status == 200
    assert system.texts(conversation) == ["the rent"]


def test_an_nlu_that_breaks_keeps_nothing(system: TinySystem, conversation: str) -> None:
    answer = system.turn(conversation, text="an unparseable note")
    assert (answer.status, answer.body) == (503, NOT_KEPT)
    assert system.turn(conversation, text="the rent").status == 200


def test_a_tracker_that_cannot_be_read_loses_nothing(system: TinySystem, conversation: str) -> None:
    turn = new_id("t")
    system.turn(conversation, text="the rent")
    with system.database_locked():
        answer = system.turn(conversation, turn, text="he has a knife")
    assert (answer.status, answer.body) == (503, NOT_KEPT | {"cards": [{"id": "RF6", "interrupt": "E"}]})
    assert system.effects(turn) == []
    answer = system.turn(conversation, turn, text="he has a knife")
    assert answer.body["state"]["asked"] == ["child", "child"]
    assert system.texts(conversation) == ["the rent", "he has a knife"]


def while_the_action_waits(
    system: TinySystem, conversation: str, turn: str, meanwhile: Callable[[], Answer | None]
) -> Answer:
    """Send a turn, do something while its action is at work, then let it go on."""
    waiting, go = system.data / "waiting", system.data / "go"
    answers: list[Answer] = []
    sender = threading.Thread(
        target=lambda: answers.append(system.turn(conversation, turn, text="wait for it, a note"))
    )
    sender.start()
    try:
        while not waiting.exists():
            assert sender.is_alive(), answers
            sender.join(0.02)
        meanwhile()
        go.touch()
        sender.join()
    finally:
        go.touch()
        sender.join()
        waiting.unlink(missing_ok=True)
        go.unlink()
    return answers[0]


def test_a_tracker_that_cannot_be_written_keeps_no_half_turn(system: TinySystem, conversation: str) -> None:
    turn = new_id("t")
    system.turn(conversation, text="the rent")
    before = system.events(conversation)
    lock = system.database_locked()
    try:
        answer = while_the_action_waits(system, conversation, turn, lock.__enter__)
    finally:
        lock.__exit__(None, None, None)
    assert (answer.status, answer.body) == (503, NOT_KEPT)
    assert len(system.effects(turn)) == 1
    assert system.events(conversation) == before
    (system.data / "go").touch()
    answer = system.turn(conversation, turn, text="wait for it, a note")
    for left in ("go", "waiting"):
        (system.data / left).unlink()
    assert answer.status == 200
    assert answer.body["state"]["asked"] == ["child", "child"]
    assert system.texts(conversation) == ["the rent", "wait for it, a note"]


def test_an_erased_talk_stays_erased(system: TinySystem, conversation: str) -> None:
    turn = new_id("t")
    system.turn(conversation, turn, text="the rent")
    KeyStore(open_engine(f"sqlite:///{system.data}/keys/keys.db")).destroy(f"conversation/{conversation}")
    for again in (turn, new_id("t")):
        answer = system.turn(conversation, again, text="the rent")
        assert (answer.status, answer.body) == (410, {"error": "erased"})
