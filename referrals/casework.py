"""Making a referral, recording a decision, answering a question. Each is one transaction, and safe to ask for again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine

from referrals.agreement import may_send
from referrals.documents import Decision, DecisionRecord, DecisionSummary, ReferralDocument, Route
from referrals.errors import DangerOpen, EnvelopeMissing, NotAgreed, NothingAsked, ReferralNotFound, ReferralRejected
from referrals.intake import MOST_SEALED_BYTES, content_digest
from referrals.model import LONGEST_WORDS, utc_now
from referrals.references import new_reference
from referrals.requests import DecisionRequest, Envelope, ReferralRequest, ReferralShown
from referrals.sealed import new_reply_keys, seal_answer, seal_note, seal_story
from referrals.sealed_rows import open_own_story, seal_own_story, seal_record, seal_reply_private
from referrals.states import Status, Taken, move
from referrals.store import audit, outbox
from referrals.store import referrals as rows
from referrals.store.database import transaction
from referrals.store.envelopes import keep_envelope, read_envelope
from referrals.store.tables import Kind
from sealing import KeyStore, new_id

Clock = Callable[[], datetime]
LONGEST_ANSWER = 4000
"""Characters that a page takes for an answer; hiding what is personal in it makes it somewhat longer."""


def put_envelope(engine: Engine, envelope: Envelope, *, now: Clock = utc_now) -> bool:
    """Keep the sealed details of the people who agreed; False where the same envelope is here already.

    Raises :class:`EnvelopeConflict` for other content under the same id, :class:`StoreUnavailable`.
    """
    return keep_envelope(engine, envelope, now())


def create_referral(
    engine: Engine, keys: KeyStore, inbox_public: bytes, request: ReferralRequest, *, now: Clock = utc_now
) -> ReferralShown:
    """Keep a referral and put it on its way: the reference comes back only once it is kept for good.

    Story, decision record, outbox row and audit row are one transaction. Asked again for the same conversation and
    instance (after a crash, or twenty times at once), the answer is the same reference and nothing is kept twice.

    Raises :class:`NotAgreed`, :class:`DangerOpen`, :class:`EnvelopeMissing`, :class:`ReferralRejected`, and
    :class:`StoreUnavailable`, after which the same request may be made again.
    """
    if not may_send(request.agreement):
        raise NotAgreed("the family has not agreed to be contacted and to share: nothing is sent")
    if any(flag.interrupt == "E" and not flag.done for flag in request.danger):
        raise DangerOpen("danger was heard: first say on its card what was done about it")
    with transaction(engine) as db:
        rows.lock_instance(db, request.conversation, request.instance)
        known = rows.find_by_instance(db, request.conversation, request.instance)
        if known is None:
            return _keep_referral(db, keys, inbox_public, request, now())
    if known.officer != request.officer:
        raise ReferralRejected("another officer has made this referral: talk to them, or start anew")
    return ReferralShown(known.reference, known.status)


def _keep_referral(
    db: Connection, keys: KeyStore, inbox_public: bytes, request: ReferralRequest, at: datetime
) -> ReferralShown:
    envelope = read_envelope(db, request.envelope)
    owned = envelope and (envelope.conversation, envelope.instance, envelope.officer)
    if envelope is None or owned != (request.conversation, request.instance, request.officer):
        raise EnvelopeMissing("the details of the people did not arrive: look at the answers and send again")
    reference = new_reference()
    reply_private, reply_public = new_reply_keys()
    story = _story(request, reference, reply_public, at)
    record = _record(request, reference, at)
    rows.add_referral(
        db,
        rows.ReferralRow(
            reference=reference,
            conversation=request.conversation,
            instance=request.instance,
            officer=request.officer,
            envelope=request.envelope,
            status=Status.CREATED,
            created_at=at,
            changed_at=at,
            story=seal_own_story(keys, story),
            reply_private=seal_reply_private(keys, reference, reply_private),
        ),
    )
    rows.add_history(db, reference, rows.HistoryRow(Status.CREATED, at, "officer", Taken.MOVED))
    rows.add_decision(db, _decision_row(keys, request, record))
    sealed_story = seal_story(inbox_public, story)
    if len(sealed_story) > MOST_SEALED_BYTES:
        raise ReferralRejected("there is more text in this talk than one referral can carry: leave something out")
    outbox.add_item(
        db,
        outbox.Item(
            item=reference,
            kind=Kind.REFERRAL,
            reference=reference,
            first=sealed_story,
            second=envelope.sealed,
            digest=content_digest(sealed_story, envelope.sealed),
        ),
        at,
    )
    audit.append(db, at=at, actor=request.officer, action=audit.Action.REFERRAL_CREATED, subject=reference)
    return ReferralShown(reference, Status.CREATED)


def record_decision(engine: Engine, keys: KeyStore, request: DecisionRequest, *, now: Clock = utc_now) -> str:
    """Keep a decision that sends nothing, and return its id; the first one stands for one talk, decision and route.

    Raises :class:`StoreUnavailable`, after which the same request may be made again.
    """
    record = _record(request, None, now())
    return rows.keep_decision(engine, _decision_row(keys, request, record))


def answer_question(
    engine: Engine,
    keys: KeyStore,
    inbox_public: bytes,
    reference: str,
    officer: str,
    answer: str,
    *,
    now: Clock = utc_now,
) -> ReferralShown:
    """Put the officer's ``answer`` to the receiving team's question on its way. It is in tokens, as all text here.

    Raises :class:`ReferralNotFound` for another officer's referral, :class:`NothingAsked` where no question is open
    (it was answered already, perhaps), :class:`ReferralRejected` for an empty or too long answer,
    ``sealing.KeyDestroyed`` for an erased referral, :class:`StoreUnavailable`.
    """
    text = answer.strip()
    if not 0 < len(text) <= LONGEST_WORDS:
        raise ReferralRejected(f"write an answer of 1 to {LONGEST_ANSWER} characters")
    at = now()
    with transaction(engine) as db:
        referral = rows.read_for_change(db, reference)
        if referral is None or referral.officer != officer:
            raise ReferralNotFound("there is no such referral on your list")
        if referral.status is not Status.NEEDS_MORE:
            raise NothingAsked("the team has no question open on this referral")
        status = move(referral.status, Status.OPENED)
        item = new_id("n")
        sealed = seal_answer(inbox_public, text, reference, item)
        note = seal_note(open_own_story(keys, referral.story, reference), status, text)
        rows.set_status(db, reference, status, at)
        rows.add_history(db, reference, rows.HistoryRow(status, at, "officer", Taken.MOVED, note))
        outbox.add_item(db, outbox.Item(item, Kind.ANSWER, reference, sealed, None, content_digest(sealed)), at)
        audit.append(db, at=at, actor=officer, action=audit.Action.QUESTION_ANSWERED, subject=item)
    return ReferralShown(reference, status)


def _story(request: ReferralRequest, reference: str, reply_public: bytes, at: datetime) -> ReferralDocument:
    return ReferralDocument(
        reference=reference,
        created_at=at,
        envelope=request.envelope,
        reply_key=reply_public.hex(),
        level=request.judgement.level_shown,
        pack=request.judgement.pack,
        signs=request.signs,
        headings=request.headings,
        reasons=request.reasons,
        missing=request.missing,
        wants=request.wants,
        told=request.told,
        danger=request.danger,
        people=request.people,
        agreement=request.agreement,
        decision=DecisionSummary(decided_by=request.officer, decided_at=at, judgement=request.judgement),
    )


def _record(request: ReferralRequest | DecisionRequest, reference: str | None, at: datetime) -> DecisionRecord:
    if isinstance(request, ReferralRequest):
        decision, why_not, route = Decision.SHARE, None, Route.CONNECTING_FAMILIES
    else:
        decision, why_not, route = request.decision, request.why_not, request.route
    return DecisionRecord(
        id=new_id("d"),
        reference=reference,
        decision=decision,
        why_not=why_not,
        route=route,
        decided_by=request.officer,
        decided_at=at,
        judgement=request.judgement,
        agreed_with_tool=request.judgement.agreed,
        signs=request.signs,
        danger=request.danger,
        agreement=request.agreement,
    )


def _decision_row(
    keys: KeyStore, request: ReferralRequest | DecisionRequest, record: DecisionRecord
) -> rows.DecisionRow:
    return rows.DecisionRow(
        decision_id=record.id,
        conversation=request.conversation,
        instance=request.instance,
        officer=record.decided_by,
        decision=record.decision,
        route=record.route,
        reference=record.reference,
        decided_at=record.decided_at,
        record=seal_record(keys, record),
    )
