"""The intake API that the relay speaks: signed, idempotent, and answered only after the commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from aiohttp import web
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from inbox.errors import CannotBeOpened, OtherContent, ReferralErased, ReferralUnknown
from inbox.keys import ENGINE, IN_PROGRESS, OUTER_SEAL, SECRETS, VERIFIER
from inbox.outer_seal import OuterSeal
from inbox.taking_in import Kept, events_after, keep_answer, keep_referral
from inbox.words import WORDS
from referrals.intake import (
    ANSWERS_PATH,
    EVENTS_PATH,
    IDEMPOTENCY_HEADER,
    REFERRALS_PATH,
    AnswerDelivery,
    EventsPage,
    Receipt,
    ReferralDelivery,
    SignedReceipt,
)
from sealing import BadSignature, sign_receipt
from web import SITE, ApiProblem, Problem, answer, described, parse_body, public, signed_elsewise

_KEY = {IDEMPOTENCY_HEADER: "The reference of the referral, or the id of the answer."}
_ANSWERS: dict[int, type[SignedReceipt] | type[Problem]] = {
    201: SignedReceipt,
    400: Problem,
    401: Problem,
    409: Problem,
    422: Problem,
}
Delivery = TypeVar("Delivery", ReferralDelivery, AnswerDelivery)


def add_intake_routes(app: web.Application) -> None:
    """The three routes that ``referrals.intake`` names."""
    app.router.add_post(REFERRALS_PATH, take_referral)
    app.router.add_post(ANSWERS_PATH, take_answer)
    app.router.add_get(EVENTS_PATH, show_events, allow_head=False)


@public
@signed_elsewise
@described("Deliver a referral", _ANSWERS, body=ReferralDelivery, headers=_KEY, signed=True)
async def take_referral(request: web.Request) -> web.Response:
    """Keeps a referral and answers with a signed receipt."""
    delivery = parse_body(await _signed_body(request), ReferralDelivery)
    return await _take(request, delivery.reference, delivery, keep_referral)


@public
@signed_elsewise
@described("Deliver an officer's answer to a question", _ANSWERS, body=AnswerDelivery, headers=_KEY, signed=True)
async def take_answer(request: web.Request) -> web.Response:
    """Keeps an answer and answers with a signed receipt."""
    delivery = parse_body(await _signed_body(request), AnswerDelivery)
    return await _take(request, delivery.answer_id, delivery, keep_answer)


@public
@signed_elsewise
@described(
    "What the team did since event number `after`",
    {200: EventsPage, 400: Problem, 401: Problem},
    query={"after": "The number of the last event you know; 0 for all."},
    signed=True,
)
async def show_events(request: web.Request) -> web.Response:
    """The next events, lowest number first."""
    await _signed_body(request)
    after = request.query.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) < 16):
        raise ApiProblem(400, "wrong_after", WORDS("problems.after"))
    return answer(await asyncio.to_thread(events_after, request.app[ENGINE], request.app[OUTER_SEAL], int(after)))


async def _signed_body(request: web.Request) -> bytes:
    body = await request.read()
    try:
        request.app[VERIFIER].verify(request.method, request.raw_path, request.headers, body)
    except BadSignature:
        raise ApiProblem(401, "not_signed", WORDS("problems.not_signed")) from None
    return body


async def _take(
    request: web.Request, key: str, delivery: Delivery, keep: Callable[[Engine, OuterSeal, bytes, Delivery], Kept]
) -> web.Response:
    given = request.headers.get(IDEMPOTENCY_HEADER, "")
    if not given:
        raise ApiProblem(400, "no_idempotency_key", WORDS("problems.no_key"))
    if given != key:
        raise ApiProblem(400, "wrong_idempotency_key", WORDS("problems.wrong_key"))
    busy, secrets = request.app[IN_PROGRESS], request.app[SECRETS]
    if key in busy:
        raise ApiProblem(409, "in_progress", WORDS("problems.in_progress"))
    busy.add(key)
    try:
        kept = await asyncio.to_thread(
            keep, request.app[ENGINE], request.app[OUTER_SEAL], secrets.inbox_private, delivery
        )
    except OtherContent:
        raise ApiProblem(422, "other_content", WORDS("problems.other_content")) from None
    except CannotBeOpened:
        raise ApiProblem(422, "cannot_be_opened", WORDS("problems.cannot_be_opened")) from None
    except ReferralUnknown:
        raise ApiProblem(422, "unknown_referral", WORDS("problems.unknown")) from None
    except ReferralErased:
        raise ApiProblem(422, "erased", WORDS("problems.erased")) from None
    except OperationalError:  # the database is busy or gone: the relay tries again
        raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}) from None
    finally:
        busy.discard(key)
    return answer(_receipt(request, kept), 201)


def _receipt(request: web.Request, kept: Kept) -> SignedReceipt:
    # Made from what is kept, so that the same delivery gets the same receipt and signature at any time.
    receipt = Receipt(
        reference=kept.reference,
        digest=kept.digest,
        received_at=kept.received_at.isoformat(),
        inbox=request.app[SITE].service,
    )
    signature = sign_receipt(request.app[SECRETS].receipt_private, receipt.model_dump())
    return SignedReceipt(receipt=receipt, signature=signature)
