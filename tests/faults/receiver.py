"""A receiving team's system, as small as it can be, that can be told to go wrong.

It checks signatures and keys and signs its receipts like the real one. ``plan`` holds what goes wrong with the next
requests, first come first: a coroutine that gets the request's :class:`Arrival` and answers; None for the usual answer.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import ValidationError

from referrals.intake import (
    ANSWERS_PATH,
    EVENTS_PATH,
    IDEMPOTENCY_HEADER,
    REFERRALS_PATH,
    AnswerDelivery,
    ReferralDelivery,
)
from sealing import BadSignature, RequestVerifier, Secrets, sign_receipt


@dataclass
class Arrival:
    """One delivery that arrived, and what the usual answer to it does."""

    request: web.Request
    key: str
    usual: Callable[[], web.Response]


Fault = Callable[[Arrival], Awaitable[web.StreamResponse]]


@dataclass
class Receiver:
    """What it has: bodies by idempotency key, in the order in which they were kept."""

    secrets: Secrets
    address: str = ""
    plan: deque[Fault | None] = field(default_factory=deque)
    kept: dict[str, bytes] = field(default_factory=dict)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    arrived: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    polls: list[int] = field(default_factory=list)
    poll_answers: deque[web.Response] = field(default_factory=deque)
    at_once: int = 0
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self._verifier = RequestVerifier(self.secrets.relay_to_inbox)

    def application(self) -> web.Application:
        app = web.Application(client_max_size=2**21)
        app.router.add_post(REFERRALS_PATH, self._take(ReferralDelivery))
        app.router.add_post(ANSWERS_PATH, self._take(AnswerDelivery))
        app.router.add_get(EVENTS_PATH, self._tell)
        return app

    def _take(
        self, model: type[ReferralDelivery] | type[AnswerDelivery]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handler(request: web.Request) -> web.StreamResponse:
            body = await request.read()
            try:
                self._verifier.verify("POST", request.path_qs, request.headers, body)
            except BadSignature:
                return web.json_response({"error": "signature"}, status=401)
            key = request.headers.get(IDEMPOTENCY_HEADER)
            if key is None:
                return web.json_response({"error": "no key"}, status=400)
            try:
                delivery = model.model_validate_json(body)
            except ValidationError:
                return web.json_response({"error": "form"}, status=400)

            def usual() -> web.Response:
                if self.kept.setdefault(key, body) != body:
                    return web.json_response({"error": "other content"}, status=422)
                receipt = {
                    "reference": delivery.reference,
                    "digest": delivery.digest,
                    "received_at": "2026-03-02T10:25:00Z",
                    "inbox": "Connecting Families",
                }
                signed = {"receipt": receipt, "signature": sign_receipt(self.secrets.receipt_private, receipt)}
                return web.json_response(self.receipts.setdefault(key, signed), status=201)

            self.arrived.append(key)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            try:
                fault = self.plan.popleft() if self.plan else None
                return usual() if fault is None else await fault(Arrival(request, key, usual))
            finally:
                self.at_once -= 1

        return handler

    async def _tell(self, request: web.Request) -> web.StreamResponse:
        try:
            self._verifier.verify("GET", request.path_qs, request.headers, b"")
        except BadSignature:
            return web.json_response({"error": "signature"}, status=401)
        after = int(request.query["after"])
        self.polls.append(after)
        if self.poll_answers:
            return self.poll_answers.popleft()
        later = [event for event in self.events if event["n"] > after]
        return web.json_response({"events": later[:100]})


@asynccontextmanager
async def running(receiver: Receiver) -> AsyncIterator[Receiver]:
    """The receiver on a free port of the loopback."""
    server = TestServer(receiver.application())
    await server.start_server()
    receiver.address = f"http://127.0.0.1:{server.port}"
    try:
        yield receiver
    finally:
        await server.close()


def status(code: int, headers: dict[str, str] | None = None) -> Fault:
    """Answers ``code`` and keeps nothing."""

    async def fault(arrival: Arrival) -> web.StreamResponse:
        return web.json_response({"error": "as told"}, status=code, headers=headers)

    return fault


async def cut_off(arrival: Arrival) -> web.StreamResponse:
    """The connection is cut before anything is kept."""
    assert arrival.request.transport is not None
    arrival.request.transport.abort()
    return web.Response()


async def kept_then_cut_off(arrival: Arrival) -> web.StreamResponse:
    """It is kept; then the answer is lost."""
    arrival.usual()
    return await cut_off(arrival)


async def kept_then_cut_short(arrival: Arrival) -> web.StreamResponse:
    """It is kept; then the answer ends in the middle, though it said how long it would be."""
    whole = arrival.usual().body
    assert isinstance(whole, bytes)
    response = web.StreamResponse(status=201, headers={"Content-Length": str(len(whole))})
    await response.prepare(arrival.request)
    await response.write(whole[: len(whole) // 2])
    assert arrival.request.transport is not None
    arrival.request.transport.close()
    return response


async def kept_then_silent(arrival: Arrival) -> web.StreamResponse:
    """It is kept; then one byte of the answer comes, and no more."""
    arrival.usual()
    response = web.StreamResponse(status=201)
    await response.prepare(arrival.request)
    await response.write(b"{")
    await asyncio.Event().wait()
    return response


def answers(body: bytes, code: int = 201) -> Fault:
    """It is kept; then something else is answered."""

    async def fault(arrival: Arrival) -> web.StreamResponse:
        arrival.usual()
        return web.Response(body=body, status=code)

    return fault


async def padded(arrival: Arrival) -> web.StreamResponse:
    """The usual answer, and then two million spaces."""
    usual = arrival.usual().body
    assert isinstance(usual, bytes)
    return web.Response(body=usual + b" " * 2**21, status=201)


def receipt_with(secrets: Secrets, **changes: str) -> Fault:
    """It is kept; then a receipt that says something else is signed by ``secrets``."""

    async def fault(arrival: Arrival) -> web.StreamResponse:
        body = arrival.usual().body
        assert isinstance(body, bytes)
        receipt = json.loads(body)["receipt"] | changes
        return web.json_response(
            {"receipt": receipt, "signature": sign_receipt(secrets.receipt_private, receipt)}, status=201
        )

    return fault


@dataclass
class Held:
    """Holds a delivery until it is let go."""

    came: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, arrival: Arrival) -> web.StreamResponse:
        self.came.set()
        await self.go.wait()
        return arrival.usual()
