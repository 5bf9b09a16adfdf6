"""What pages and API do alike with a request: open the referral it names, take a step on it."""

from __future__ import annotations

import asyncio

from aiohttp import web

from inbox.casebook import Step, read_referral, take_step
from inbox.errors import ReferralUnknown
from inbox.keys import ENGINE, OPENER, OUTER_SEAL
from inbox.opening import OpenReferral
from referrals import ReferenceWrong, Status, read_reference
from web import current_user


async def open_referral(request: web.Request) -> OpenReferral:
    """The referral that the address names, opened, with the reading written down. Raises :class:`ReferralUnknown`, or
    :class:`~inbox.errors.ReferralErased`: that one is not counted as read."""
    try:
        reference = read_reference(request.match_info["reference"])
    except ReferenceWrong:
        raise ReferralUnknown("that is no reference") from None
    await asyncio.to_thread(request.app[OUTER_SEAL].check, reference)
    whole = await asyncio.to_thread(read_referral, request.app[ENGINE], reference, current_user(request))
    return await asyncio.to_thread(request.app[OPENER].open_whole, whole)


async def do_step(
    request: web.Request,
    referral: OpenReferral,
    to: Status,
    note: str,
    key_worker: str = "",
    seen: Status | None = None,
) -> None:
    """Move ``referral`` on, with a note to the officer. Raises :class:`~inbox.errors.TooLate`, also where it is no
    longer at the status that the person had ``seen``."""
    opener = request.app[OPENER]
    step = Step(to, lambda n: opener.seal_both(referral.story, to, note, n), key_worker, seen)
    await asyncio.to_thread(take_step, request.app[ENGINE], referral.reference, current_user(request), step)


def page_number(typed: str) -> int | None:
    """A page number, 1 or more; None for anything else."""
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 7
    return int(typed) or None if is_number else None
