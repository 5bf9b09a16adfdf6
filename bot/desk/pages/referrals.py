"""An officer's referrals: where each one is, and what the receiving team asks."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.desk.door import NotSent
from bot.desk.pages.common import address, desk_of, not_sent_facts
from bot.desk.shown import Screen
from bot.desk.words import WORDS
from conversation import State
from referrals import NothingAsked, ReferralDetails, ReferralErased, ReferralNotFound, ReferralsError, StoreUnavailable
from referrals.casework import LONGEST_ANSWER
from web import current_user, form_fields, render


async def show_all(request: web.Request) -> web.Response:
    """The officer's referrals, newest first."""
    try:
        lines = await desk_of(request).referrals.all(current_user(request).id)
    except StoreUnavailable:
        raise web.HTTPServiceUnavailable from None
    return render(request, "referrals.html", {"lines": lines})


async def show_one(request: web.Request) -> web.Response:
    """One referral with its steps."""
    return await _page(request, await _own(request))


async def answer(request: web.Request) -> web.StreamResponse:
    """The officer's answer to the team's question; what is personal in it is hidden first."""
    referral = await _own(request)
    text = (await form_fields(request)).get("answer", "")
    if not text:
        return await _page(request, referral, text, {"answer": WORDS("answer.empty")})
    if len(text) > LONGEST_ANSWER:
        return await _page(request, referral, text, {"answer": WORDS("answer.long")})
    try:
        await desk_of(request).referrals.answer(referral, current_user(request).id, text)
    except NotSent as not_sent:
        why = "names_gone_answer" if not_sent.why in ("names_gone", "closed") else not_sent.why
        return await _page(request, referral, text, {"answer": not_sent_facts(why, not_sent.values)["title"]})
    except NothingAsked:
        return await _page(request, referral, text, {"answer": WORDS("answer.nothing_asked")})
    except ReferralsError:
        return await _page(request, referral, text, {"answer": WORDS("answer.not_kept")})
    raise web.HTTPSeeOther(f"/referrals/{referral.reference}")


async def _own(request: web.Request) -> ReferralDetails:
    try:
        return await desk_of(request).referrals.one(request.match_info["reference"], current_user(request).id)
    except (ReferralNotFound, ReferralErased):
        raise web.HTTPNotFound from None
    except StoreUnavailable:
        raise web.HTTPServiceUnavailable from None


async def _page(
    request: web.Request, referral: ReferralDetails, text: str = "", errors: dict[str, str] | None = None
) -> web.Response:
    desk = desk_of(request)
    book = await asyncio.to_thread(desk.vault.book, referral.conversation)
    screen = Screen(book, State(), desk.pack)
    facts = {
        "referral": referral,
        "base": address(referral.conversation),
        "steps": [(step, screen.parts(step.note or "")) for step in referral.history],
        "question": screen.parts(referral.question or ""),
        "reason": screen.parts(referral.reason or ""),
        "signs": [(sign.name, screen.parts(sign.words)) for sign in referral.story.signs],
        "text": text,
        "errors": errors or {},
    }
    return render(request, "referral.html", facts, 422 if errors else 200)
