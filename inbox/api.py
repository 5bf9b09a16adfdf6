"""The same as the pages, for scripts: list, read, accept, ask, decline."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from inbox.casebook import list_lines
from inbox.errors import ReferralErased, ReferralUnknown, TooLate
from inbox.forms import LONGEST, Checked, check_decline, check_name, check_question
from inbox.keys import ENGINE
from inbox.opening import OpenReferral
from inbox.requests import do_step, open_referral, page_number
from inbox.words import WORDS
from referrals import PeopleDocument, ReferralDocument, Status
from web import ApiProblem, Problem, answer, current_user, described, read_body, roles

_PROBLEMS: dict[int, type[BaseModel] | None] = {401: Problem, 403: Problem, 404: Problem}
_ONE_PROBLEMS = _PROBLEMS | {410: Problem}
_STEP_PROBLEMS = _ONE_PROBLEMS | {400: Problem, 409: Problem}
_Typed = Annotated[str, Field(max_length=LONGEST)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Accept(_Body):
    """Accept a referral. Only a script says who the key worker is; a person is it themselves."""

    key_worker: Annotated[str, Field(max_length=120)] = ""


class Ask(_Body):
    """Ask the officer for more."""

    question: _Typed


class Decline(_Body):
    """Decline, with a reason from the list and what could help instead."""

    reason: str
    text: _Typed


class ReferralSummary(BaseModel):
    """Where a referral stands."""

    reference: str
    status: Status
    received_at: datetime
    key_worker: str


class ReferralPage(BaseModel):
    """Referrals, newest first."""

    referrals: list[ReferralSummary]
    more: bool


class TimelineEntry(BaseModel):
    """Something that happened; ``status`` null: the officer's answer came."""

    at: datetime
    status: Status | None
    by: str
    words: str


class ReferralOut(ReferralSummary):
    """One referral, opened: the story in tokens, and who the tokens of the people who agreed are."""

    story: ReferralDocument
    people: PeopleDocument
    timeline: list[TimelineEntry]


def add_api(app: web.Application) -> None:
    """The scripts' routes."""
    app.router.add_get("/api/referrals", list_referrals, allow_head=False)
    app.router.add_get("/api/referrals/{reference}", read_one, allow_head=False)
    app.router.add_post("/api/referrals/{reference}/accept", accept)
    app.router.add_post("/api/referrals/{reference}/ask", ask)
    app.router.add_post("/api/referrals/{reference}/decline", decline)


@roles("key_worker", "manager")
@described(
    "Referrals, newest first",
    _PROBLEMS | {200: ReferralPage, 400: Problem},
    query={"status": "Only those that stand here.", "page": "1 for the newest."},
)
async def list_referrals(request: web.Request) -> web.Response:
    """Where each referral stands, a page at a time."""
    status, page = request.query.get("status", ""), page_number(request.query.get("page", "1"))
    if status and status not in set(Status):
        raise ApiProblem(400, "wrong_status", WORDS("problems.status"))
    if page is None:
        raise ApiProblem(400, "wrong_page", WORDS("problems.page"))
    lines, more = await asyncio.to_thread(list_lines, request.app[ENGINE], Status(status) if status else None, page)
    summaries = [
        ReferralSummary(
            reference=line.reference, status=line.status, received_at=line.received_at, key_worker=line.key_worker
        )
        for line in lines
    ]
    return answer(ReferralPage(referrals=summaries, more=more))


@roles("key_worker")
@described("One referral, opened", _ONE_PROBLEMS | {200: ReferralOut})
async def read_one(request: web.Request) -> web.Response:
    """Story, people and timeline. That it was read is written down."""
    referral = await _open(request)
    return answer(
        ReferralOut(
            reference=referral.reference,
            status=referral.status,
            received_at=referral.received_at,
            key_worker=referral.key_worker,
            story=referral.story,
            people=referral.people,
            timeline=[
                TimelineEntry(at=moment.at, status=moment.status, by=moment.by, words=moment.words)
                for moment in referral.timeline
            ],
        )
    )


@roles("key_worker")
@described("Accept", _STEP_PROBLEMS | {200: ReferralSummary}, body=Accept)
async def accept(request: web.Request) -> web.Response:
    """Accepts, with a key worker."""
    body, user = await read_body(request, Accept), current_user(request)
    name = body.key_worker if user.by_token else user.name
    return await _step(request, Status.ACCEPTED, check_name(name), key_worker=" ".join(name.split()))


@roles("key_worker")
@described("Ask the officer for more", _STEP_PROBLEMS | {200: ReferralSummary}, body=Ask)
async def ask(request: web.Request) -> web.Response:
    """Asks a question."""
    return await _step(request, Status.NEEDS_MORE, check_question((await read_body(request, Ask)).question))


@roles("key_worker")
@described("Decline with a reason", _STEP_PROBLEMS | {200: ReferralSummary}, body=Decline)
async def decline(request: web.Request) -> web.Response:
    """Declines."""
    body = await read_body(request, Decline)
    return await _step(request, Status.DECLINED, check_decline(body.reason, body.text))


async def _step(request: web.Request, to: Status, checked: Checked, key_worker: str = "") -> web.Response:
    if checked.errors:
        raise ApiProblem(400, "wrong_form", " ".join(checked.errors.values()))
    referral = await _open(request)
    try:
        await do_step(request, referral, to, checked.note, key_worker)
    except TooLate:
        raise ApiProblem(409, "too_late", WORDS("problems.too_late")) from None
    return answer(
        ReferralSummary(
            reference=referral.reference,
            status=to,
            received_at=referral.received_at,
            key_worker=key_worker or referral.key_worker,
        )
    )


async def _open(request: web.Request) -> OpenReferral:
    try:
        return await open_referral(request)
    except ReferralUnknown:
        raise ApiProblem(404, "not_found", WORDS("problems.unknown")) from None
    except ReferralErased:
        raise ApiProblem(410, "erased", WORDS("problems.erased")) from None
