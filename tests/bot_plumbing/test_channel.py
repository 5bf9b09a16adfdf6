"""The signed channel, on a running Rasa."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sealing import Secrets, new_id, sign_request
from tests.bot_plumbing.desk import TinySystem

pytestmark = pytest.mark.slow

PATH = "/webhooks/desk/turn"


def body(conversation: str, **said: Any) -> bytes:
    said = said or {"text": "the rent"}
    return json.dumps({"conversation": conversation, "turn": new_id("t"), "officer": "a_7", **said}).encode()


def test_a_talk_comes_back_with_messages_and_state(system: TinySystem, conversation: str) -> None:
    turn = new_id("t")
    assert system.turn(conversation, open=True).status == 200
    answer = system.turn(conversation, turn, text="the rent is late")
    assert answer.status == 200
    assert answer.body["turn"] == answer.body["state"]["answered_turn"] == turn
    assert answer.body["state"]["officer"] == "a_7"
    assert answer.body["state"]["question"] == {"id": "child", "n": 2, "about": ""}
    assert answer.body["messages"] == [
        {
            "response": "utter_heard",
            "text": "I heard that.",
            "choices": [{"title": "Yes", "value": "yes"}],
            "card": None,
            "question": None,
        }
    ]


def test_a_card_comes_back_as_a_card(system: TinySystem, conversation: str) -> None:
    answer = system.turn(conversation, text="he has a knife")
    assert [message["card"] for message in answer.body["messages"]] == [None, {"id": "RF6", "interrupt": "E"}]


def test_a_choice_is_kept_as_a_choice(system: TinySystem, conversation: str) -> None:
    system.turn(conversation, text="the rent")
    answer = system.turn(conversation, choice={"question": "child", "n": 1, "value": "yes"})
    assert answer.body["state"]["answers"]["child"]["value"] == "yes"
    (pressed,) = [event for event in system.events(conversation) if event.get("parse_data", {}).get("text") == ""]
    assert pressed["text"] is None
    assert pressed["parse_data"]["intent"]["name"] == "choose"


@pytest.mark.parametrize("fault", ["missing", "wrong secret", "other body", "other path", "stale"])
def test_an_unsigned_turn_is_refused(system: TinySystem, conversation: str, fault: str) -> None:
    content, secret = body(conversation), Secrets(system.data / "keys").desk_to_bot
    headers = {
        "missing": {},
        "wrong secret": sign_request(b"\0" * 32, "POST", PATH, content),
        "other body": sign_request(secret, "POST", PATH, body(conversation)),
        "other path": sign_request(secret, "POST", "/webhooks/desk/other", content),
        "stale": sign_request(secret, "POST", PATH, content, clock=lambda: 1_000_000.0),
    }[fault]
    answer = system.post(content, headers)
    assert (answer.status, answer.body) == (401, {"error": "signature"})


def test_a_copied_request_is_refused(system: TinySystem, conversation: str) -> None:
    content = body(conversation)
    headers = sign_request(Secrets(system.data / "keys").desk_to_bot, "POST", PATH, content)
    assert system.post(content, headers).status == 200
    assert system.post(content, headers).status == 401
    assert system.texts(conversation) == ["the rent"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"sender": "me", "message": "hi"}', b"\xff\xfe", body("c_1"), body("c_" + "0" * 33)]
)
def test_a_signed_body_of_another_form_is_refused(system: TinySystem, content: bytes) -> None:
    answer = system.post(content)
    assert (answer.status, answer.body) == (400, {"error": "form"})


def test_too_long_a_body_is_refused(system: TinySystem, conversation: str) -> None:
    assert system.post(body(conversation, text="x" * 1_100_000)).status == 413


@pytest.mark.parametrize(
    "text", ["/choose", '/choose{"choice": "yes"}', " /x", "／choose", "\u200b/choose", "\ufeff /open", "\n\t/restart"]
)
def test_a_command_is_refused_and_never_executed(system: TinySystem, conversation: str, text: str) -> None:
    system.turn(conversation, text="the rent")
    answer = system.turn(conversation, text=text)
    assert (answer.status, answer.body) == (422, {"error": "looks_like_command"})
    assert system.texts(conversation) == ["the rent"]


@pytest.mark.parametrize("text", ["call 07700 900123", "write to kelly@example.com", "NINO QQ 12 34 56 C"])
def test_personal_data_is_refused(system: TinySystem, conversation: str, text: str) -> None:
    answer = system.turn(conversation, text=text)
    assert (answer.status, answer.body) == (422, {"error": "looks_personal"})


def test_personal_data_in_a_reason_is_refused(system: TinySystem, conversation: str) -> None:
    value = {"do": "danger", "cards": ["RF6"], "done": "not_danger", "reason": "she rang 07700 900123"}
    answer = system.turn(conversation, choice={"question": "anytime", "n": 0, "value": value})
    assert (answer.status, answer.body) == (422, {"error": "looks_personal"})


@pytest.mark.parametrize(
    ("question", "n", "value"), [("child", 1, "yes"), ("child", 3, "yes"), ("more", 2, "nothing_else")]
)
def test_a_press_for_another_question_is_stale(
    system: TinySystem, conversation: str, question: str, n: int, value: str
) -> None:
    system.turn(conversation, text="the rent")
    system.turn(conversation, text="the gas")
    answer = system.turn(conversation, choice={"question": question, "n": n, "value": value})
    assert (answer.status, answer.body) == (409, {"error": "stale_question"})
    assert not any(
        event.get("parse_data", {}).get("intent", {}).get("name") == "choose" for event in system.events(conversation)
    )


def test_a_turn_sent_again_repeats_nothing(system: TinySystem, conversation: str) -> None:
    turn = new_id("t")
    first = system.turn(conversation, turn, text="the rent")
    system.turn(conversation, text="the gas")
    again = system.turn(conversation, turn, text="the rent")
    assert again == first
    assert system.texts(conversation) == ["the rent", "the gas"]
    assert len(system.effects(turn)) == 1


def test_a_turn_id_does_not_answer_for_other_words(system: TinySystem, conversation: str) -> None:
    turn = new_id("t")
    system.turn(conversation, turn, text="the rent")
    answer = system.turn(conversation, turn, text="the gas")
    assert (answer.status, answer.body) == (409, {"error": "turn_reused"})


def test_a_turn_sent_many_times_at_once_runs_once(system: TinySystem, conversation: str) -> None:
    turn, together = new_id("t"), threading.Barrier(6)

    def send(_: int) -> Any:
        together.wait()
        return system.turn(conversation, turn, text="the rent")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert [answer.status for answer in answers] == [200] * 6
    assert all(answer == answers[0] for answer in answers)
    assert system.texts(conversation) == ["the rent"]
    assert len(system.effects(turn)) == 1


def test_turns_at_once_in_one_talk_are_all_kept(system: TinySystem, conversation: str) -> None:
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda n: system.turn(conversation, text=f"the bill {n}"), "abcde"))
    assert [answer.status for answer in answers] == [200] * 5
    assert sorted(system.texts(conversation)) == [f"the bill {n}" for n in "abcde"]
    assert sorted(answer.body["state"]["question"]["n"] for answer in answers) == [1, 2, 3, 4, 5]


def test_talks_do_not_meet(system: TinySystem, conversation: str) -> None:
    other = new_id("c")
    system.turn(conversation, text="the rent")
    answer = system.turn(other, text="the gas")
    assert answer.body["state"]["asked"] == ["child"]
    assert system.texts(other) == ["the gas"]


def test_the_actions_see_the_present_turn_alone(system: TinySystem, conversation: str) -> None:
    turns = [new_id("t") for _ in range(4)]
    for turn in turns:
        system.turn(conversation, turn, text="the rent")
    shown = [system.effects(turn)[0] for turn in turns]
    assert len(set(shown)) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/status"),
        ("POST", "/webhooks/rest/webhook"),
        ("POST", "/conversations/c/messages"),
        ("GET", "/conversations/c/tracker"),
        ("PUT", "/model"),
        ("POST", "/model/parse"),
    ],
)
def test_rasas_own_doors_are_shut(system: TinySystem, method: str, path: str) -> None:
    assert system.send(system.bot_port, method, path, b"{}").status == 404


def test_it_can_be_asked_whether_it_is_ready(system: TinySystem) -> None:
    answer = system.send(system.bot_port, "GET", "/webhooks/desk/ready")
    assert (answer.status, answer.body) == (200, {"ready": True, "waiting_for": ""})
