"""A stand-in for the desk and for who starts the processes: signed turns in, answers out."""

from __future__ import annotations

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sealing import KeyStore, Secrets, new_id, open_engine, sign_request

ROOT = Path(__file__).parents[2]
_ACTIONS = (
    "from actions.server import create_app; from thinkfamily.settings import read_settings;"
    "from thinkfamily.logs import set_up_logging; set_up_logging('DEBUG', True); settings = read_settings();"
    "create_app(settings, 'tests.bot_plumbing.tiny.actions').run("
    "'127.0.0.1', settings.actions_port, access_log=False, motd=False)"
)


@dataclass
class Answer:
    """One HTTP answer."""

    status: int
    body: dict[str, Any]


@dataclass
class TinySystem:
    """The tiny bot and its actions, in a folder of their own."""

    folder: Path
    bot_port: int
    actions_port: int
    settings: dict[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """Databases and keys."""
        return self.folder / "var"

    @property
    def environment(self) -> dict[str, str]:
        """Of every process started here."""
        return {
            **os.environ,
            "THINKFAMILY_DATA_DIR": str(self.data),
            "THINKFAMILY_MODEL_DIR": str(self.folder / "models"),
            "THINKFAMILY_BOT_PORT": str(self.bot_port),
            "THINKFAMILY_ACTIONS_PORT": str(self.actions_port),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONUNBUFFERED": "1",
            **{f"THINKFAMILY_{name}": value for name, value in self.settings.items()},
        }

    def log(self, name: str) -> str:
        """Everything that process has written."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8")

    def start(self, name: str) -> None:
        """Start "bot" or "actions" and wait until it is ready."""
        (self.folder / "tmp").mkdir(exist_ok=True)
        arguments = ["-c", _ACTIONS] if name == "actions" else ["-m", "thinkfamily", "bot"]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        port, path = (self.actions_port, "/ready") if name == "actions" else (self.bot_port, "/webhooks/desk/ready")
        for _ in range(1500):
            assert self.running[name].poll() is None, self.log(name)[-4000:]
            try:
                if self.send(port, "GET", path).status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise AssertionError(self.log(name)[-4000:])

    def stop(self, name: str) -> None:
        """End it as a process manager does."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGTERM)
        process.wait(30)

    def stop_all(self) -> None:
        """End what still runs."""
        for name in list(self.running):
            self.stop(name)

    @staticmethod
    def send(port: int, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            content = response.read()
            return Answer(response.status, json.loads(content) if content.startswith((b"{", b"[")) else {})
        finally:
            connection.close()

    def post(self, body: bytes, headers: dict[str, str] | None = None) -> Answer:
        """A turn's body as it is, signed unless ``headers`` are given."""
        path = "/webhooks/desk/turn"
        if headers is None:
            headers = sign_request(Secrets(self.data / "keys").desk_to_bot, "POST", path, body)
        return self.send(self.bot_port, "POST", path, body, headers)

    def turn(self, conversation: str, turn: str | None = None, **said: Any) -> Answer:
        """One turn, such as ``text="the rent"``."""
        body = {"conversation": conversation, "turn": turn or new_id("t"), "officer": "a_7", **said}
        return self.post(json.dumps(body).encode())

    def rewrite(self, conversation: str, rewrite: str | None = None, **wanted: Any) -> Answer:
        """One rewrite, such as ``turns=[…], edits=[…]``."""
        path = "/webhooks/desk/rewrite"
        body = json.dumps({"conversation": conversation, "rewrite": rewrite or new_id("t"), **wanted}).encode()
        headers = sign_request(Secrets(self.data / "keys").desk_to_bot, "POST", path, body)
        return self.send(self.bot_port, "POST", path, body, headers)

    def effects(self, turn: str) -> list[str]:
        """One entry for each time the tiny action did its work for that turn: how many events it was shown."""
        effects = self.data / "effects"
        lines = effects.read_text().splitlines() if effects.exists() else []
        return [line.removeprefix(f"{turn} ") for line in lines if line.startswith(turn)]

    def events(self, conversation: str) -> list[dict[str, Any]]:
        """The events kept of a conversation, unsealed."""
        ring = KeyStore(open_engine(f"sqlite:///{self.data}/keys/keys.db")).ring(f"conversation/{conversation}/bot")
        with sqlite3.connect(self.data / "bot.db") as db:
            rows = db.execute(
                "SELECT n, sealed FROM events WHERE conversation = ? ORDER BY n", [conversation]
            ).fetchall()
        return [json.loads(ring.unseal(sealed, "events", conversation, str(n))) for n, sealed in rows]

    def rows(self, conversation: str) -> int:
        """How many rows the bot's database holds of a conversation."""
        with sqlite3.connect(self.data / "bot.db") as db:
            tables = (
                "SELECT count(*) FROM events WHERE conversation = ?",
                "SELECT count(*) FROM turns WHERE conversation = ?",
            )
            return sum(db.execute(table, [conversation]).fetchone()[0] for table in tables)

    def texts(self, conversation: str) -> list[str]:
        """What the officer typed, as kept."""
        return [event["text"] for event in self.events(conversation) if event["event"] == "user" and event["text"]]

    @contextmanager
    def database_locked(self) -> Iterator[None]:
        """Hold the write lock of the bot's database, as a stuck backup would."""
        db = sqlite3.connect(self.data / "bot.db", isolation_level=None)
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            db.execute("ROLLBACK")
            db.close()
