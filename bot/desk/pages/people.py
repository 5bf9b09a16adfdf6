"""Who is who: the officer says it of each person, and ticks only those who agreed to be named."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.desk.conversations import Conversation
from bot.desk.pages.chat import press
from bot.desk.pages.common import address, desk_of, own_conversation, turn_id
from bot.desk.pages.notices import said_done
from bot.desk.shown import NOT_SAID
from bot.desk.words import WORDS
from conversation import NEVER_SHARED, ROLES
from conversation.questions import MOST_DETAILS, MOST_PEOPLE
from conversation.turns import Choice
from redaction import PERSON, TOKEN, Identities
from sealing import new_id
from web import render


@dataclass(frozen=True)
class PersonRow:
    """One person on the form, as it was filled in last."""

    field: str
    token: str
    name: str
    role: str = ""
    agreed: bool = False


@dataclass(frozen=True)
class DetailRow:
    """One number, address or the like on the form."""

    field: str
    token: str
    kind: str
    value: str
    shared: bool = False


async def show(request: web.Request) -> web.Response:
    """The form; nobody is ticked before the officer ticks them."""
    conversation = await own_conversation(request)
    return await _page(request, conversation, {})


async def answer(request: web.Request) -> web.StreamResponse:
    """Take the form in."""
    conversation = await own_conversation(request)
    form = {name: str(value) for name, value in (await request.post()).items()}
    people, details = await _rows(request, conversation, form)
    errors = _mistakes(people)
    if len([row for row in people if row.role or row.agreed]) > MOST_PEOPLE:
        errors["people"] = WORDS("people.too_many")
    if errors:
        return await _page(request, conversation, form, errors)
    said = sorted(people, key=lambda row: not row.role)[:MOST_PEOPLE]
    value = {
        "people": [{"token": row.token, "role": row.role or NOT_SAID, "agreed": row.agreed} for row in said],
        "details": [row.token for row in details if row.shared][:MOST_DETAILS],
    }
    n = form.get("n", "")
    choice = Choice(question="people", n=int(n) if n.isascii() and n.isdigit() else 0, value=value)
    return await press(request, conversation, turn_id(form.get("turn")), choice)


async def _page(
    request: web.Request, conversation: Conversation, form: Mapping[str, str], errors: dict[str, str] | None = None
) -> web.Response:
    question = conversation.state.question
    if question is None or question.id != "people":
        raise web.HTTPSeeOther(address(conversation.id))
    people, details = await _rows(request, conversation, form)
    screen = await asyncio.to_thread(desk_of(request).screen, conversation)
    facts = {
        "doubtful": screen.doubtful(),
        "notice": said_done(request, conversation),
        "base": address(conversation.id),
        "turn": new_id("t"),
        "n": question.n,
        "people": people,
        "details": details,
        "roles": [{"value": "", "text": "Choose"}] + [{"value": key, "text": text} for key, text in ROLES.items()],
        "never_shared": [ROLES[role] for role in ROLES if role in NEVER_SHARED],
        "errors": errors or {},
    }
    return render(request, "people.html", facts, 422 if errors else 200)


async def _rows(
    request: web.Request, conversation: Conversation, form: Mapping[str, str]
) -> tuple[list[PersonRow], list[DetailRow]]:
    """Everybody and everything that the conversation speaks of, with what the form says of each."""
    desk = desk_of(request)
    book = await asyncio.to_thread(desk.vault.book, conversation.id)
    turns = await asyncio.to_thread(desk.conversations.turns, conversation)
    spoken_of = list(dict.fromkeys(match[0] for turn in turns for match in TOKEN.finditer(turn.text or "")))
    names = dict(book.people())
    people, details = [], []
    for token in spoken_of:
        kind, number = token.strip("[]").split(" ")
        field = f"{kind.lower()}-{number}"
        if kind == PERSON and token in names:
            role, agreed = form.get(f"{field}-role", book.role(token)), f"{field}-agreed" in form
            people.append(PersonRow(field, token, names[token], role if role in ROLES else "", agreed))
        elif kind != PERSON and book.lookup(token):
            details.append(_detail(book, field, token, kind, f"{field}-shared" in form))
    return people, details


def _detail(book: Identities, field: str, token: str, kind: str, shared: bool) -> DetailRow:
    name = WORDS(f"types.{kind}") if WORDS.has(f"types.{kind}") else kind
    return DetailRow(field, token, name, book.restore(token), shared)


def _mistakes(people: list[PersonRow]) -> dict[str, str]:
    errors = {}
    for row in people:
        if row.agreed and not row.role:
            errors[f"{row.field}-role"] = WORDS("people.role_missing", name=row.name)
        elif row.agreed and row.role in NEVER_SHARED:
            errors[f"{row.field}-agreed"] = WORDS("people.never_shared", name=row.name, role=ROLES[row.role])
    return errors
