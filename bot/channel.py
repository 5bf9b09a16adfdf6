"""The one way into Rasa: signed turns from the desk, and what is to be hidden or shown late.

Nothing typed is ever logged here, not even when it is refused: log lines carry the ids of conversation and turn.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as answer_json

from bot.agent import TurnMessage
from bot.errors import LooksLikeCommand, LooksPersonal, Malformed, NotKept, Refused, Unsigned
from bot.rewrite_request import RewriteRequest
from bot.turn_request import TurnRequest
from conversation import ConversationError
from redaction import tripwire
from sealing import BadSignature, RequestVerifier

_log = logging.getLogger(__name__)

Form = TypeVar("Form", bound=BaseModel)


class DeskChannel(InputChannel):  # type: ignore[misc]  # Rasa publishes no types
    """``/webhooks/desk/turn``, ``/rewrite`` and ``/ready``; docs/architecture.md has the contract."""

    def __init__(
        self,
        verifier: RequestVerifier,
        waiting_for: Callable[[], Awaitable[str]],
        rewrite: Callable[[RewriteRequest], Awaitable[dict[str, Any]]],
    ) -> None:
        """``waiting_for`` says what stands in the way of a turn being taken; empty when nothing does."""
        self._verifier = verifier
        self._waiting_for = waiting_for
        self._rewrite = rewrite

    @classmethod
    def name(cls) -> str:
        """The channel's place under ``/webhooks/``."""
        return "desk"

    def blueprint(self, on_new_message: Callable[[TurnMessage], Awaitable[None]]) -> Blueprint:
        """The three routes, for Rasa to mount."""
        routes = Blueprint("desk")

        async def turn(request: Request) -> HTTPResponse:
            try:
                message = TurnMessage(self._admit(request))
                await self._take(message, on_new_message)
            except NotKept as refusal:
                return _refusal(refusal, cards=message.output_channel.cards())
            except Refused as refusal:
                return _refusal(refusal)
            return answer_json(message.answer)

        async def rewrite(request: Request) -> HTTPResponse:
            try:
                return answer_json(await self._change(self._admit_rewrite(request)))
            except Refused as refusal:
                return _refusal(refusal)

        async def ready(_: Request) -> HTTPResponse:
            waiting = await self._waiting_for()
            return answer_json({"ready": not waiting, "waiting_for": waiting}, status=503 if waiting else 200)

        routes.add_route(turn, "/turn", methods=["POST"])
        routes.add_route(rewrite, "/rewrite", methods=["POST"])
        routes.add_route(ready, "/ready")
        return routes

    def _admit(self, request: Request) -> TurnRequest:
        """The turn in a request, if the desk signed it and Rasa may see it."""
        turn = self._read(request, TurnRequest)
        if turn.looks_like_command():
            _log.warning("turn %s of %s looks like a command", turn.turn, turn.conversation)
            raise LooksLikeCommand("a text begins with a slash")
        _stop_personal(turn.texts(), f"turn {turn.turn} of {turn.conversation}")
        return turn

    def _admit_rewrite(self, request: Request) -> RewriteRequest:
        rewrite = self._read(request, RewriteRequest)
        _stop_personal(rewrite.texts(), f"rewrite {rewrite.rewrite} of {rewrite.conversation}")
        return rewrite

    def _read(self, request: Request, form: type[Form]) -> Form:
        try:
            self._verifier.verify(request.method, request.raw_url.decode("latin-1"), request.headers, request.body)
        except BadSignature as error:
            _log.warning("a request was refused: %s", error)
            raise Unsigned(str(error)) from error
        try:
            return form.model_validate_json(request.body)
        except (ValidationError, ConversationError):
            _log.warning("a signed request has not the form that docs/architecture.md describes")
            raise Malformed("not of this form") from None

    async def _change(self, request: RewriteRequest) -> dict[str, Any]:
        try:
            return await self._rewrite(request)
        except Refused as refusal:
            _log.warning("rewrite %s of %s: %s", request.rewrite, request.conversation, refusal)
            raise
        except Exception as error:  # as with a turn: the desk tries again, and hears no more than that
            _log.exception("rewrite %s of %s was not kept", request.rewrite, request.conversation)
            raise NotKept("something went wrong that nobody thought of") from error

    async def _take(self, message: TurnMessage, on_new_message: Callable[[TurnMessage], Awaitable[None]]) -> None:
        try:
            await on_new_message(message)
        except NotKept:
            _log.exception("turn %s of %s was not kept", message.request.turn, message.sender_id)
            raise
        except Refused as refusal:
            _log.warning("turn %s of %s was refused: %s", message.request.turn, message.sender_id, refusal.error)
            raise
        except Exception as error:  # whatever it was, the desk must hear that nothing was kept, and no more than that
            _log.exception("turn %s of %s was not kept", message.request.turn, message.sender_id)
            raise NotKept("something went wrong that nobody thought of") from error


def _refusal(refusal: Refused, cards: Sequence[dict[str, str]] = ()) -> HTTPResponse:
    body: dict[str, Any] = {"error": refusal.error}
    if cards:
        body["cards"] = cards
    return answer_json(body, status=refusal.status)


def _stop_personal(texts: Iterable[str], whose: str) -> None:
    found = sorted({pattern for text in texts for pattern in tripwire(text)})
    if found:
        _log.warning("%s looks personal: %s", whose, ", ".join(found))
        raise LooksPersonal("personal data reached the bot")
