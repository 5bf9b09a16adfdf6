"""Words hidden late on the whole system, with the real rules: what was heard survives, the words do not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from sealing import KeyStore, open_engine
from tests.support.api import DeskApi, officer_token
from tests.support.system import System

pytestmark = pytest.mark.slow

NAME = "big fella"  # everyday words: only a person can know that somebody goes by them
TOKEN = "[PERSON 1]"


@pytest.fixture(scope="module")
def api(system: System) -> DeskApi:
    return DeskApi(system.desk, officer_token(system.data))


def kept_by_the_bot(system: System, conversation: str) -> str:
    """Every event and every answer."""
    ring = KeyStore(open_engine(f"sqlite:///{system.data}/keys/keys.db")).ring(f"conversation/{conversation}/bot")
    assert ring.earlier == ()
    kept: list[Any] = []
    with open_engine(f"sqlite:///{system.data}/bot.db").begin() as db:
        for table, place in (("events", "n"), ("turns", "turn")):
            query = text(f"SELECT {place}, sealed FROM {table} WHERE conversation = :one")
            for row in db.execute(query, {"one": conversation}):
                kept.append(json.loads(ring.unseal(row.sealed, table, conversation, str(row[0]))))
    return json.dumps(kept)


def heard(shown: dict[str, Any]) -> dict[str, Any]:
    """What must survive, without its words."""
    state = shown["state"]
    return {
        "signs": [(sign["id"], sign["status"], sign["level"], len(sign["history"])) for sign in state["ledger"]],
        "cards": [(card["id"], card["interrupt"], card["done"], card["because"]) for card in state["danger"]],
        "question": state["question"],
        "asked": state["asked"],
        "level": state["officer_level"],
        "suggested": state["suggestion"] and state["suggestion"]["level"],
        "turn": state["answered_turn"],
    }


def answer_until(api: DeskApi, conversation: str, question: str) -> dict[str, Any]:
    """Go on as officers do until `question` is the open one."""
    answers = {"child": "yes", "more": "nothing_else", "more_again": "nothing_else", "officer_level": "C"}
    for _ in range(20):
        shown = api.call("GET", f"/api/conversations/{conversation}")
        asked = shown["state"]["question"]
        assert asked is not None
        if asked["id"] == question:
            return shown
        if asked["id"] in answers:
            api.choose(conversation, asked["id"], asked["n"], answers[asked["id"]])
        else:
            api.choose(conversation, "anytime", 0, {"do": "skip"})
    raise AssertionError(f"{question} was not asked")


def test_what_was_heard_survives_and_the_words_are_nowhere(system: System, api: DeskApi) -> None:
    conversation = api.open()
    api.say(conversation, f"the {NAME} is 3 months behind w rent and their lad wont go in to school")
    shown = api.say(conversation, f"{NAME} has a knife and says he will use it on her tonight")
    cards = [card["id"] for card in shown["state"]["danger"] if not card["done"]]
    assert cards
    for card in cards:
        value = {"do": "danger", "cards": [card], "done": "not_danger"}
        press = {"choice": {"question": "anytime", "n": 0, "value": value}, "reason": f"{NAME} was joking, says she"}
        api.call("POST", f"/api/conversations/{conversation}/turns", press)
    before = answer_until(api, conversation, "decision")
    assert {"RNT1", "EDU1"} <= {sign["id"] for sign in before["state"]["ledger"]}
    assert before["state"]["suggestion"]
    assert NAME in kept_by_the_bot(system, conversation)

    api.call("POST", f"/api/conversations/{conversation}/hidden", {"words": NAME, "kind": "person"})
    after = api.call("GET", f"/api/conversations/{conversation}")
    assert heard(after) == heard(before)
    assert NAME not in json.dumps(after)
    assert NAME not in kept_by_the_bot(system, conversation)
    assert f"the {TOKEN} is 3 months" in json.dumps(after["messages"])

    # The talk goes on to a referral.
    people = {TOKEN: {"role": "parent", "agreed": True}}
    done = api.finish(conversation, people, [])
    assert done["state"]["ended"]["how"] == "referred"
    assert done["state"]["referral"]["reference"]
    assert NAME not in kept_by_the_bot(system, conversation)


def test_what_is_shown_again_is_back_everywhere(system: System, api: DeskApi) -> None:
    conversation = api.open()
    api.say(conversation, "Orla Fennimore is 3 months behind with the rent")
    api.call("POST", f"/api/conversations/{conversation}/hidden/show", {"what": TOKEN})
    shown = api.say(conversation, "no gas either, Orla Fennimore says")
    said = [message["text"] for message in shown["messages"] if message["by"] == "officer"]
    assert said == ["Orla Fennimore is 3 months behind with the rent", "no gas either, Orla Fennimore says"]
    assert TOKEN not in kept_by_the_bot(system, conversation)
