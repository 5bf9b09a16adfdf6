"""What a person gets from the command line when something is wrong: one clear line, and exit status 2."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sealing import open_engine
from web import AccessTokens


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **{f"THINKFAMILY_{name}": value for name, value in changes.items()}}
    command = [sys.executable, "-m", "thinkfamily", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def assert_one_clear_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2, done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    for word in words:
        assert word in lines[0]


@pytest.mark.parametrize("command", ["up", "desk", "bot", "actions", "relay", "inbox", "redact"])
def test_a_wrong_setting(command: str) -> None:
    assert_one_clear_line(run(command, DESK_PORT="high"), "THINKFAMILY_DESK_PORT")


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("up", DATA_DIR=str(tmp_path), DESK_PORT=port, INBOX_PORT=str(free_port()))
    assert_one_clear_line(done, port, "THINKFAMILY_DESK_PORT")


def test_a_missing_conversation_model(tmp_path: Path) -> None:
    ports = {f"{name}_PORT": str(free_port()) for name in ("DESK", "INBOX", "BOT", "ACTIONS")}
    done = run("up", DATA_DIR=str(tmp_path), MODEL_DIR=str(tmp_path / "none"), **ports)
    assert_one_clear_line(done, "script/setup")


@pytest.mark.parametrize("command", ["bot", "redact", "triage"])
def test_a_missing_model_for_one_process(tmp_path: Path, command: str) -> None:
    done = run(command, DATA_DIR=str(tmp_path), MODEL_DIR=str(tmp_path / "none"), BOT_PORT=str(free_port()))
    assert_one_clear_line(done, "script/setup")


def test_alarms_are_listed_for_monitoring(tmp_path: Path) -> None:
    done = run("alarms", DATA_DIR=str(tmp_path))
    assert done.returncode == 1, done.stderr
    assert done.stdout.strip().endswith("relay_silent relay"), "no relay has ever run here"


def test_an_access_token_signs_in_once_made(tmp_path: Path) -> None:
    done = run("token", "create", "--role", "officer", DATA_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    made = done.stdout.strip()
    holder = AccessTokens(open_engine(f"sqlite:///{tmp_path / 'desk.db'}")).find(made)
    assert holder is not None
    assert holder.role == "officer"
    assert made.encode() not in (tmp_path / "desk.db").read_bytes()
