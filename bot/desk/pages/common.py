"""What several pages need."""

from __future__ import annotations

import asyncio
import re

from aiohttp import web

from bot.desk.conversations import Conversation, NoSuchConversation
from bot.desk.parts import DESK, Desk
from bot.desk.words import WORDS
from conversation import State
from referrals import Referrer
from sealing import KeyDestroyed, new_id
from web import User, current_user

_TURN = re.compile(r"t_[0-9a-f]{32}")


def desk_of(request: web.Request) -> Desk:
    """The desk's parts."""
    return request.app[DESK]


async def own_conversation(request: web.Request) -> Conversation:
    """The conversation in the address, if it is this officer's; else 404."""
    try:
        return await asyncio.to_thread(
            desk_of(request).conversations.get, request.match_info["conversation"], current_user(request).id
        )
    except (NoSuchConversation, KeyDestroyed):
        raise web.HTTPNotFound from None


def turn_id(given: object) -> str:
    """The turn id that a form or script sent, or a new one where it is not of our form."""
    return given if isinstance(given, str) and _TURN.fullmatch(given) else new_id("t")


def referrer(user: User, council: str) -> Referrer:
    """Who sends, as the receiving team reads it; scripts have no name, so their token's id stands for it."""
    return Referrer(name=user.name or user.id, team=user.team or council)


def address(conversation_id: str, page: str = "") -> str:
    """The path of a conversation's page."""
    return f"/conversations/{conversation_id}" + (f"/{page}" if page else "")


def next_address(conversation_id: str, state: State) -> str:
    """Where to go after an answer: the page that the question now open has, else the conversation."""
    if not any(card.interrupt == "E" for card in state.open_cards):
        if state.question is not None and state.question.id in ("people", "check"):
            return address(conversation_id, state.question.id)
        if state.referral is not None and state.referral.reference:
            return address(conversation_id, "sent")
    return address(conversation_id) + "#latest"


def not_sent_facts(why: str, values: dict[str, object]) -> dict[str, str]:
    """The title and text for a reason why nothing was sent."""
    return {"title": WORDS(f"not_sent.{why}.title"), "text": WORDS(f"not_sent.{why}.text", **values)}
