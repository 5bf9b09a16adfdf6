"""Starting the bot: one clear line and status 2 for what a person can put right, and no Rasa loaded for it."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot_plumbing.desk import ROOT, TinySystem
from tests.support.system import free_ports


@pytest.fixture
def stopped(tmp_path: Path) -> TinySystem:
    bot_port, actions_port = free_ports(2)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "bot.tar.gz").write_bytes(b"not a model")
    return TinySystem(tmp_path, bot_port, actions_port)


def start(system: TinySystem, name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "thinkfamily", name],
        cwd=ROOT,
        env=system.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_model_it_says_what_to_run(stopped: TinySystem) -> None:
    (stopped.folder / "models" / "bot.tar.gz").unlink()
    done = start(stopped, "bot")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "run script/setup" in done.stderr


@pytest.mark.parametrize("name", ["bot", "actions"])
def test_a_port_in_use_is_named_with_its_setting(stopped: TinySystem, name: str) -> None:
    port = stopped.bot_port if name == "bot" else stopped.actions_port
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        done = start(stopped, name)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"port {port}" in done.stderr
    assert f"THINKFAMILY_{name.upper()}_PORT" in done.stderr


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("actions", "CASEWORK_DATABASE_URL"),
        ("actions", "KEYS_DATABASE_URL"),
        ("bot", "BOT_DATABASE_URL"),
        ("bot", "KEYS_DATABASE_URL"),
    ],
)
@pytest.mark.parametrize("url", ["nonsense", "sqlite:///", "oracle9://x", "sqlite:////proc/nowhere/x.db"])
def test_a_wrong_database_address_is_named(stopped: TinySystem, name: str, setting: str, url: str) -> None:
    stopped.settings[setting] = url
    done = start(stopped, name)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"THINKFAMILY_{setting}" in done.stderr


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "nonsense"])
def test_a_wrong_address_of_redis_is_named(stopped: TinySystem, url: str) -> None:
    stopped.settings["REDIS_URL"] = url
    done = start(stopped, "bot")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "THINKFAMILY_REDIS_URL" in done.stderr


@pytest.mark.slow
def test_a_file_that_is_no_model_is_named(stopped: TinySystem) -> None:
    done = start(stopped, "bot")
    assert done.returncode == 2
    assert "bot.tar.gz does not load: run script/setup" in done.stderr.splitlines()[-1]


@pytest.mark.slow
def test_only_loopback_is_listened_on(system: TinySystem) -> None:
    listening = {
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    }
    for port in (system.bot_port, system.actions_port):
        assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]
