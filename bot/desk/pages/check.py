"""Check answers, send, and the reference."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from aiohttp import web

from bot.desk.conversations import Conversation, NoSuchConversation
from bot.desk.door import NotSent
from bot.desk.left_over import left_line
from bot.desk.pages.chat import not_sent_status, press
from bot.desk.pages.common import address, desk_of, next_address, not_sent_facts, own_conversation, referrer, turn_id
from bot.desk.pages.notices import Notice, said_done
from bot.desk.shown import Screen, answer_in_words
from bot.desk.words import WORDS
from conversation import AGREEMENT, ROLES, State
from conversation.questions import CHANGEABLE
from conversation.turns import Choice
from redaction import Identities
from sealing import new_id
from web import current_user, form_fields, render


async def show(request: web.Request) -> web.Response:
    """Everything that will be sent, in plain words, each with a way to change it."""
    conversation = await own_conversation(request)
    if conversation.state.question is None or conversation.state.question.id != "check":
        raise web.HTTPSeeOther(address(conversation.id))
    return await _page(request, conversation, notice=said_done(request, conversation))


async def send(request: web.Request) -> web.StreamResponse:
    """Send it, or go back to change an answer."""
    conversation = await own_conversation(request)
    form = await form_fields(request)
    turn = turn_id(form.get("turn"))
    question = conversation.state.question
    if "change" in form:
        n = question.n if question is not None else 0
        choice = Choice(question="check", n=n, value={"change": form["change"]})
        return await press(request, conversation, turn, choice)
    if conversation.state.referral is not None and conversation.state.referral.reference:
        raise web.HTTPSeeOther(address(conversation.id, "sent"))  # pressed twice, or sent again after it went
    desk = desk_of(request)
    try:
        who = referrer(current_user(request), desk.council)
        conversation = await desk.sender.send(conversation, turn, who)
    except NoSuchConversation:
        raise web.HTTPNotFound from None
    except NotSent as not_sent:
        facts = not_sent_facts(not_sent.why, not_sent.values)
        return await _page(request, conversation, facts, turn, not_sent_status(not_sent.why))
    referral = conversation.state.referral
    if (
        referral is not None
        and not referral.reference
        and next_address(conversation.id, conversation.state).endswith("/check")
    ):
        why = f"referral.{referral.why}" if WORDS.has(f"not_sent.referral.{referral.why}.title") else "not_kept"
        return await _page(request, conversation, not_sent_facts(why, {}), "", 503)
    raise web.HTTPSeeOther(next_address(conversation.id, conversation.state))


async def sent(request: web.Request) -> web.Response:
    """The reference: shown only once the referral is kept for good."""
    conversation = await own_conversation(request)
    referral = conversation.state.referral
    if referral is None or not referral.reference:
        raise web.HTTPSeeOther(address(conversation.id))
    return render(request, "sent.html", {"base": address(conversation.id), "reference": referral.reference})


async def _page(
    request: web.Request,
    conversation: Conversation,
    not_sent: dict[str, str] | None = None,
    turn: str = "",
    status: int = 200,
    notice: Notice | None = None,
) -> web.Response:
    desk, state = desk_of(request), conversation.state
    book = await asyncio.to_thread(desk.vault.book, conversation.id)
    screen = desk.screen_of(conversation, book)
    facts = {
        "base": address(conversation.id),
        "turn": turn or new_id("t"),
        "state": state,
        "signs": [sign for sign in screen.signs() if sign.counts],
        "answers": list(_answers(screen, state)),
        "doubtful": screen.doubtful(),
        "left": left_line("\n".join(_sent_texts(state))),
        "notice": notice,
        "named": list(_named(book, state)),
        "details": [book.restore(token) for token in state.details],
        "hidden": _hidden(book, state),
        "level": WORDS(f"levels.{state.suggestion.level}") if state.suggestion else "",
        "not_sent": not_sent,
        "errors": {},
    }
    return render(request, "check.html", facts, status)


def _answers(screen: Screen, state: State) -> Iterator[dict[str, object]]:
    for question in ("child", "wants", "decision", "decision_reason", *AGREEMENT, "safe_contact"):
        given = state.answers.get(question)
        if given is not None and question in CHANGEABLE:
            words = answer_in_words(question, given.value)
            yield {"id": question, "asked": WORDS(f"change.{question}"), "parts": screen.parts(words) if words else ()}


def _sent_texts(state: State) -> Iterator[str]:
    """Whatever of the officer's words would be sent, in tokens."""
    yield from (sign.words for sign in state.ledger if sign.counts)
    for question, given in state.answers.items():
        if question in CHANGEABLE:
            yield answer_in_words(question, given.value)


def _named(book: Identities, state: State) -> Iterator[dict[str, str]]:
    for person in state.people or ():
        if person.agreed:
            yield {"name": book.restore(person.token), "role": ROLES[person.role]}


def _hidden(book: Identities, state: State) -> list[str]:
    agreed = {person.token for person in state.people or () if person.agreed}
    return [name for token, name in book.people() if token not in agreed]
