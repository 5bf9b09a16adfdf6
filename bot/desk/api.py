"""The JSON side of the desk: the same door, for scripts and for the council's own pages. Texts come back in tokens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.desk.bot_client import CardShown
from bot.desk.conversations import Conversation, NoSuchConversation
from bot.desk.door import NotSent
from bot.desk.kinds import Kind
from bot.desk.pages.chat import not_sent_status
from bot.desk.pages.common import desk_of, referrer, turn_id
from bot.desk.pages.hiding import hide_words
from bot.desk.words import WORDS
from conversation import State
from conversation.turns import Choice
from redaction import remaining
from referrals import ReferralDetails, ReferralErased, ReferralLine, ReferralNotFound, Status, StoreUnavailable
from sealing import KeyDestroyed
from web import ApiProblem, answer, current_user, described, read_body, roles

_OFFICER = "officer"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TurnSent(_Model):
    """One turn: either `text`, in any words, or `choice`. The same `turn` id is taken once, however often it comes."""

    text: str | None = None
    choice: Choice | None = None
    reason: str | None = Field(None, description="Typed words that a choice needs; hidden before they are sent.")
    turn: str | None = Field(None, pattern="^t_[0-9a-f]{32}$")


class TextSent(_Model):
    """Words to try out."""

    text: str


class Message(_Model):
    """One thing said, in tokens."""

    by: str
    at: datetime
    text: str
    card: CardShown | None = None


class ConversationShown(_Model):
    """A conversation as it stands, in tokens; docs/conversation.md explains `state`."""

    id: str
    opened_at: datetime
    closed: bool
    messages: tuple[Message, ...]
    state: State


class ConversationListed(_Model):
    """A conversation that is not finished."""

    id: str
    opened_at: datetime
    touched_at: datetime


class ConversationList(_Model):
    """Conversations that are not finished, the last used first."""

    conversations: tuple[ConversationListed, ...]


class Hidden(_Model):
    """A stretch of the text that would be hidden, in code points, and the token that would stand for it."""

    start: int
    end: int
    token: str
    doubtful: bool


class Left(_Model):
    """A detail that could still point to the family, as it was written."""

    kind: str
    words: str


class Preview(_Model):
    """What would be sent, and what would be hidden."""

    text: str
    hidden: tuple[Hidden, ...]
    left: tuple[Left, ...] = Field(description="What could still point to the family once names are hidden.")


class WordsToHide(_Model):
    """Words that are personal, and what they are."""

    words: str
    kind: Kind = "person"


class WordsToShow(_Model):
    """Words that are not personal after all, or the token that stands for them."""

    what: str = Field(description="The words, or a token such as [PERSON 1].")


class Settled(_Model):
    """The doubtful tokens that stay hidden. Every other doubtful one is shown again."""

    hidden: tuple[str, ...]


class SamePerson(_Model):
    """Two tokens that turn out to be one person: `token` becomes `into` everywhere."""

    token: str
    into: str


class HiddenListed(_Model):
    """Something that is hidden; `always` where it cannot be shown again, `role` once it was said who they are."""

    token: str
    doubtful: bool
    always: bool
    role: str


class HiddenList(_Model):
    """Everything that is hidden, without names; `everywhere` once that is done in all that was said."""

    hidden: tuple[HiddenListed, ...]
    everywhere: bool


class ReferralListed(_Model):
    """One referral, as a reference and where it is."""

    reference: str
    status: Status
    created_at: datetime
    changed_at: datetime


class ReferralList(_Model):
    """The caller's referrals, newest first."""

    referrals: tuple[ReferralListed, ...]


class Step(_Model):
    """One step of a referral."""

    status: Status
    at: datetime
    note: str | None


class ReferralRead(ReferralListed):
    """A referral with its steps; `question` is what the receiving team asks now, in tokens."""

    question: str | None
    reason: str | None
    steps: tuple[Step, ...]


class CardRead(_Model):
    """An action card."""

    id: str
    name: str
    interrupt: str
    do: tuple[str, ...]
    do_not: tuple[str, ...]
    contacts: tuple[str, ...]


class CardList(_Model):
    """Every action card, emergencies first."""

    cards: tuple[CardRead, ...]


class NotSentAnswer(_Model):
    """Nothing was sent or kept; `cards` is danger that was heard in it all the same."""

    error: str
    message: str
    cards: tuple[CardShown, ...]


_NOT_CHANGED = dict.fromkeys((409, 422, 503), NotSentAnswer)


@described("Open a conversation", {201: ConversationShown, 503: NotSentAnswer})
async def open_conversation(request: web.Request) -> web.Response:
    """A new conversation of the caller's."""
    desk, user = desk_of(request), current_user(request)
    conversation = await asyncio.to_thread(desk.conversations.create, user.id)
    try:
        conversation = await desk.door.open(conversation.id, user.id)
    except NotSent as not_sent:
        await asyncio.to_thread(desk.closing.erase, conversation.id)
        return _not_sent(not_sent)
    return answer(await _shown(request, conversation), 201)


@described("Conversations that are not finished", {200: ConversationList})
async def list_conversations(request: web.Request) -> web.Response:
    """The caller's own."""
    found = await asyncio.to_thread(desk_of(request).conversations.unfinished, current_user(request).id)
    listed = [ConversationListed(id=one.id, opened_at=one.opened_at, touched_at=one.touched_at) for one in found]
    return answer(ConversationList(conversations=tuple(listed)))


@described("Read a conversation", {200: ConversationShown})
async def read_conversation(request: web.Request) -> web.Response:
    """One of the caller's own."""
    return answer(await _shown(request, await _own(request)))


@described(
    "Say something, or press an answer",
    {200: ConversationShown, **dict.fromkeys((409, 422, 503), NotSentAnswer)},
    body=TurnSent,
)
async def take_turn(request: web.Request) -> web.Response:
    """Hide what is personal, send it, keep it."""
    conversation, sent = await _own(request), await read_body(request, TurnSent)
    if (sent.text is None) == (sent.choice is None):
        raise ApiProblem(400, "wrong_form", WORDS("api.text_or_choice"))
    door, turn = desk_of(request).door, turn_id(sent.turn)
    try:
        if sent.choice is not None:
            kept = await door.choose(conversation.id, conversation.officer, turn, sent.choice, sent.reason)
        else:
            kept = await door.say(conversation.id, conversation.officer, turn, sent.text or "")
    except NoSuchConversation:
        raise _none_such() from None
    except NotSent as not_sent:
        return _not_sent(not_sent)
    return answer(await _shown(request, kept))


@described("What would be hidden", {200: Preview, 422: NotSentAnswer, 503: NotSentAnswer}, body=TextSent)
async def preview(request: web.Request) -> web.Response:
    """Nothing is sent or remembered."""
    conversation, sent = await _own(request), await read_body(request, TextSent)
    try:
        redacted = await desk_of(request).door.try_out(conversation.id, conversation.officer, sent.text)
    except NotSent as not_sent:
        return _not_sent(not_sent)
    hidden = [
        Hidden(start=span.start, end=span.end, token=span.token, doubtful=span.doubtful) for span in redacted.spans
    ]
    left = [Left(kind=detail.kind, words=detail.words) for detail in remaining(redacted.text)]
    return answer(Preview(text=redacted.text, hidden=tuple(hidden), left=tuple(left)))


@described("What is hidden", {200: HiddenList})
async def list_hidden(request: web.Request) -> web.Response:
    """Every token of the conversation that stands for somebody or something, without the names."""
    return answer(await _hidden(request, await _own(request)))


@described("Hide words late", {200: HiddenList, **_NOT_CHANGED}, body=WordsToHide)
async def hide(request: web.Request) -> web.Response:
    """Hide words in what will be said and in all that was said."""
    sent = await read_body(request, WordsToHide)
    return await _changed(request, lambda own: hide_words(request, own, sent.words, sent.kind))


@described("Show words again", {200: HiddenList, **_NOT_CHANGED}, body=WordsToShow)
async def show(request: web.Request) -> web.Response:
    """Put words back everywhere; numbers and addresses of a known shape always stay hidden."""
    sent, door = await read_body(request, WordsToShow), desk_of(request).door
    return await _changed(request, lambda own: door.show_words(own.id, own.officer, sent.what))


@described("Settle what is doubtful", {200: HiddenList, **_NOT_CHANGED}, body=Settled)
async def settle(request: web.Request) -> web.Response:
    """All doubtful tokens together."""
    sent, door = await read_body(request, Settled), desk_of(request).door
    return await _changed(request, lambda own: door.settle(own.id, own.officer, sent.hidden))


@described("Say that two are one person", {200: HiddenList, **_NOT_CHANGED}, body=SamePerson)
async def same_person(request: web.Request) -> web.Response:
    """Refused once one of them agreed to be named."""
    sent, door = await read_body(request, SamePerson), desk_of(request).door
    return await _changed(request, lambda own: door.same_person(own.id, own.officer, sent.token, sent.into))


@described("Send the referral", {200: ConversationShown, **dict.fromkeys((409, 422, 503), NotSentAnswer)})
async def send_referral(request: web.Request) -> web.Response:
    """Seal the people who agreed, and press "send" on the answers that were checked."""
    conversation, desk = await _own(request), desk_of(request)
    try:
        who = referrer(current_user(request), desk.council)
        kept = await desk.sender.send(conversation, turn_id(None), who)
    except NoSuchConversation:
        raise _none_such() from None
    except NotSent as not_sent:
        return _not_sent(not_sent)
    return answer(await _shown(request, kept))


@described("Erase a conversation", {204: None})
async def erase_conversation(request: web.Request) -> web.Response:
    """All of it, for good."""
    conversation = await _own(request)
    await asyncio.to_thread(desk_of(request).closing.erase, conversation.id)
    return web.Response(status=204)


@described("My referrals", {200: ReferralList})
async def list_referrals(request: web.Request) -> web.Response:
    """The caller's own, newest first."""
    try:
        lines = await desk_of(request).referrals.all(current_user(request).id)
    except StoreUnavailable:
        raise ApiProblem(503, "not_available", WORDS("api.not_available")) from None
    return answer(ReferralList(referrals=tuple(ReferralListed(**_line(line)) for line in lines)))


@described("Read a referral", {200: ReferralRead})
async def read_referral(request: web.Request) -> web.Response:
    """One of the caller's own, with its steps."""
    try:
        found = await desk_of(request).referrals.one(request.match_info["reference"], current_user(request).id)
    except (ReferralNotFound, ReferralErased):
        raise ApiProblem(404, "not_found", WORDS("api.no_referral")) from None
    except StoreUnavailable:
        raise ApiProblem(503, "not_available", WORDS("api.not_available")) from None
    steps = tuple(Step(status=step.status, at=step.at, note=step.note) for step in found.history)
    return answer(ReferralRead(**_line(found), question=found.question, reason=found.reason, steps=steps))


@described("Every action card", {200: CardList})
async def list_cards(request: web.Request) -> web.Response:
    """What to do in danger; needs nothing but this process."""
    cards = [
        CardRead(
            id=card.id,
            name=card.name,
            interrupt=card.interrupt,
            do=card.do,
            do_not=card.do_not,
            contacts=card.contacts,
        )
        for card in desk_of(request).cards.all()
    ]
    return answer(CardList(cards=tuple(cards)))


def add_api(app: web.Application) -> None:
    """Add the API's routes to `app`."""
    only = roles(_OFFICER)
    one = "/api/conversations/{conversation}"
    app.router.add_post("/api/conversations", only(open_conversation))
    app.router.add_get("/api/conversations", only(list_conversations))
    app.router.add_get(one, only(read_conversation))
    app.router.add_delete(one, only(erase_conversation))
    app.router.add_post(one + "/turns", only(take_turn))
    app.router.add_post(one + "/preview", only(preview))
    app.router.add_get(one + "/hidden", only(list_hidden))
    app.router.add_post(one + "/hidden", only(hide))
    app.router.add_post(one + "/hidden/show", only(show))
    app.router.add_post(one + "/hidden/settle", only(settle))
    app.router.add_post(one + "/hidden/same-person", only(same_person))
    app.router.add_post(one + "/referral", only(send_referral))
    app.router.add_get("/api/referrals", only(list_referrals))
    app.router.add_get("/api/referrals/{reference}", only(read_referral))
    app.router.add_get("/api/cards", list_cards)


async def _own(request: web.Request) -> Conversation:
    try:
        return await asyncio.to_thread(
            desk_of(request).conversations.get, request.match_info["conversation"], current_user(request).id
        )
    except (NoSuchConversation, KeyDestroyed):
        raise _none_such() from None


async def _changed(request: web.Request, change: Callable[[Conversation], Awaitable[Conversation]]) -> web.Response:
    """What is hidden after `change`, a call of the door."""
    try:
        kept = await change(await _own(request))
    except NoSuchConversation:
        raise _none_such() from None
    except NotSent as not_sent:
        return _not_sent(not_sent)
    return answer(await _hidden(request, kept))


async def _hidden(request: web.Request, conversation: Conversation) -> HiddenList:
    screen = await asyncio.to_thread(desk_of(request).screen, conversation)
    listed = [
        HiddenListed(token=one.token, doubtful=one.doubtful, always=one.always, role=one.role)
        for group in screen.hidden().values()
        for one in group
    ]
    return HiddenList(hidden=tuple(listed), everywhere=not conversation.unfinished)


def _none_such() -> ApiProblem:
    return ApiProblem(404, "not_found", WORDS("api.no_conversation"))


async def _shown(request: web.Request, conversation: Conversation) -> ConversationShown:
    turns = await asyncio.to_thread(desk_of(request).conversations.turns, conversation)
    messages: list[Message] = []
    for turn in turns:
        if turn.text is not None:
            messages.append(Message(by="officer", at=turn.kept_at, text=turn.text))
        messages += [
            Message(by="assistant", at=turn.kept_at, text=message.text, card=message.card) for message in turn.messages
        ]
    return ConversationShown(
        id=conversation.id,
        opened_at=conversation.opened_at,
        closed=conversation.closed_at is not None,
        messages=tuple(messages),
        state=conversation.state,
    )


def _not_sent(not_sent: NotSent) -> web.Response:
    message = f"{WORDS(f'not_sent.{not_sent.why}.title')}. {WORDS(f'not_sent.{not_sent.why}.text', **not_sent.values)}"
    body = NotSentAnswer(error=not_sent.why, message=message, cards=not_sent.cards)
    return answer(body, not_sent_status(not_sent.why))


def _line(referral: ReferralLine | ReferralDetails) -> dict[str, Any]:
    return {
        "reference": referral.reference,
        "status": referral.status,
        "created_at": referral.created_at,
        "changed_at": referral.changed_at,
    }
