"""Hiding and showing late, on a running Rasa: nothing kept holds the words any more, and the talk goes on."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

from sealing import KeyStore, SealBroken, new_id, open_engine, unseal
from tests.bot_plumbing.desk import TinySystem

pytestmark = pytest.mark.slow

NAME = "Rose Pargeter"
TEXT = f"{NAME} has a knife"


def hide(turn: str, text: str = TEXT, words: str = NAME, part: str = "text") -> dict[str, Any]:
    start = text.index(words)
    edit = {"turn": turn, "part": part, "start": start, "end": start + len(words), "token": "[PERSON 1]"}
    return {"turns": [turn], "edits": [edit]}


def kept(system: TinySystem, conversation: str) -> str:
    """Every event and every answer, opened with the key there is now."""
    key = KeyStore(open_engine(f"sqlite:///{system.data}/keys/keys.db")).get(f"conversation/{conversation}/bot")
    with sqlite3.connect(system.data / "bot.db") as db:
        rows = db.execute("SELECT turn, sealed FROM turns WHERE conversation = ?", [conversation]).fetchall()
    answers = [json.loads(unseal(key, sealed, "turns", conversation, turn)) for turn, sealed in rows]
    return json.dumps([system.events(conversation), answers])


def blobs(system: TinySystem, conversation: str) -> list[bytes]:
    with sqlite3.connect(system.data / "bot.db") as db:
        return [
            row[0]
            for table in ("events", "turns")
            for row in db.execute(f"SELECT sealed FROM {table} WHERE conversation = ?", [conversation])
        ]


def on_disk(system: TinySystem) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(system.data.glob("bot.db*")))


def test_words_hidden_late_are_nowhere_and_the_talk_goes_on(system: TinySystem, conversation: str) -> None:
    turn, rewrite = new_id("t"), new_id("t")
    system.turn(conversation, turn, text=TEXT)
    system.turn(conversation, text="rose pargeter owes the rent")  # a turn that the desk never heard of
    before = system.events(conversation)
    answer = system.rewrite(conversation, rewrite, **hide(turn))
    assert (answer.status, answer.body) == (200, {"rewrite": rewrite, "cleared": True})
    assert "pargeter" not in kept(system, conversation).lower()
    assert system.texts(conversation) == ["[PERSON 1] has a knife", "[PERSON 1] owes the rent"]
    after = system.events(conversation)
    assert [event["event"] for event in after] == [event["event"] for event in before]
    flags = [entity for event in after for entity in event.get("parse_data", {}).get("entities", [])]
    assert [flag["value"] for flag in flags] == ["RF6"]
    # The same message sent again is known as the one it was.
    again = system.turn(conversation, turn, text="[PERSON 1] has a knife")
    assert (again.status, again.body["turn"]) == (200, turn)
    assert len(system.effects(turn)) == 1
    said = system.turn(conversation, choice={"question": "child", "n": 2, "value": "yes"})
    assert said.body["state"]["answers"]["child"]["value"] == "yes"
    assert said.body["state"]["asked"] == ["child"] * 3


def test_old_bytes_are_gone_and_no_key_opens_them(system: TinySystem, conversation: str) -> None:
    turn = new_id("t")
    system.turn(conversation, turn, text=TEXT)
    old = blobs(system, conversation)
    assert all(blob in on_disk(system) for blob in old)
    assert system.rewrite(conversation, **hide(turn)).body["cleared"] is True
    left = on_disk(system)
    assert not any(blob in left for blob in old)
    keys = KeyStore(open_engine(f"sqlite:///{system.data}/keys/keys.db"))
    assert keys.rotating("conversation/") == []
    ring = keys.ring(f"conversation/{conversation}/bot")
    assert ring.earlier == ()
    for place in range(len(old)):
        with pytest.raises(SealBroken):
            ring.unseal(old[place], "events", conversation, str(place))


def test_the_same_rewrite_again_changes_nothing(system: TinySystem, conversation: str) -> None:
    turn, rewrite = new_id("t"), new_id("t")
    system.turn(conversation, turn, text=TEXT)
    first = system.rewrite(conversation, rewrite, **hide(turn))
    before = blobs(system, conversation)
    assert system.rewrite(conversation, rewrite, **hide(turn)) == first
    assert blobs(system, conversation) == before
    answer = system.rewrite(conversation, rewrite, **hide(turn, words="knife"))
    assert (answer.status, answer.body) == (409, {"error": "turn_reused"})


def test_words_shown_and_people_who_are_one(system: TinySystem, conversation: str) -> None:
    assert system.turn(conversation, text="the rent of [PERSON 1], [PERSON 2], [ORG 1]").status == 200
    renamed = [{"token": "[PERSON 2]", "into": "[PERSON 1]"}]
    shown = [{"token": "[ORG 1]", "text": "the council"}]
    assert system.rewrite(conversation, shown=shown, renamed=renamed).status == 200
    assert system.texts(conversation) == ["the rent of [PERSON 1], [PERSON 1], the council"]


def test_a_reason_is_rewritten_too(system: TinySystem, conversation: str) -> None:
    turn, reason = new_id("t"), f"{NAME} made it up"
    system.turn(conversation, text="he has a knife")
    value = {"do": "danger", "cards": ["RF6"], "done": "not_danger", "reason": reason}
    system.turn(conversation, turn, choice={"question": "anytime", "n": 0, "value": value})
    assert system.rewrite(conversation, **hide(turn, reason, part="reason")).status == 200
    assert NAME not in kept(system, conversation)
    assert "[PERSON 1] made it up" in kept(system, conversation)
    hidden = value | {"reason": "[PERSON 1] made it up"}
    again = system.turn(conversation, turn, choice={"question": "anytime", "n": 0, "value": hidden})
    assert again.status == 200
    assert len(system.effects(turn)) == 1


@pytest.mark.parametrize(
    "wanted",
    [
        {"edits": [{"turn": "t_1", "part": "text", "start": 0, "end": 1, "token": "[PERSON 1]"}]},
        {"edits": [{"turn": new_id("t"), "part": "text", "start": 0, "end": 1, "token": "Rose"}]},
        {"edits": [{"turn": new_id("t"), "part": "other", "start": 0, "end": 1, "token": "[PERSON 1]"}]},
        {"shown": [{"token": "Rose", "text": "x"}]},
        {"renamed": [{"token": "[PERSON 1]", "into": "Rose"}]},
        {"words": NAME},
    ],
)
def test_anything_else_is_no_rewrite(system: TinySystem, conversation: str, wanted: dict[str, Any]) -> None:
    answer = system.rewrite(conversation, **wanted)
    assert (answer.status, answer.body) == (400, {"error": "form"})


def test_an_edit_that_does_not_fit_changes_nothing(system: TinySystem, conversation: str) -> None:
    turn = new_id("t")
    system.turn(conversation, turn, text=TEXT)
    edit = {"turn": turn, "part": "text", "start": 0, "end": 999, "token": "[PERSON 1]"}
    answer = system.rewrite(conversation, turns=[turn], edits=[edit])
    assert (answer.status, answer.body) == (400, {"error": "form"})
    assert system.texts(conversation) == [TEXT]
    assert system.turn(conversation, text="the rent").status == 200


def test_what_looks_personal_is_not_shown(system: TinySystem, conversation: str) -> None:
    assert system.turn(conversation, text="the rent, call [PHONE 1]").status == 200
    answer = system.rewrite(conversation, shown=[{"token": "[PHONE 1]", "text": "07700 900461"}])
    assert (answer.status, answer.body) == (422, {"error": "looks_personal"})
    assert system.texts(conversation) == ["the rent, call [PHONE 1]"]


def test_with_the_database_locked_nothing_changes_and_it_may_come_again(system: TinySystem, conversation: str) -> None:
    turn, rewrite = new_id("t"), new_id("t")
    system.turn(conversation, turn, text=TEXT)
    with system.database_locked():
        answer = system.rewrite(conversation, rewrite, **hide(turn))
    assert (answer.status, answer.body) == (503, {"error": "not_kept"})
    assert system.texts(conversation) == [TEXT]
    assert system.rewrite(conversation, rewrite, **hide(turn)).status == 200
    assert NAME not in kept(system, conversation)


def test_a_reader_that_holds_the_log_is_told_of(system: TinySystem, conversation: str) -> None:
    turn, rewrite = new_id("t"), new_id("t")
    system.turn(conversation, turn, text=TEXT)
    reader = sqlite3.connect(system.data / "bot.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchall()
    answer = system.rewrite(conversation, rewrite, **hide(turn))
    assert (answer.status, answer.body["cleared"]) == (200, False)
    reader.execute("ROLLBACK")
    reader.close()
    assert system.rewrite(conversation, rewrite, **hide(turn)).body["cleared"] is True


def test_an_erased_talk_is_not_rewritten(system: TinySystem, conversation: str) -> None:
    system.turn(conversation, text=TEXT)
    KeyStore(open_engine(f"sqlite:///{system.data}/keys/keys.db")).destroy(f"conversation/{conversation}")
    answer = system.rewrite(conversation)
    assert (answer.status, answer.body) == (410, {"error": "erased"})


def test_a_talk_that_was_never_kept_has_nothing_to_rewrite(system: TinySystem, conversation: str) -> None:
    assert system.rewrite(conversation).body["cleared"] is True
    assert system.rows(conversation) == 0


def test_words_of_a_rewrite_are_in_no_log(system: TinySystem, conversation: str) -> None:
    turn = new_id("t")
    system.turn(conversation, turn, text=TEXT)
    system.rewrite(conversation, **hide(turn))
    assert "Pargeter" not in system.log("bot")
