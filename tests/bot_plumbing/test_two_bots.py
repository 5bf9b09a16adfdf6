"""Two bot processes on one database, with their locks in Redis: no turn is lost, none is kept twice."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from sealing import new_id
from tests.bot_plumbing.desk import TinySystem
from tests.support.system import free_ports

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed"),
]


@pytest.fixture(scope="module")
def bots(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TinySystem, TinySystem]]:
    folder = tmp_path_factory.mktemp("two")
    first_port, second_port, actions_port, redis_port = free_ports(4)
    redis = subprocess.Popen(
        ["redis-server", "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    first = TinySystem(folder, first_port, actions_port)
    first.settings = {"MODEL_DIR": str(models), "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0"}
    second = replace(first, bot_port=second_port, running={})
    try:
        first.start("actions")
        first.start("bot")
        second.start("bot")
        yield first, second
    finally:
        first.stop_all()
        second.stop_all()
        redis.terminate()
        redis.wait()


def test_a_talk_may_go_on_with_the_other_bot(bots: tuple[TinySystem, TinySystem], conversation: str) -> None:
    turn = new_id("t")
    first = bots[0].turn(conversation, turn, text="the rent")
    assert bots[1].turn(conversation, turn, text="the rent") == first
    answer = bots[1].turn(conversation, choice={"question": "child", "n": 1, "value": "yes"})
    assert answer.body["state"]["asked"] == ["child", "child"]


def test_turns_at_once_are_kept_or_refused_and_never_half(
    bots: tuple[TinySystem, TinySystem], conversation: str
) -> None:
    said = [f"the bill {n}" for n in "abcdefgh"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: bots[n % 2].turn(conversation, text=said[n]), range(8)))
    assert {answer.status for answer in answers} <= {200, 503}
    taken = [text for text, answer in zip(said, answers, strict=True) if answer.status == 200]
    assert taken
    assert sorted(bots[0].texts(conversation)) == sorted(taken)
    last = bots[0].turn(conversation, text="the school")
    assert len(last.body["state"]["asked"]) == len(taken) + 1
