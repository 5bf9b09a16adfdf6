"""The first page, and opening a conversation."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web

from bot.desk.door import NotSent
from bot.desk.pages.common import address, desk_of
from referrals import ReferralsError
from web import current_user, render, roles

_OFFICER = "officer"
_NEWEST = 5


async def show(request: web.Request) -> web.Response:
    """For officers: a new conversation, those not finished, the newest referrals. For managers: counts, no stories."""
    desk, user = desk_of(request), current_user(request)
    if user.role != _OFFICER:
        return await _counts(request)
    try:
        referrals = (await desk.referrals.all(user.id))[:_NEWEST]
    except ReferralsError:
        referrals = None  # they cannot be read now; conversations can be held all the same
    facts = {
        "unfinished": await asyncio.to_thread(desk.conversations.unfinished, user.id),
        "referrals": referrals,
    }
    return render(request, "start.html", facts)


@roles(_OFFICER)
async def open_conversation(request: web.Request) -> web.StreamResponse:
    """A new conversation. Where the bot is down it opens all the same, so that danger can still be typed and heard."""
    desk, user = desk_of(request), current_user(request)
    conversation = await asyncio.to_thread(desk.conversations.create, user.id)
    with suppress(NotSent):  # the page says so, and the first message opens it
        await desk.door.open(conversation.id, user.id)
    raise web.HTTPSeeOther(address(conversation.id))


async def _counts(request: web.Request) -> web.Response:
    try:
        counts = await desk_of(request).referrals.counts()
    except ReferralsError:
        counts = {}
    return render(request, "counts.html", {"counts": counts})


async def help_page(request: web.Request) -> web.Response:
    """How it works, and what it does not do."""
    return render(request, "help.html")


async def help_sheet(request: web.Request) -> web.Response:
    """For the family, to read out or print."""
    return render(request, "help_sheet.html")
