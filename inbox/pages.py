"""The team's pages: the list, one referral, and the three things that can be done with it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlencode

from aiohttp import web

from inbox.casebook import Line, count_by_status, list_lines
from inbox.errors import ReferralErased, ReferralUnknown, TooLate
from inbox.forms import LONGEST, REASONS, Checked, check_decline, check_name, check_question
from inbox.keys import ENGINE, OPENER
from inbox.opening import OpenReferral
from inbox.requests import do_step, open_referral, page_number
from inbox.words import WORDS
from referrals import ALLOWED_MOVES, Status
from web import current_user, form_fields, render, roles, see_other

_FORMS = {"accept": Status.ACCEPTED, "ask": Status.NEEDS_MORE, "decline": Status.DECLINED}


def add_pages(app: web.Application) -> None:
    """The pages' routes."""
    app.router.add_get("/", show_list)
    app.router.add_get("/referrals/{reference}", show_referral, allow_head=False)
    app.router.add_get("/referrals/{reference}/{what:accept|ask|decline}", show_form, allow_head=False)
    app.router.add_post("/referrals/{reference}/{what:accept|ask|decline}", send_form)


@roles("key_worker", "manager")
async def show_list(request: web.Request) -> web.Response:
    """The referrals, newest first. A manager sees what stands where, and nothing of what is in them."""
    status = _status(request.query.get("status", ""))
    page = page_number(request.query.get("page", "1")) or 1
    engine = request.app[ENGINE]
    lines, more = await asyncio.to_thread(list_lines, engine, status, page)
    counts = await asyncio.to_thread(count_by_status, engine)
    about = {}
    if current_user(request).role == "key_worker":
        about = await asyncio.to_thread(_what_about, request, lines)
    facts = {
        "lines": lines,
        "about": about,
        "counts": counts,
        "all": sum(counts.values()),
        "chosen": status,
        "statuses": list(Status)[1:],
        "page": page,
        "newer": _link(status, page - 1) if page > 1 else "",
        "older": _link(status, page + 1) if more else "",
    }
    return render(request, "list.html", facts)


@roles("key_worker")
async def show_referral(request: web.Request) -> web.Response:
    """One referral, opened. That somebody read it is written down."""
    referral = await _open(request)
    done = request.query.get("done", "")
    banner = WORDS(f"done.{done}") if WORDS.has(f"done.{done}") and done == referral.status else ""
    can = [what for what, to in _FORMS.items() if to in ALLOWED_MOVES[referral.status]]
    return render(request, "referral.html", {"referral": referral, "banner": banner, "can": can})


@roles("key_worker")
async def show_form(request: web.Request) -> web.Response:
    """The form to accept, to ask for more, or to decline."""
    referral = await _open(request)
    if _FORMS[request.match_info["what"]] not in ALLOWED_MOVES[referral.status]:
        return see_other(f"/referrals/{referral.reference}")
    return _form_page(request, referral, {}, {})


@roles("key_worker")
async def send_form(request: web.Request) -> web.Response:
    """Takes the step. A wrong form comes back as it was typed; a decline is read back once before it is sent."""
    what, typed = request.match_info["what"], await form_fields(request)
    user = current_user(request)
    checked = _check(what, typed, user.name)
    referral = await _open(request)
    if checked.errors:
        return _form_page(request, referral, typed, checked.errors)
    if what == "decline" and typed.get("checked") != "yes":
        again = typed.get("change") == "yes"
        page = "decline.html" if again else "decline_check.html"
        return render(request, page, _form_facts(referral, typed, {}) | {"note": checked.note})
    to = _FORMS[what]
    try:
        await do_step(
            request,
            referral,
            to,
            checked.note,
            user.name if to is Status.ACCEPTED else "",
            _status(typed.get("seen", "")),
        )
    except TooLate as late:
        return render(request, "too_late.html", {"referral": referral, "late": late, "note": checked.note}, 409)
    return see_other(f"/referrals/{referral.reference}?done={to}")


def _check(what: str, typed: Mapping[str, str], name: str) -> Checked:
    if what == "accept":
        return check_name(name)
    if what == "ask":
        return check_question(typed.get("question", ""))
    return check_decline(typed.get("reason", ""), typed.get("text", ""))


def _form_page(
    request: web.Request, referral: OpenReferral, typed: Mapping[str, str], errors: Mapping[str, str]
) -> web.Response:
    page = f"{request.match_info['what']}.html"
    return render(request, page, _form_facts(referral, typed, errors), 400 if errors else 200)


def _form_facts(referral: OpenReferral, typed: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, object]:
    return {"referral": referral, "typed": typed, "errors": errors, "reasons": REASONS, "longest": LONGEST}


async def _open(request: web.Request) -> OpenReferral:
    try:
        return await open_referral(request)
    except ReferralUnknown:
        raise web.HTTPNotFound from None
    except ReferralErased:
        raise web.HTTPGone from None


def _what_about(request: web.Request, lines: list[Line]) -> dict[str, list[str]]:
    """What each referral that was not erased is about: the names of the signs that are there now, without who."""
    about = {}
    for line in lines:
        with suppress(ReferralErased):
            story = request.app[OPENER].open_story(line.reference, line.story)
            about[line.reference] = [sign.name for sign in story.signs if sign.status == "present"]
    return about


def _status(typed: str) -> Status | None:
    return Status(typed) if typed in set(Status) else None


def _link(status: Status | None, page: int) -> str:
    chosen = {"status": str(status)} if status else {}
    return "/?" + urlencode(chosen | {"page": str(page)})
