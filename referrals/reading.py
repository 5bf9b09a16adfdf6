"""What an officer sees of their referrals, and what a manager sees of all of them."""

from __future__ import annotations

from sqlalchemy import Engine

from referrals.documents import DecisionRecord
from referrals.errors import ReferralErased, ReferralNotFound
from referrals.requests import HistoryLine, ReferralDetails, ReferralLine, ReferralShown
from referrals.sealed import open_note
from referrals.sealed_rows import open_own_story, open_record, open_reply_private
from referrals.states import Status, Taken
from referrals.store import referrals as rows
from sealing import KeyDestroyed, KeyStore


def list_for_officer(engine: Engine, officer: str) -> list[ReferralLine]:
    """The officer's own referrals, newest first, as ids and statuses."""
    return rows.lines_for_officer(engine, officer)


def find_for_conversation(engine: Engine, conversation: str) -> ReferralShown | None:
    """The newest referral made in a conversation, where there is one."""
    return rows.newest_for_conversation(engine, conversation)


def count_by_status(engine: Engine) -> dict[Status, int]:
    """How many referrals stand at each status: what a manager sees, and all of it."""
    return rows.counts(engine)


def get_referral(engine: Engine, keys: KeyStore, reference: str, officer: str) -> ReferralDetails:
    """A referral with its steps, opened for the officer who made it.

    Raises :class:`ReferralNotFound` where there is none, or it is another officer's; :class:`ReferralErased`.
    """
    found = rows.read_with_history(engine, reference)
    if found is None or found[0].officer != officer:
        raise ReferralNotFound("there is no such referral on your list")
    referral, steps = found
    try:
        story = open_own_story(keys, referral.story, reference)
        private = open_reply_private(keys, referral.reply_private, reference)
    except KeyDestroyed:
        raise ReferralErased(f"what {reference} said was erased, as the keeping times ask for") from None
    history = [
        HistoryLine(
            status=step.status,
            at=step.at,
            by=step.by,
            note=open_note(private, step.note, reference, step.status) if step.note else None,
        )
        for step in steps
        if step.note or step.taken in _SHOWN
    ]
    return ReferralDetails(
        reference=referral.reference,
        conversation=referral.conversation,
        status=referral.status,
        created_at=referral.created_at,
        changed_at=referral.changed_at,
        history=tuple(history),
        question=_last_note(history, Status.NEEDS_MORE) if referral.status is Status.NEEDS_MORE else None,
        reason=_last_note(history, Status.DECLINED) if referral.status is Status.DECLINED else None,
        story=story,
    )


def get_decision(engine: Engine, keys: KeyStore, decision_id: str) -> DecisionRecord | None:
    """A decision record, opened. Raises ``sealing.KeyDestroyed`` where it was erased."""
    row = rows.read_decision(engine, decision_id)
    return None if row is None else open_record(keys, row.record, row.decision_id, row.reference)


_SHOWN = {Taken.MOVED, Taken.CAUGHT_UP}


def _last_note(history: list[HistoryLine], status: Status) -> str | None:
    return next((line.note for line in reversed(history) if line.status is status and line.note), None)
