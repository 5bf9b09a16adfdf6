"""Which address leads to which page."""

from __future__ import annotations

from aiohttp import web

from bot.desk.pages import cards, chat, check, ending, hiding, people, referrals, start
from web import Link, roles

OFFICER = "officer"

NAVIGATION = (
    Link("Conversations", "/", frozenset({OFFICER})),
    Link("My referrals", "/referrals", frozenset({OFFICER})),
    Link("Help", "/help"),
)

_FOR_OFFICERS = (
    ("GET", "", chat.show),
    ("POST", "/say", chat.say),
    ("POST", "/preview", chat.preview),
    ("POST", "/answer", chat.answer),
    ("POST", "/do", chat.do),
    ("POST", "/danger", chat.danger),
    ("POST", "/box", hiding.in_box),
    ("GET", "/hidden", hiding.show),
    ("POST", "/hidden/hide", hiding.hide),
    ("POST", "/hidden/show", hiding.show_again),
    ("POST", "/hidden/settle", hiding.settle),
    ("POST", "/hidden/same", hiding.same_person),
    ("GET", "/people", people.show),
    ("POST", "/people", people.answer),
    ("GET", "/check", check.show),
    ("POST", "/check", check.send),
    ("GET", "/sent", check.sent),
    ("POST", "/finish", ending.finish),
    ("GET", "/erase", ending.ask_erase),
    ("POST", "/erase", ending.erase),
)


# Addresses that only take a form: opened as a page they lead back to the conversation.
_FORMS = ("say", "answer", "do", "danger", "box", "hidden/hide", "hidden/show", "hidden/settle", "hidden/same")


def add_pages(app: web.Application) -> None:
    """Add every page to `app`."""
    app.router.add_get("/", start.show)
    app.router.add_post("/conversations", start.open_conversation)
    for page in _FORMS:  # what the address bar holds after something was not sent
        app.router.add_get("/conversations/{conversation}/" + page, roles(OFFICER)(chat.back))
    for method, page, handler in _FOR_OFFICERS:
        app.router.add_route(method, "/conversations/{conversation}" + page, roles(OFFICER)(handler))
    app.router.add_get("/referrals", roles(OFFICER)(referrals.show_all))
    app.router.add_get("/referrals/{reference}", roles(OFFICER)(referrals.show_one))
    app.router.add_post("/referrals/{reference}", roles(OFFICER)(referrals.answer))
    app.router.add_get("/cards", cards.show_all)
    app.router.add_get("/cards/{card}", cards.show_one)
    app.router.add_get("/help", start.help_page)
    app.router.add_get("/help-sheet", start.help_sheet)
