"""The action cards' own pages: open to anyone, and in need of nothing but this process."""

from __future__ import annotations

from aiohttp import web

from bot.desk.pages.common import desk_of
from web import public, render


@public
async def show_all(request: web.Request) -> web.Response:
    """Every card by name, emergencies first."""
    return render(request, "cards.html", {"cards": desk_of(request).cards.all()})


@public
async def show_one(request: web.Request) -> web.Response:
    """One card."""
    card = desk_of(request).cards.on_page(request.match_info["card"])
    if card is None:
        raise web.HTTPNotFound
    return render(request, "card.html", {"card": card})
