"""A restart of the bot loses nothing and repeats nothing."""

from __future__ import annotations

import pytest

from sealing import KeyStore, new_id, open_engine
from tests.bot_plumbing.desk import TinySystem

pytestmark = pytest.mark.slow


def test_a_talk_goes_on_after_a_restart(system: TinySystem, conversation: str) -> None:
    erased, turn = new_id("c"), new_id("t")
    first = system.turn(conversation, turn, text="the rent")
    system.turn(erased, text="the gas")
    KeyStore(open_engine(f"sqlite:///{system.data}/keys/keys.db")).destroy(f"conversation/{erased}")
    system.stop("bot")
    system.start("bot")
    assert system.turn(conversation, turn, text="the rent") == first
    answer = system.turn(conversation, choice={"question": "child", "n": 1, "value": "no"})
    assert answer.body["state"]["asked"] == ["child", "child"]
    assert system.texts(conversation) == ["the rent"]
    assert len(system.effects(turn)) == 1
    assert system.rows(conversation) > 0
    assert system.rows(erased) == 0
