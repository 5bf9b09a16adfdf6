"""The bot, as the desk knows it: signed turns to its channel, over loopback.

`say` and `rewrite` take only `Redacted`, which nothing but the redactor can make: text that was not hidden cannot be
sent from here. Types say so beforehand; a TypeError says so where they were not looked at.

TurnFailed                the turn was not taken; its words must go back to the officer
├── BotDown               no answer, or none that can be read; the turn may be sent again under the same id
├── NotKept               the bot answered, but could not keep the turn; `cards` holds any danger it heard all the same
├── StaleQuestion         the answer belongs to a question that is no longer the one asked
├── TurnReused            this turn id came before with another content
├── Erased                the conversation's key was destroyed: nothing more can be said in it
├── LooksPersonal         the bot's own check saw something personal in it
├── LooksLikeCommand      the bot's own check saw a command in it
└── TurnRefused           the bot does not take turns of this form: the two processes do not fit together
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.desk.signed_line import LineDown, SignedLine
from conversation import State
from conversation.turns import Choice
from redaction import Redacted, Rewrite

_PATH = "/webhooks/desk/turn"
_REWRITE_PATH = "/webhooks/desk/rewrite"
_READY_PATH = "/webhooks/desk/ready"


class TurnFailed(Exception):
    """The turn was not taken."""


class BotDown(TurnFailed):
    """The bot gave no answer, or none that can be read. Send the turn again under the same id."""


class NotKept(TurnFailed):
    """The bot could not keep the turn: nothing may be taken as said. `cards` is the danger it heard all the same."""

    def __init__(self, cards: tuple[CardShown, ...]) -> None:
        super().__init__("the bot could not keep the turn")
        self.cards = cards


class StaleQuestion(TurnFailed):
    """Another question is open now."""


class TurnReused(TurnFailed):
    """This turn id came before with another content."""


class Erased(TurnFailed):
    """The conversation was erased."""


class LooksPersonal(TurnFailed):
    """The bot's own check saw something personal."""


class LooksLikeCommand(TurnFailed):
    """The bot's own check saw a command."""


class TurnRefused(TurnFailed):
    """The bot does not take turns of this form, or from this desk. The message says what to look at."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class CardShown(_Part):
    """An action card: a red flag of the rule pack, and whether it takes the screen (E) or is a strip (S)."""

    id: str
    interrupt: Literal["E", "S"]


class ChoiceOffered(_Part):
    """One answer that may be pressed: `value` as `conversation.check_value` allows it, `needs` if words go with it."""

    title: str
    value: Any
    needs: Literal["", "reason"] = ""


class BotMessage(_Part):
    """One thing the bot says, in tokens."""

    response: str
    text: str
    choices: tuple[ChoiceOffered, ...] = ()
    card: CardShown | None = None


class Reply(_Part):
    """The bot's answer to one turn."""

    turn: str
    messages: tuple[BotMessage, ...]
    state: State


class _Refusal(BaseModel):
    error: str = ""
    cards: tuple[CardShown, ...] = ()


class BotClient:
    """Turns to the bot, whose contract is in docs/architecture.md."""

    def __init__(self, line: SignedLine) -> None:
        self._line = line

    async def say(self, conversation: str, turn: str, officer: str, text: Redacted) -> Reply:
        """Send what the officer said. Raises TurnFailed."""
        return await self._post(conversation, turn, officer, {"text": _text_of(text)})

    async def choose(self, conversation: str, turn: str, officer: str, choice: Choice) -> Reply:
        """Send a press. Raises TurnFailed."""
        return await self._post(conversation, turn, officer, {"choice": choice.model_dump(mode="json")})

    async def open(self, conversation: str, turn: str, officer: str) -> Reply:
        """Open the conversation, or hear again where it stands. Raises TurnFailed."""
        return await self._post(conversation, turn, officer, {"open": True})

    async def rewrite(self, conversation: str, rewrite: str, wanted: Rewrite, shown: Mapping[str, Redacted]) -> None:
        """Hide and show late in all that the bot keeps. The same id again changes nothing. Raises TurnFailed.

        Places and tokens are sent, and in `shown`, by token, words that went through the redactor; `wanted.shown` is
        not looked at.
        """
        content = {
            "conversation": conversation,
            "rewrite": rewrite,
            "turns": sorted(wanted.turns),
            "edits": [
                {
                    "turn": one.turn,
                    "part": one.part,
                    "start": one.edit.start,
                    "end": one.edit.end,
                    "token": one.edit.token,
                }
                for one in wanted.edits
            ],
            "shown": [{"token": token, "text": _text_of(words)} for token, words in shown.items()],
            "renamed": [{"token": token, "into": into} for token, into in (wanted.renamed or {}).items()],
        }
        status, answer = await self._send(_REWRITE_PATH, content)
        if status != HTTPStatus.OK:
            raise _failure(status, answer)

    async def is_ready(self) -> bool:
        """Whether the bot says that it can take a turn."""
        return await self._line.answers(_READY_PATH)

    async def _post(self, conversation: str, turn: str, officer: str, said: Mapping[str, Any]) -> Reply:
        content = {"conversation": conversation, "turn": turn, "officer": officer, **said}
        status, answer = await self._send(_PATH, content)
        if status == HTTPStatus.OK:
            return _reply(answer, turn)
        raise _failure(status, answer)

    async def _send(self, path: str, content: Mapping[str, Any]) -> tuple[int, bytes]:
        try:
            return await self._line.post(path, content)
        except LineDown as down:
            raise BotDown(str(down)) from None


def _text_of(words: Redacted) -> str:
    # Anything with a "text" would do otherwise.
    if type(words) is not Redacted:
        raise TypeError("only what the redactor made can be sent to the bot")
    return words.text


def _reply(content: bytes, turn: str) -> Reply:
    try:
        reply = Reply.model_validate_json(content)
    except ValidationError as error:
        # Only where it is wrong, never what it held.
        places = ", ".join(".".join(str(part) for part in problem["loc"]) for problem in error.errors()[:3])
        raise BotDown(f"the bot's answer cannot be read (at {places or 'its start'})") from None
    if reply.turn != turn:
        raise BotDown("the bot answered another turn than the one sent")
    return reply


_FAILURES: dict[tuple[int, str], type[TurnFailed]] = {
    (409, "stale_question"): StaleQuestion,
    (409, "turn_reused"): TurnReused,
    (410, "erased"): Erased,
    (422, "looks_personal"): LooksPersonal,
    (422, "looks_like_command"): LooksLikeCommand,
}
_MISFITS = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED)


def _failure(status: int, content: bytes) -> TurnFailed:
    try:
        refusal = _Refusal.model_validate_json(content)
    except ValidationError:
        refusal = _Refusal()
    if (status, refusal.error) in _FAILURES:
        return _FAILURES[status, refusal.error](f"the bot answered {status} {refusal.error}")
    if (status, refusal.error) == (503, "not_kept"):
        return NotKept(refusal.cards)
    if status in _MISFITS:
        return TurnRefused(f"the bot answered {status}: do desk and bot share one version and one keys folder?")
    return BotDown(f"the bot answered {status}")
