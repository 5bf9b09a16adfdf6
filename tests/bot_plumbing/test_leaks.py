"""Planted words are found nowhere behind the channel: no log, no database byte, no temporary file.

The system fixture logs at DEBUG, as JSON: the settings under which Rasa writes most.
"""

from __future__ import annotations

import base64
import json
import re

import pytest

from sealing import Secrets, new_id, sign_request
from tests.bot_plumbing.desk import TinySystem

pytestmark = pytest.mark.slow

NAME = "Zebedeth Quillingworth"
NUMBER = "07700 900461"
PATH = "/webhooks/desk/turn"


def spellings(word: str) -> list[bytes]:
    """The word as it might stand in a file: as it is, in other letters, escaped, in base64 at any offset."""
    plain = [
        word,
        word.lower(),
        word.upper(),
        word.replace(" ", "%20"),
        word.replace(" ", "+"),
        word.rsplit(maxsplit=1)[-1],
    ]
    found = [spelling.encode() for spelling in plain]
    found += [spelling.encode("utf-16-le") for spelling in plain]
    for offset in range(3):
        middle = base64.b64encode(b"\0" * offset + word.encode())
        found.append(middle[4:-4])
    return found


def files_with(system: TinySystem, word: str) -> list[str]:
    contents = {str(path): path.read_bytes() for path in system.folder.rglob("*") if path.is_file()}
    assert len(contents) > 5
    return [path for path, content in contents.items() if any(spelling in content for spelling in spellings(word))]


def test_the_search_finds_what_is_there(system: TinySystem) -> None:
    for spelling in spellings(NAME):
        planted = system.folder / "planted"
        planted.write_bytes(b"..." + spelling + b"...")
        assert files_with(system, NAME) == [str(planted)]
        planted.unlink()
    planted.write_text(json.dumps({"text": base64.b64encode(f"it is {NAME}, again".encode()).decode()}))
    assert files_with(system, NAME) == [str(planted)]
    planted.unlink()


def test_words_of_refused_turns_are_written_nowhere(system: TinySystem, conversation: str) -> None:
    ids = {"conversation": conversation, "turn": new_id("t"), "officer": "a_7"}
    value = {"do": "danger", "cards": ["RF6"], "done": "not_danger", "reason": f"{NAME} rang {NUMBER}"}
    refused = [
        system.turn(conversation, text=f"{NAME} {NUMBER}"),
        system.turn(conversation, text=f'/choose{{"choice": "{NAME}"}}'),
        system.turn(conversation, text=f"／{NAME}"),
        system.turn(conversation, text=NAME, sender=NAME),
        system.turn(NAME, text="the rent"),
        system.turn(conversation, officer=NAME, text="the rent"),
        system.turn(conversation, choice={"question": NAME, "n": 1, "value": NAME}),
        system.turn(conversation, choice={"question": "child", "n": 1, "value": NAME}),
        system.turn(conversation, choice={"question": "anytime", "n": 0, "value": value}),
        system.post(json.dumps(ids | {"text": NAME}).encode(), {}),
        system.post(json.dumps(ids | {"text": NAME}).encode(), {"X-Thinkfamily-Signature": NAME}),
        system.post(f"{NAME} {{".encode()),
        system.post(json.dumps(ids | {"text": NAME * 60_000}).encode()),
        system.send(system.bot_port, "POST", f"/webhooks/desk/{NAME.replace(' ', '%20')}", NAME.encode()),
    ]
    assert {answer.status for answer in refused} == {400, 401, 404, 413, 422}
    assert not any(NAME in json.dumps(answer.body) for answer in refused)
    assert files_with(system, NAME) == []
    assert files_with(system, NUMBER) == []


def test_words_of_turns_that_fail_are_written_nowhere(system: TinySystem, conversation: str) -> None:
    failing = [
        system.turn(conversation, text=f"the action breaks at {NAME}"),
        system.turn(conversation, text=f"{NAME} is unparseable"),
    ]
    system.stop("actions")
    try:
        failing.append(system.turn(conversation, text=f"{NAME} owes the rent"))
        with system.database_locked():
            failing.append(system.turn(conversation, text=f"{NAME} has a knife"))
    finally:
        system.start("actions")
    assert [answer.status for answer in failing] == [503] * 4
    assert files_with(system, NAME) == []
    assert NAME not in json.dumps([answer.body for answer in failing])
    # The failures did leave their trace, in ids and places.
    for name, trace in (("bot", f"of {conversation} was not kept"), ("actions", f"failed in {conversation}")):
        assert trace in system.log(name)


def test_words_of_kept_turns_lie_sealed(system: TinySystem, conversation: str) -> None:
    turn = new_id("t")
    for _ in range(2):
        assert system.turn(conversation, turn, text=f"{NAME} owes the rent").status == 200
    assert system.texts(conversation) == [f"{NAME} owes the rent"]
    assert files_with(system, NAME) == []


def test_an_action_call_that_is_no_call_is_not_answered_with_itself(system: TinySystem) -> None:
    secret = {"Authorization": f"Bearer {Secrets(system.data / 'keys').bot_to_actions.hex()}"}
    signed = sign_request(Secrets(system.data / "keys").desk_to_actions, "POST", "/envelopes", NAME.encode())
    answers = [
        system.send(system.actions_port, "POST", "/webhook", NAME.encode(), secret),
        system.send(system.actions_port, "POST", "/webhook", json.dumps({"next_action": NAME}).encode(), secret),
        system.send(
            system.actions_port,
            "POST",
            "/webhook",
            json.dumps({"tracker": NAME, "next_action": "action_take_turn"}).encode(),
            secret,
        ),
        system.send(system.actions_port, "POST", "/envelopes", NAME.encode(), signed),
        system.send(system.actions_port, "POST", "/webhook", NAME.encode(), {"Authorization": NAME}),
    ]
    assert [answer.status for answer in answers] == [500, 404, 500, 400, 401]
    assert NAME not in json.dumps([answer.body for answer in answers])
    assert files_with(system, NAME) == []


def test_every_line_is_json_and_was_written_by_us(system: TinySystem, conversation: str) -> None:
    system.turn(conversation, text="the rent")
    for name in ("bot", "actions"):
        for line in system.log(name).splitlines():
            entry = json.loads(line)
            if entry["message"].startswith("(library) "):
                assert re.fullmatch(r"\(library\) ([\w<>.]+|[\w<>]+, line \d+)", entry["message"])
