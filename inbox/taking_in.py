"""Keeping what the relay brings: referrals and answers, once each, exactly as they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from inbox.database import RELAY, lock_referral, next_number, utc_now, write_audit, write_move
from inbox.errors import CannotBeOpened, OtherContent, ReferralErased
from inbox.outer_seal import OuterSeal
from inbox.tables import answers, events, referrals
from referrals import Status, open_answer, open_people, open_story
from referrals.intake import EVENTS_A_PAGE, AnswerDelivery, EventsPage, IntakeEvent, ReferralDelivery
from sealing import SealBroken


@dataclass(frozen=True)
class Kept:
    """A delivery that is durably here."""

    reference: str
    digest: str
    received_at: datetime


def keep_referral(engine: Engine, outer: OuterSeal, inbox_private: bytes, delivery: ReferralDelivery) -> Kept:
    """Keep a referral; the same again changes nothing. After it returns, the referral is committed.

    Raises :class:`OtherContent`, :class:`~inbox.errors.ReferralErased`, or :class:`CannotBeOpened`: a receipt for what
    nobody here could ever read would be a promise that cannot be kept.
    """
    try:
        story = open_story(inbox_private, delivery.story, delivery.reference)
        open_people(inbox_private, delivery.people, story.envelope)
    except (SealBroken, ValidationError):
        raise CannotBeOpened(f"{delivery.reference} cannot be opened here") from None
    now = utc_now()
    try:
        with engine.begin() as db:
            found = db.execute(select(referrals).where(referrals.c.reference == delivery.reference)).first()
            if found is None:
                db.execute(
                    insert(referrals).values(
                        reference=delivery.reference,
                        story=outer.close(delivery.reference, delivery.story, "story"),
                        people=outer.close(delivery.reference, delivery.people, "people"),
                        digest=delivery.digest,
                        received_at=now,
                        status=Status.DELIVERED,
                        changed_at=now,
                    )
                )
                write_audit(db, RELAY.id, "received", delivery.reference)
    except IntegrityError:  # another process was first
        return keep_referral(engine, outer, inbox_private, delivery)
    if found is None:
        return Kept(delivery.reference, delivery.digest, now)
    return _same(found.reference, found.digest, found.received_at, delivery.digest)


def keep_answer(engine: Engine, outer: OuterSeal, inbox_private: bytes, delivery: AnswerDelivery) -> Kept:
    """Keep an officer's answer and take the referral out of waiting; the same again changes nothing.

    Raises :class:`OtherContent`, :class:`CannotBeOpened`, :class:`~inbox.errors.ReferralUnknown`,
    :class:`~inbox.errors.ReferralErased`.
    """
    try:
        open_answer(inbox_private, delivery.answer, delivery.reference, delivery.answer_id)
    except (SealBroken, UnicodeDecodeError):
        raise CannotBeOpened(f"the answer {delivery.answer_id} cannot be opened here") from None
    now = utc_now()
    with engine.begin() as db:
        referral = lock_referral(db, delivery.reference)
        found = db.execute(select(answers).where(answers.c.answer_id == delivery.answer_id)).first()
        if found is None:
            db.execute(
                insert(answers).values(
                    answer_id=delivery.answer_id,
                    reference=delivery.reference,
                    answer=outer.close(delivery.reference, delivery.answer, "answer", delivery.answer_id),
                    digest=delivery.digest,
                    received_at=now,
                )
            )
            if referral.status == Status.NEEDS_MORE:
                write_move(db, delivery.reference, Status.NEEDS_MORE, Status.OPENED, RELAY, next_number(db))
            write_audit(db, RELAY.id, "answer_received", delivery.reference)
    if found is None:
        return Kept(delivery.reference, delivery.digest, now)
    return _same(found.reference, found.digest, found.received_at, delivery.digest)


def events_after(engine: Engine, outer: OuterSeal, after: int) -> EventsPage:
    """What happened after event number ``after``, for the officer's side; without words where they were erased."""
    with engine.begin() as db:
        rows = db.execute(select(events).where(events.c.n > after).order_by(events.c.n).limit(EVENTS_A_PAGE)).all()
    return EventsPage(
        events=tuple(
            IntakeEvent(
                n=row.n,
                reference=row.reference,
                status=row.status,
                at=row.at,
                note=_note(outer, row.reference, row.n, row.note),
            )
            for row in rows
        )
    )


def _note(outer: OuterSeal, reference: str, n: int, note: bytes | None) -> bytes | None:
    try:
        return outer.open(reference, note, "note", str(n)) if note else None
    except ReferralErased:
        return None


def _same(reference: str, digest: str, received_at: datetime, given: str) -> Kept:
    if digest != given:
        raise OtherContent(f"{reference} came before with other content")
    return Kept(reference, digest, received_at)
