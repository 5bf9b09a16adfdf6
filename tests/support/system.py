"""The whole system, started as a user starts it, on free ports and in a folder of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

READY_WITHIN_SECONDS = 300
STOPS_WITHIN_SECONDS = 30
ROOT = Path(__file__).parents[2]


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on now, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@dataclass
class System:
    """Run with ``with System(folder).start() as system``; ``settings`` are THINKFAMILY_* without the prefix."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def start(self) -> Self:
        """Start it and wait until it says that it is ready."""
        if "DESK_PORT" not in self.settings:
            names = ("DESK_PORT", "INBOX_PORT", "BOT_PORT", "ACTIONS_PORT")
            self.settings.update(zip(names, map(str, free_ports(4)), strict=True))
        temporary = self.folder / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "THINKFAMILY_DATA_DIR": str(self.folder / "var"),
            "TMPDIR": str(temporary),
            "PYTHONUNBUFFERED": "1",
            **{f"THINKFAMILY_{name}": value for name, value in self.settings.items()},
        }
        self._ready, self._ready_or_ended = False, threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "thinkfamily", "up"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._ready_or_ended.wait(READY_WITHIN_SECONDS)
        if not self._ready:
            self.stop()
            raise AssertionError("the system did not become ready:\n" + self.output[-8000:])
        return self

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line)
            account = re.match(r"\s+(desk|inbox)\s+(\S+)\s+(\S+)\s+\(", line)
            if account:
                self.passwords[account[2]] = account[3]
            if "Ctrl-C ends all of it" in line:
                self._ready = True
                self._ready_or_ended.set()
        self._ready_or_ended.set()

    @property
    def output(self) -> str:
        """Everything that any process has printed so far."""
        return "".join(self.lines)

    @property
    def desk(self) -> str:
        """The desk's address."""
        return f"http://127.0.0.1:{self.settings['DESK_PORT']}"

    @property
    def inbox(self) -> str:
        """The inbox's address."""
        return f"http://127.0.0.1:{self.settings['INBOX_PORT']}"

    @property
    def data(self) -> Path:
        """The folder of databases and keys."""
        return self.folder / "var"

    def pid(self, name: str) -> int:
        """The process id of desk, bot, actions, relay or inbox."""
        found = re.findall(rf"{name} started \(pid=(\d+)\)", self.output)
        return int(found[-1])

    def stop(self) -> int:
        """End it as Ctrl-C does; the exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(STOPS_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                raise AssertionError("Ctrl-C did not end everything:\n" + self.output[-4000:]) from None
        self._reader.join(timeout=5)
        return self._process.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
