"""The five processes started one by one, with every connection between them led through a tap that records it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Collection
from pathlib import Path
from typing import Self

from sealing import Secrets
from tests.support.system import READY_WITHIN_SECONDS, ROOT, free_ports

# Begins with dumps as large as they may be, as on a machine that is set up to look into crashes.
WITH_CORES = ("sh", "-c", 'ulimit -c "$(ulimit -H -c)"; exec "$@"', "sh")


class Tap:
    """Passes every connection on to ``port`` and keeps all bytes of both directions."""

    def __init__(self, port: int) -> None:
        self.recorded = bytearray()
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            try:
                callee = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                caller.close()
                continue
            for source, sink in ((caller, callee), (callee, caller)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while block := source.recv(65536):
                self.recorded += block
                sink.sendall(block)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            sink.close()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()


class TappedSystem:
    """Each process alone, as in a deployment, with taps between them; ``settings`` apply to all of them.

    Those in ``as_json`` when they start write their log as JSON, the others plainly.
    """

    def __init__(self, folder: Path, as_json: Collection[str], **settings: str) -> None:
        self.folder = folder
        self.as_json = set(as_json)
        self.data = folder / "var"
        desk, inbox, bot, actions = free_ports(4)
        self.desk = f"http://127.0.0.1:{desk}"
        self.ports = {"desk": desk, "inbox": inbox, "bot": bot, "actions": actions}
        self.taps = {"bot": Tap(bot), "actions": Tap(actions), "inbox": Tap(inbox)}
        common = {"DATA_DIR": str(self.data), "DESK_PORT": str(desk), "INBOX_PORT": str(inbox), **settings}
        through = {
            **common,
            "BOT_PORT": str(self.taps["bot"].port),
            "ACTIONS_PORT": str(self.taps["actions"].port),
            "INBOX_URL": f"http://127.0.0.1:{self.taps['inbox'].port}",
        }
        self._environments = {
            "inbox": common,
            "actions": {**common, "ACTIONS_PORT": str(actions), "BOT_PORT": str(bot)},
            "relay": through,
            "bot": {**through, "BOT_PORT": str(bot)},
            "desk": through,
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._log = folder / "log"
        (folder / "tmp").mkdir(parents=True)

    def start(self, name: str) -> None:
        """Start one process."""
        settings = {f"THINKFAMILY_{key}": value for key, value in self._environments[name].items()}
        settings["THINKFAMILY_LOG_JSON"] = str(name in self.as_json)
        with self._log.open("ab") as log:
            self._running[name] = subprocess.Popen(
                [*WITH_CORES, sys.executable, "-m", "thinkfamily", name],
                cwd=ROOT,
                env={**os.environ, "TMPDIR": str(self.folder / "tmp"), **settings},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """End one process at once, as a crash does."""
        self._running[name].send_signal(number)
        self._running.pop(name).wait()

    def pid(self, name: str) -> int:
        """The process id of one process."""
        return self._running[name].pid

    def wait_for(self, name: str) -> None:
        """Wait until one process is ready: the desk once a first turn has passed through the whole chain."""
        path = "/webhooks/desk/ready" if name == "bot" else "/ready"
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            ended = [one for one, process in self._running.items() if process.poll() is not None]
            assert not ended, f"{ended} ended:\n{self.log[-6000:]}"
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}{path}", timeout=5):
                    return
            except OSError:
                time.sleep(0.5)
        raise AssertionError(f"{name} did not become ready:\n{self.log[-6000:]}")

    @property
    def log(self) -> str:
        """Everything any process has printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def wires(self) -> dict[str, bytes]:
        """What has passed to and from bot, actions and inbox."""
        return {f"wire to {name}": bytes(tap.recorded) for name, tap in self.taps.items()}

    def __enter__(self) -> Self:
        Secrets(self.data / "keys").make_all()
        for name in self._environments:
            self.start(name)
        self.wait_for("desk")
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        for tap in self.taps.values():
            tap.close()
