"""P2 in a process of its own: when hiding fails nothing leaves, nothing is written, the words stay, danger is shown."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Self

import pytest

from sealing import Secrets, open_engine
from tests.leaks.breaking_desk import Breaks
from tests.support.sinks import files, leaks
from tests.support.system import ROOT, free_ports
from tests.support.wiretap import WITH_CORES
from web import AccountStore

pytestmark = pytest.mark.slow

DANGER = "Philippa Thornquist says hes got the tablets lined up in front of him and tonight is the night"
PLANTED = ["Philippa", "Thornquist", "tablets lined up"]
PASSWORD = "three plain words"


class Ear:
    """Listens where bot and actions would, and keeps whatever arrives."""

    def __init__(self, port: int) -> None:
        self.heard = bytearray()
        self._listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            with caller:
                self.heard += caller.recv(65536)

    def close(self) -> None:
        self._listener.close()


class BreakingDesk:
    """The desk of `tests.leaks.breaking_desk`, and a signed-in officer's browser with scripts off."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        port, bot, actions = free_ports(3)
        self.address = f"http://127.0.0.1:{port}"
        self.ears = {"wire to bot": Ear(bot), "wire to actions": Ear(actions)}
        (folder / "tmp").mkdir()
        (folder / "cwd").mkdir()
        ports = {"DESK": port, "BOT": bot, "ACTIONS": actions}
        self._environment = {
            **os.environ,
            "THINKFAMILY_DATA_DIR": str(folder / "var"),
            "THINKFAMILY_LOG_LEVEL": "DEBUG",
            **{f"THINKFAMILY_{name}_PORT": str(number) for name, number in ports.items()},
            "TMPDIR": str(folder / "tmp"),
            "PYTHONPATH": str(ROOT),
            "PYTHONFAULTHANDLER": "1",
        }
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def __enter__(self) -> Self:
        Secrets(self.folder / "var" / "keys").make_all()
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [*WITH_CORES, sys.executable, "-m", "tests.leaks.breaking_desk"],
                cwd=self.folder / "cwd",
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 120
        while self.get("/health")[0] != 200:
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.1)
        accounts = AccountStore(open_engine(f"sqlite:///{self.folder / 'var' / 'desk.db'}"))
        accounts.create("officer", "Olga Officer", "officer", "Welfare support", PASSWORD)
        assert self.post("/sign-in", username="officer", password=PASSWORD)[0] == 200
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for ear in self.ears.values():
            ear.close()

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    @property
    def sinks(self) -> dict[str, bytes]:
        return files(self.folder) | {name: bytes(ear.heard) for name, ear in self.ears.items()}

    def get(self, path: str) -> tuple[int, str]:
        return self._send(urllib.request.Request(self.address + path))

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        body = urllib.parse.urlencode(fields).encode()
        headers = {"Sec-Fetch-Site": "same-origin"}
        return self._send(urllib.request.Request(self.address + path, data=body, headers=headers))

    def open(self) -> str:
        """The address of a new conversation."""
        body, headers = b"", {"Sec-Fetch-Site": "same-origin"}
        request = urllib.request.Request(f"{self.address}/conversations", data=body, headers=headers)
        with self._browser.open(request, timeout=60) as answer:
            return urllib.parse.urlsplit(answer.url).path

    def _send(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self._browser.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""


def box(page: str) -> str:
    found = re.search(r'<textarea[^>]* id="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return unescape(found[1]) if found else ""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[BreakingDesk]:
    with BreakingDesk(tmp_path) as running:
        yield running


def test_whatever_breaks_nothing_is_written_or_sent_and_danger_is_shown(desk: BreakingDesk) -> None:
    conversation = desk.open()
    for _ in range(Breaks.ways):
        status, page = desk.post(f"{conversation}/say", text=DANGER)
        assert status == 503, desk.log[-3000:]
        assert "Not sent" in page
        assert box(page) == DANGER
        assert "desk-card--E" in page
    for _ in range(Breaks.ways):  # only a preview: it says less, and keeps as little
        assert "Thornquist" not in desk.post(f"{conversation}/preview", text=DANGER)[1]
    assert desk.post(f"{conversation}/hidden/hide", words="Philippa Thornquist")[0] in (200, 303, 409, 422, 503)
    assert desk.post(f"{conversation}/nothing", text=DANGER)[0] == 404
    assert "hiding failed in c_" in desk.log
    sinks = desk.sinks
    assert b"/webhooks/desk/ready" in sinks["wire to bot"]
    assert leaks(PLANTED, sinks) == []
    # It ends in the middle of a redaction, with the words in its memory.
    desk.post(f"{conversation}/say", text=f"{DANGER}, the end of it")
    assert desk.process.wait(60) == -signal.SIGABRT
    assert list((desk.folder / "cwd").iterdir()) == []
    assert "Current thread" in desk.log
    assert leaks(PLANTED, desk.sinks) == []
