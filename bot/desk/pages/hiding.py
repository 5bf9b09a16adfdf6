"""The officer's say in what is hidden: hide words late, show them again, settle doubts, say that two are one person."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiohttp import web

from bot.desk.conversations import Conversation, NoSuchConversation
from bot.desk.door import NotSent
from bot.desk.kinds import KINDS, type_of
from bot.desk.pages.chat import chat_page, not_sent_status
from bot.desk.pages.common import address, desk_of, own_conversation, turn_id
from bot.desk.pages.message import NO_MESSAGE, MessageAsked, message_to_tick
from bot.desk.pages.notices import Notice, could_not, done_notice, said_done, team_has_it
from bot.desk.pages.previews import preview_or_problem
from bot.desk.picking import TicksGrewOld, ticked
from bot.desk.shown import typed_words
from bot.desk.words import WORDS
from web import form_fields, render

_BACK: Final = ("hidden", "people", "check")
_PAGE: Final = "hidden"
_EDGES: Final = re.compile(r"^[\W_]+|[\W_]+$")
LONGEST: Final = 200
"""Letters that can be hidden at once: more is no name, number or address."""


async def show(request: web.Request) -> web.Response:
    """Everything that is hidden in the conversation, and the words of one message where the address names it."""
    conversation = await own_conversation(request)
    if any(card.interrupt == "E" for card in conversation.state.open_cards):
        raise web.HTTPSeeOther(address(conversation.id))  # nothing stands before danger
    asked = MessageAsked(request.query.get("message", ""), request.query.get("page", ""))
    return await _page(request, conversation, said_done(request, conversation), asked)


async def hide(request: web.Request) -> web.StreamResponse:
    """Hide words that were typed, selected, or ticked in a message."""
    conversation = await own_conversation(request)
    form = await request.post()
    kind, back = str(form.get("kind", "")), str(form.get("back", ""))
    asked = MessageAsked(str(form.get("message", "")), str(form.get("page", "")))
    if "message" in form:
        try:
            stretches = await _ticked(request, conversation, asked.number, form.getall("tick", []))
        except TicksGrewOld:
            return await _page(request, conversation, Notice(WORDS("hiding.changed")), asked, 409)
        if not stretches:
            return await _page(request, conversation, Notice(WORDS("hiding.none_ticked")), asked, 422)
    else:
        stretches = [str(form.get("words", ""))]

    async def hide_all() -> Conversation:
        kept = conversation
        for words in stretches:
            kept = await hide_words(request, conversation, words, kind)
        return kept

    return await _changed(request, conversation, back, await _done_hiding(request, conversation), hide_all)


async def show_again(request: web.Request) -> web.StreamResponse:
    """Show what was hidden: a token with every way it was written, or words."""
    conversation, form = await own_conversation(request), await form_fields(request)

    async def show_it() -> Conversation:
        door, what = desk_of(request).door, form.get("what", "")
        return await door.show_words(conversation.id, conversation.officer, what)

    return await _changed(request, conversation, form.get("back", ""), "shown", show_it)


async def settle(request: web.Request) -> web.StreamResponse:
    """All doubtful words together: what is ticked stays hidden, the rest is shown."""
    conversation = await own_conversation(request)
    form = await request.post()
    asked, kept_hidden = form.getall("asked", []), form.getall("hidden", [])

    async def settle_all() -> Conversation:
        book = await asyncio.to_thread(desk_of(request).vault.book, conversation.id)
        # What came up since the form was shown was not asked about: it stays hidden.
        hidden = {str(token) for token in kept_hidden} | {token for token, _ in book.doubtful() if token not in asked}
        return await desk_of(request).door.settle(conversation.id, conversation.officer, hidden)

    return await _changed(request, conversation, str(form.get("back", "")), "settled", settle_all)


async def same_person(request: web.Request) -> web.StreamResponse:
    """Two of those who were met are one person: who was met first gives the name."""
    conversation, form = await own_conversation(request), await form_fields(request)
    one, other, back = form.get("one", ""), form.get("other", ""), form.get("back", "")
    book = await asyncio.to_thread(desk_of(request).vault.book, conversation.id)
    order = [token for token, _ in book.people()]
    if one == other or one not in order or other not in order:
        return await _could_not(request, back, Notice(WORDS("hiding.choose_two")), 422)
    into, token = sorted((one, other), key=order.index)

    async def merge() -> Conversation:
        return await desk_of(request).door.same_person(conversation.id, conversation.officer, token, into)

    return await _changed(request, conversation, back, "same", merge)


async def in_box(request: web.Request) -> web.StreamResponse:
    """Hide or show words that are not sent yet; what was typed stays in the box, with the preview as it is then."""
    conversation = await own_conversation(request)
    form = await request.post()
    typed = str(form.get("text", ""))
    notice, status, left = None, 200, ""
    try:
        if "show" in form:
            words = str(form["show"])
            await desk_of(request).door.show_words(conversation.id, conversation.officer, words)
        else:
            done = await _done_hiding(request, conversation)
            kept = await hide_words(request, conversation, str(form.get("words", "")), str(form.get("kind", "")))
            notice = done_notice(done, kept)
    except NoSuchConversation:
        raise web.HTTPNotFound from None
    except NotSent as not_sent:
        notice, status = could_not(not_sent), not_sent_status(not_sent.why)
        left = str(form.get("words", ""))
    return await chat_page(
        request,
        await own_conversation(request),
        typed=typed,
        turn=turn_id(form.get("turn")),
        preview=await preview_or_problem(request, conversation, typed),
        notice=notice,
        words_to_hide=left,
        status=status,
    )


async def hide_words(request: web.Request, conversation: Conversation, words: str, kind: str) -> Conversation:
    """Hide `words`, of a kind that the officer chose, everywhere in the conversation. Raises NotSent."""
    # A selection easily takes a comma or a full stop with it.
    door, words = desk_of(request).door, _EDGES.sub("", words)
    if len(words) > LONGEST:
        raise NotSent("too_much_to_hide", longest=LONGEST)
    return await door.hide_words(conversation.id, conversation.officer, words, type_of(kind, words))


async def _changed(
    request: web.Request,
    conversation: Conversation,
    back: str,
    done: str,
    change: Callable[[], Awaitable[Conversation]],
) -> web.StreamResponse:
    try:
        await change()
    except NoSuchConversation:
        raise web.HTTPNotFound from None
    except NotSent as not_sent:
        return await _could_not(request, back, could_not(not_sent), not_sent_status(not_sent.why))
    page = back if back in _BACK else ""
    raise web.HTTPSeeOther(f"{address(conversation.id, page)}?done={done}#notice")


async def _could_not(request: web.Request, back: str, notice: Notice, status: int) -> web.Response:
    now = await own_conversation(request)  # it may stand elsewhere by now
    if back in _BACK:
        return await _page(request, now, notice, status=status)
    return await chat_page(request, now, notice=notice, status=status)


async def _done_hiding(request: web.Request, conversation: Conversation) -> str:
    turns = await asyncio.to_thread(desk_of(request).conversations.turns, conversation)
    return "hidden_everywhere" if any(typed_words(turn) for turn in turns) else "hidden"


async def _ticked(request: web.Request, conversation: Conversation, number: str, values: Sequence[object]) -> list[str]:
    turns = await asyncio.to_thread(desk_of(request).conversations.turns, conversation)
    text = next((typed_words(turn) for turn in turns if str(turn.n) == number), "")
    return ticked(text, [str(value) for value in values])


async def _page(
    request: web.Request,
    conversation: Conversation,
    notice: Notice | None,
    asked: MessageAsked = NO_MESSAGE,
    status: int = 200,
) -> web.Response:
    desk = desk_of(request)
    book = await asyncio.to_thread(desk.vault.book, conversation.id)
    turns = await asyncio.to_thread(desk.conversations.turns, conversation)
    screen = desk.screen_of(conversation, book)
    facts = {
        "conversation": conversation,
        "base": address(conversation.id),
        "state": conversation.state,
        "back": _PAGE,
        "came_from": next((page for page in _BACK if page == request.query.get("back") != _PAGE), ""),
        "groups": screen.hidden(),
        "people": screen.people(),
        "doubtful": screen.doubtful(),
        "shown_words": book.shown(),
        "kinds": KINDS,
        "message": message_to_tick(asked, screen, turns),
        "team_has_it": team_has_it(conversation),
        "notice": notice,
        "errors": {},
    }
    return render(request, "hidden.html", facts, status)
