"""The desk's JSON API as a script uses it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.people import ANSWERS, TYPED
from tests.support.system import ROOT


class Refused(Exception):
    """The desk answered with an error; ``status`` and ``body`` say which."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body.get('error')}")
        self.status = status
        self.body = body


def officer_token(data: Path) -> str:
    """A token from the command line, as an administrator makes it."""
    done = subprocess.run(
        [sys.executable, "-m", "thinkfamily", "token", "create", "--role", "officer"],
        cwd=ROOT,
        env={**os.environ, "THINKFAMILY_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def new_turn() -> str:
    """A turn id."""
    return f"t_{secrets.token_hex(16)}"


class DeskApi:
    """Calls with one token."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._token = token

    def call(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None) -> dict[str, Any]:
        """The decoded answer. Raises :class:`Refused`."""
        content = raw if raw is not None else (json.dumps(body).encode() if body is not None else None)
        request = urllib.request.Request(
            self._address + path,
            data=content,
            method=method,
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return dict(json.loads(answer.read() or b"{}"))
        except urllib.error.HTTPError as error:
            raise Refused(error.code, dict(json.loads(error.read() or b"{}"))) from None

    def open(self) -> str:
        """A new conversation's id."""
        return str(self.call("POST", "/api/conversations")["id"])

    def say(self, conversation: str, text: str, turn: str | None = None) -> dict[str, Any]:
        """Say something."""
        return self.call("POST", f"/api/conversations/{conversation}/turns", {"text": text, "turn": turn or new_turn()})

    def choose(self, conversation: str, question: str, n: int, value: Any) -> dict[str, Any]:
        """Press an answer."""
        choice = {"question": question, "n": n, "value": value}
        return self.call("POST", f"/api/conversations/{conversation}/turns", {"choice": choice, "turn": new_turn()})

    def finish(self, conversation: str, people: dict[str, dict[str, Any]], details: list[str]) -> dict[str, Any]:
        """Answer whatever is asked, up to a sent referral or another ending; the last answer.

        ``people`` is by token.
        """
        shown = self.call("GET", f"/api/conversations/{conversation}")
        for _ in range(40):
            state = shown["state"]
            asked = state["question"]
            if state["ended"] or asked is None:
                return shown
            name, n = asked["id"], asked["n"]
            if name == "check":
                return self.call("POST", f"/api/conversations/{conversation}/referral")
            if name == "danger":
                cards = [card["id"] for card in state["danger"] if not card["done"]]
                shown = self.choose(conversation, "danger", n, {"cards": cards, "done": "colleague_calling"})
            elif name == "people":
                listed = [{"token": token, **person} for token, person in people.items()]
                shown = self.choose(conversation, "people", n, {"people": listed, "details": details})
            elif name in ANSWERS:
                shown = self.choose(conversation, name, n, ANSWERS[name])
            elif name in TYPED:
                shown = self.say(conversation, TYPED[name])
            else:
                shown = self.choose(conversation, "anytime", 0, {"do": "skip"})
        raise AssertionError(f"the talk did not come to an end: {asked}")
