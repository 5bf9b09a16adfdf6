"""The conversation's own page: what was said, what is asked, what was heard; and the card that takes the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.desk.bot_client import CardShown
from bot.desk.cards import ActionCard
from bot.desk.conversations import Conversation, NoSuchConversation
from bot.desk.door import NotSent
from bot.desk.kinds import KINDS
from bot.desk.pages.common import address, desk_of, next_address, not_sent_facts, own_conversation, turn_id
from bot.desk.pages.notices import Notice, said_done
from bot.desk.pages.previews import Preview, preview_of, preview_or_problem
from bot.desk.shown import Part
from bot.desk.words import WORDS
from conversation import ANYTIME, QUESTIONS
from conversation.questions import REASON_LENGTH
from conversation.turns import Choice
from sealing import new_id
from web import form_fields, render

# What each reason for not sending is, as an HTTP status: 422 is for the officer to change, 503 to try again.
_STATUS = {"stale_question": 409, "closed": 409, "hiding_failed": 503, "bot_down": 503, "not_kept": 503}


@dataclass(frozen=True)
class OpenCard:
    """An action card that nothing was done about yet, with the words that raised it."""

    card: ActionCard
    interrupt: str
    words: tuple[Part, ...]


async def show(request: web.Request) -> web.Response:
    """The conversation as it stands."""
    conversation = await own_conversation(request)
    return await chat_page(request, conversation, notice=said_done(request, conversation))


async def back(request: web.Request) -> web.StreamResponse:
    """The address of a form, opened as a page: to the conversation."""
    raise web.HTTPSeeOther(address((await own_conversation(request)).id))


async def say(request: web.Request) -> web.StreamResponse:
    """Send what was typed, or only show what would be hidden in it."""
    conversation = await own_conversation(request)
    form = await request.post()
    typed, turn = str(form.get("text", "")), turn_id(form.get("turn"))
    if "preview" in form:
        return await _show_preview(request, conversation, typed, turn)
    try:
        kept = await desk_of(request).door.say(conversation.id, conversation.officer, turn, typed)
    except NoSuchConversation:
        raise web.HTTPNotFound from None
    except NotSent as not_sent:
        return await not_sent_page(request, not_sent, typed=typed, turn=turn)
    raise web.HTTPSeeOther(next_address(kept.id, kept.state))


async def answer(request: web.Request) -> web.StreamResponse:
    """A press on one of the answers to the open question."""
    conversation = await own_conversation(request)
    form = await request.post()
    question, n = str(form.get("question", "")), str(form.get("n", ""))
    many = question in QUESTIONS and QUESTIONS[question].kind == "many"
    value = [str(item) for item in form.getall("value", [])] if many else str(form.get("value", ""))
    if many and not value:
        return await chat_page(request, conversation, errors={"many": WORDS("many.none_chosen")}, status=422)
    choice = Choice(question=question, n=int(n) if n.isascii() and n.isdigit() else 0, value=value)
    return await press(request, conversation, turn_id(form.get("turn")), choice)


async def do(request: web.Request) -> web.StreamResponse:
    """A press that may be made at any time: skip, back, why, stop, go on, "that is not right"."""
    conversation = await own_conversation(request)
    form = await form_fields(request)
    value = {"do": form.get("do", "")} | ({"sign": form["sign"]} if "sign" in form else {})
    return await press(request, conversation, turn_id(form.get("turn")), Choice(question=ANYTIME, n=0, value=value))


async def danger(request: web.Request) -> web.StreamResponse:
    """What the officer does about one or more cards; "not danger" asks for a reason, which is hidden like any text."""
    conversation = await own_conversation(request)
    form = await request.post()
    cards = [str(card) for card in form.getall("card", [])]
    done, reason = str(form.get("done", "")), str(form.get("reason", "")).strip()
    choice = Choice(question=ANYTIME, n=0, value={"do": "danger", "cards": cards, "done": done})
    turn = turn_id(form.get("turn"))
    if done != "not_danger":
        return await press(request, conversation, turn, choice)
    if len(reason) not in REASON_LENGTH:
        message = WORDS("danger.reason_missing" if len(reason) < REASON_LENGTH.start else "danger.reason_long")
        about = cards[0] if cards else ""
        errors = {f"reason-{about}": message}
        return await chat_page(request, conversation, errors=errors, reasons={about: reason}, status=422)
    return await press(request, conversation, turn, choice, reason=reason)


async def preview(request: web.Request) -> web.Response:
    """For the page's script: the piece of the page that shows how the typed words would be sent."""
    conversation = await own_conversation(request)
    form = await request.post()
    try:
        seen = await preview_or_problem(request, conversation, str(form.get("text", "")))
    except NoSuchConversation:
        raise web.HTTPNotFound from None
    return render(request, "preview.html", {"base": address(conversation.id), "preview": seen})


async def press(
    request: web.Request, conversation: Conversation, turn: str, choice: Choice, *, reason: str | None = None
) -> web.StreamResponse:
    """Send a press and go on to the next page; back to the conversation where it was not taken."""
    try:
        kept = await desk_of(request).door.choose(conversation.id, conversation.officer, turn, choice, reason)
    except NoSuchConversation:
        raise web.HTTPNotFound from None
    except NotSent as not_sent:
        reasons = dict.fromkeys(choice.value.get("cards", ()), reason) if reason is not None else {}
        return await not_sent_page(request, not_sent, reasons=reasons, turn=turn)
    raise web.HTTPSeeOther(next_address(kept.id, kept.state))


async def not_sent_page(
    request: web.Request,
    not_sent: NotSent,
    *,
    typed: str = "",
    reasons: Mapping[str, str] | None = None,
    turn: str = "",
) -> web.Response:
    """The conversation with what was typed still in the box, why it was not sent, and any danger heard in it."""
    return await chat_page(
        request,
        await own_conversation(request),  # it may stand elsewhere by now
        not_sent=not_sent_facts(not_sent.why, not_sent.values),
        cards=not_sent.cards,
        typed=typed,
        reasons=reasons,
        turn="" if not_sent.why == "stale_question" else turn,
        status=not_sent_status(not_sent.why),
    )


def not_sent_status(why: str) -> int:
    """The HTTP status for a reason why nothing was sent."""
    return _STATUS.get(why, 422)


async def chat_page(
    request: web.Request,
    conversation: Conversation,
    *,
    not_sent: dict[str, str] | None = None,
    cards: tuple[CardShown, ...] = (),
    typed: str = "",
    reasons: Mapping[str, str] | None = None,
    turn: str = "",
    preview: Preview | None = None,
    notice: Notice | None = None,
    words_to_hide: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> web.Response:
    """The conversation; an emergency card that nothing was done about takes its place."""
    desk, state = desk_of(request), conversation.state
    screen = await asyncio.to_thread(desk.screen, conversation)
    turns = await asyncio.to_thread(desk.conversations.turns, conversation)
    open_cards = [
        OpenCard(desk.cards.get(card.id), card.interrupt, screen.parts(card.words)) for card in state.open_cards
    ]
    emergencies = [shown for shown in open_cards if shown.interrupt == "E"]
    heard_now = [desk.cards.get(card.id) for card in cards]
    facts = {
        "conversation": conversation,
        "base": address(conversation.id),
        "state": state,
        "turn": turn or new_id("t"),
        "said": screen.log(turns),
        "question": state.question and QUESTIONS[state.question.id],
        "signs": screen.signs(),
        "people": screen.people(),
        "doubtful": screen.doubtful(),
        "kinds": KINDS,
        "words_to_hide": words_to_hide,
        "notice": notice,
        "emergencies": emergencies,
        "strips": [shown for shown in open_cards if shown.interrupt != "E"],
        "heard_now": heard_now,
        "cards": desk.cards,
        "not_sent": not_sent,
        "typed": typed,
        "reasons": reasons or {},
        "preview": preview or Preview(),
        "errors": errors or {},
    }
    template = "danger.html" if emergencies and not conversation.closed_at else "chat.html"
    return render(request, template, facts, status)


async def _show_preview(request: web.Request, conversation: Conversation, typed: str, turn: str) -> web.Response:
    try:
        seen = await preview_of(request, conversation, typed)
    except NoSuchConversation:
        raise web.HTTPNotFound from None
    except NotSent as not_sent:
        return await not_sent_page(request, not_sent, typed=typed, turn=turn)
    return await chat_page(request, conversation, typed=typed, turn=turn, preview=seen)
