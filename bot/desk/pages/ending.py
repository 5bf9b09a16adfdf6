"""Finishing a conversation, and erasing it."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.desk.pages.common import address, desk_of, own_conversation
from web import render


async def finish(request: web.Request) -> web.StreamResponse:
    """Forget the names in it; nothing more can be said in it. A referral's talk keeps them for the team's questions."""
    conversation = await own_conversation(request)
    if conversation.state.ended is not None and conversation.state.ended.how != "referred":
        await asyncio.to_thread(desk_of(request).closing.finish, conversation.id)
    raise web.HTTPSeeOther(address(conversation.id))


async def ask_erase(request: web.Request) -> web.Response:
    """Ask before erasing."""
    conversation = await own_conversation(request)
    return render(request, "erase.html", {"base": address(conversation.id), "state": conversation.state})


async def erase(request: web.Request) -> web.StreamResponse:
    """Erase the conversation for good."""
    conversation = await own_conversation(request)
    await asyncio.to_thread(desk_of(request).closing.erase, conversation.id)
    raise web.HTTPSeeOther("/")
