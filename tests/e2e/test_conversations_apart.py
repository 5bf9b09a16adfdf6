"""P8: what is said in one conversation is known in no other, and no officer reads another's."""

from __future__ import annotations

import pytest

from tests.support.api import DeskApi, Refused, officer_token
from tests.support.system import System

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def api(system: System) -> DeskApi:
    return DeskApi(system.desk, officer_token(system.data))


def test_two_conversations_at_once_stay_apart(api: DeskApi) -> None:
    first, second = api.open(), api.open()
    api.say(first, "Orla Fennimore is 3 months behind with the rent and her lad wont go in to school")
    shown = api.say(second, "Hamza Sheikh rang to change his address, all is fine")
    assert shown["state"]["ledger"] == [] or "RNT1" not in [sign["id"] for sign in shown["state"]["ledger"]]
    assert shown["state"]["facts"]["child_or_pregnancy"] is False
    # The first person of each conversation is its own [PERSON 1].
    assert "[PERSON 1]" in next(message["text"] for message in shown["messages"] if message["by"] == "officer")
    assert "[PERSON 2]" not in str(shown)
    again = api.call("GET", f"/api/conversations/{first}")
    assert {"RNT1", "EDU1"} <= {sign["id"] for sign in again["state"]["ledger"]}


def test_a_name_known_in_one_conversation_is_a_stranger_in_the_next(api: DeskApi) -> None:
    first, second = api.open(), api.open()
    api.say(first, "Orla Fennimore rang, her son Tarquin is with her")
    api.say(second, "Tarquin rang about his rent")
    shown = api.call("GET", f"/api/conversations/{second}")
    said = next(message["text"] for message in shown["messages"] if message["by"] == "officer")
    assert said.startswith("[PERSON 1] rang")


def test_no_officer_reads_or_adds_to_anothers(system: System, api: DeskApi) -> None:
    conversation = api.open()
    other = DeskApi(system.desk, officer_token(system.data))
    for call in (
        lambda: other.call("GET", f"/api/conversations/{conversation}"),
        lambda: other.say(conversation, "3 months behind with the rent"),
        lambda: other.choose(conversation, "anytime", 0, {"do": "skip"}),
        lambda: other.call("DELETE", f"/api/conversations/{conversation}"),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.status == 404
    assert conversation not in str(other.call("GET", "/api/conversations"))
