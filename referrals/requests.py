"""What other packages hand in and get back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from referrals.agreement import Agreement, may_send
from referrals.documents import (
    Decision,
    Judgement,
    Person,
    RedFlag,
    ReferralDocument,
    Route,
    Sign,
    Told,
    WhyNot,
    no_token_twice,
)
from referrals.intake import MOST_SEALED_BYTES
from referrals.model import Code, Id, Instance, Label, Model, SomeWords
from referrals.references import Reference
from referrals.states import Status


class Envelope(Model):
    """The people document of one referral, sealed for the receiving team; nobody here can open it."""

    envelope: Id
    conversation: Id
    instance: Instance
    officer: Id
    sealed: Annotated[bytes, Field(min_length=1, max_length=MOST_SEALED_BYTES)]


class ReferralRequest(Model):
    """Everything a referral is made of. All text in tokens."""

    conversation: Id
    instance: Instance
    officer: Id
    envelope: Id
    agreement: Agreement
    judgement: Judgement
    signs: tuple[Sign, ...] = ()
    headings: tuple[int, ...] = ()
    reasons: tuple[Label, ...] = ()
    missing: tuple[Code, ...] = ()
    wants: SomeWords | None = None
    """What the family wants; None where it is not known."""
    told: tuple[Told, ...] = ()
    danger: tuple[RedFlag, ...] = ()
    people: tuple[Person, ...] = ()

    @model_validator(mode="after")
    def _one_row_a_person(self) -> Self:
        no_token_twice(self.people)
        return self


class DecisionRequest(Model):
    """A decision that sends nothing to the receiving team: below the threshold, "no", or passed on."""

    conversation: Id
    instance: Instance
    officer: Id
    decision: Decision = Decision.DO_NOT_SHARE
    why_not: WhyNot
    route: Route
    judgement: Judgement
    agreement: Agreement | None = None
    signs: tuple[Sign, ...] = ()
    danger: tuple[RedFlag, ...] = ()

    @model_validator(mode="after")
    def _nothing_is_sent(self) -> Self:
        if self.decision is Decision.SHARE or self.route is Route.CONNECTING_FAMILIES:
            raise ValueError("sharing with the receiving team is a referral: use create_referral")
        if self.why_not is WhyNot.SAID_NO and (self.agreement is None or may_send(self.agreement)):
            raise ValueError('"said no" needs the answers that were given')
        return self


@dataclass(frozen=True)
class ReferralShown:
    """What may be shown once a referral is kept."""

    reference: Reference
    status: Status


@dataclass(frozen=True)
class ReferralLine:
    """One line of an officer's list."""

    reference: Reference
    conversation: str
    status: Status
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class HistoryLine:
    """One step in the life of a referral. ``note`` is a question, a reason, or the officer's answer."""

    status: Status
    at: datetime
    by: str
    note: str | None


@dataclass(frozen=True)
class ReferralDetails:
    """A referral, opened for the officer who made it."""

    reference: Reference
    conversation: str
    status: Status
    created_at: datetime
    changed_at: datetime
    history: tuple[HistoryLine, ...]
    question: str | None
    """What the receiving team asks, while it waits for an answer."""
    reason: str | None
    """Why it was declined."""
    story: ReferralDocument
