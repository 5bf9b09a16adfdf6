"""Small real servers that speak the contracts of docs/architecture.md, so that the desk can be tried without Rasa."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from conversation import State
from conversation.questions import check_value
from redaction import PERSON, Edit, Identities, Rewrite, Rewriting, TurnEdit, tripwire
from redaction.rewriting import Part
from sealing import BadSignature, RequestVerifier


def asks(question: str, n: int = 1, **known: Any) -> State:
    """A state in which `question` is the open one."""
    return State.model_validate({"answered_turn": "t_0", "question": {"id": question, "n": n}, **known})


def card(card_id: str, interrupt: str, words: str = "", **more: Any) -> dict[str, Any]:
    """An action card as the state holds it."""
    return {"id": card_id, "interrupt": interrupt, "words": words, "because": (), "turn": "t_0", **more}


def sign(sign_id: str, words: str, **more: Any) -> dict[str, Any]:
    """A sign as the ledger holds it."""
    given = {"status": "present", "level": "C", "about": "adult", "said_by": "person", "confidence": 0.9, "turn": "t_0"}
    return {"id": sign_id, "words": words, **given, **more}


def doubt(*names: str) -> Callable[[Identities], None]:
    """A change of a token book: people who were hidden only to be safe."""

    def change(book: Identities) -> None:
        for name in names:
            book.token_for(PERSON, name, doubtful=True)

    return change


@dataclass
class Bot:
    """Checks each turn as the channel does, and answers with `state` and `says`; once set, with `failure`."""

    secret: bytes
    state: State = field(default_factory=State)
    known: State = field(default_factory=State)  # what it answered last: presses must fit its question
    says: list[dict[str, Any]] = field(default_factory=lambda: [_said("Tell me what you heard.")])
    failure: tuple[int, dict[str, Any]] | None = None
    fails_after_keeping: bool = False
    rewrite_failure: tuple[int, dict[str, Any]] | None = None
    rewrites: dict[str, dict[str, Any]] = field(default_factory=dict)
    turns: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    _answers: dict[str, tuple[bytes, dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._verifier = RequestVerifier(self.secret)

    async def turn(self, request: web.Request) -> web.Response:
        """`POST /webhooks/desk/turn`."""
        body = await request.read()
        self.bodies.append(body)
        try:
            self._verifier.verify(request.method, request.path_qs, request.headers, body)
        except BadSignature:
            return web.json_response({"error": "signature"}, status=401)
        turn = json.loads(body)
        content = json.dumps({name: turn.get(name) for name in ("text", "choice", "open")}).encode()
        if self.failure and not self.fails_after_keeping:
            return web.json_response(self.failure[1], status=self.failure[0])
        before = self._answers.get(turn["turn"])
        if before is not None:
            if before[0] != content:
                return web.json_response({"error": "turn_reused"}, status=409)
            return web.json_response(before[1])
        if "text" in turn and tripwire(turn["text"]):
            return web.json_response({"error": "looks_personal"}, status=422)
        if "choice" in turn and not self._answers_question(turn["choice"]):
            return web.json_response({"error": "stale_question"}, status=409)
        self.turns.append(turn)
        self.known = self.state.model_copy(update={"answered_turn": turn["turn"]})
        answer = {"turn": turn["turn"], "messages": self.says, "state": self.known.model_dump(mode="json")}
        self._answers[turn["turn"]] = (content, answer)
        if self.failure:
            return web.json_response(self.failure[1], status=self.failure[0])
        return web.json_response(answer)

    async def rewrite(self, request: web.Request) -> web.Response:
        """`POST /webhooks/desk/rewrite`: made on the texts taken, once for each id."""
        body = await request.read()
        self.bodies.append(body)
        self._verifier.verify(request.method, request.path_qs, request.headers, body)
        if self.rewrite_failure and not self.fails_after_keeping:
            return web.json_response(self.rewrite_failure[1], status=self.rewrite_failure[0])
        wanted = json.loads(body)
        if any(tripwire(words["text"]) for words in wanted["shown"]):
            return web.json_response({"error": "looks_personal"}, status=422)
        if wanted["rewrite"] not in self.rewrites:
            self.rewrites[wanted["rewrite"]] = wanted
            self._make(wanted)
        elif self.rewrites[wanted["rewrite"]] != wanted:
            return web.json_response({"error": "turn_reused"}, status=409)
        if self.rewrite_failure:
            return web.json_response(self.rewrite_failure[1], status=self.rewrite_failure[0])
        return web.json_response({"rewrite": wanted["rewrite"], "cleared": True})

    def _make(self, wanted: dict[str, Any]) -> None:
        edits = [
            TurnEdit(one["turn"], one["part"], Edit(one["start"], one["end"], one["token"])) for one in wanted["edits"]
        ]
        shown = {one["token"]: one["text"] for one in wanted["shown"]}
        renamed = {one["token"]: one["into"] for one in wanted["renamed"]}
        said = [turn for turn in self.turns if "text" in turn]
        typed: dict[tuple[str, Part], str] = {(turn["turn"], "text"): turn["text"] for turn in said}
        rewriting = Rewriting(Rewrite(frozenset(wanted["turns"]), tuple(edits), shown, renamed), typed)
        for turn in said:
            turn["text"] = rewriting.typed(turn["turn"], "text", turn["text"])
            content = json.dumps({name: turn.get(name) for name in ("text", "choice", "open")}).encode()
            self._answers[turn["turn"]] = (content, rewriting.json(self._answers[turn["turn"]][1]))

    async def ready(self, _: web.Request) -> web.Response:
        """`GET /webhooks/desk/ready`."""
        return web.json_response({"ready": not self.failure}, status=503 if self.failure else 200)

    def _answers_question(self, choice: dict[str, Any]) -> bool:
        check_value(choice["question"], choice["value"])
        if choice["question"] == "anytime":
            return True
        asked = self.known.question
        return asked is not None and (asked.id, asked.n) == (choice["question"], choice["n"])

    def says_next(self, text: str, state: State, **more: Any) -> None:
        """What the next turns are answered with."""
        self.says = [_said(text, **more)]
        self.state = state

    @property
    def texts(self) -> list[str]:
        """Every text taken."""
        return [turn["text"] for turn in self.turns if "text" in turn]

    @property
    def choices(self) -> list[dict[str, Any]]:
        """Every press taken."""
        return [turn["choice"] for turn in self.turns if "choice" in turn]


@dataclass
class Actions:
    """Keeps envelopes as the actions do."""

    secret: bytes
    envelopes: dict[str, dict[str, Any]] = field(default_factory=dict)
    down: bool = False

    def __post_init__(self) -> None:
        self._verifier = RequestVerifier(self.secret)

    async def take(self, request: web.Request) -> web.Response:
        """`POST /envelopes`."""
        body = await request.read()
        self._verifier.verify(request.method, request.path_qs, request.headers, body)
        if self.down:
            return web.Response(status=503)
        envelope = json.loads(body)
        known = self.envelopes.get(envelope["envelope"])
        if known is not None:
            return web.Response(status=200 if known == envelope else 422)
        self.envelopes[envelope["envelope"]] = envelope
        return web.Response(status=201)

    def sealed(self) -> list[tuple[str, bytes]]:
        """Id and sealed bytes of each envelope."""
        return [(name, base64.b64decode(one["sealed"])) for name, one in self.envelopes.items()]


def _said(text: str, **more: Any) -> dict[str, Any]:
    return {"response": "utter_test", "text": text, "choices": [], "card": None, **more}


async def serve_bot(bot: Bot) -> TestServer:
    """The bot on a free port of loopback."""
    app = web.Application()
    app.router.add_post("/webhooks/desk/turn", bot.turn)
    app.router.add_post("/webhooks/desk/rewrite", bot.rewrite)
    app.router.add_get("/webhooks/desk/ready", bot.ready)
    server = TestServer(app)
    await server.start_server()
    return server


async def serve_actions(actions: Actions) -> TestServer:
    """The actions on a free port of loopback."""
    app = web.Application()
    app.router.add_post("/envelopes", actions.take)
    server = TestServer(app)
    await server.start_server()
    return server
