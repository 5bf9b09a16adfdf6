"""Invented families and referrals for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from referrals import (
    AgreedDetail,
    AgreedPerson,
    Agreement,
    Answer,
    DecisionRequest,
    Envelope,
    Judgement,
    PeopleDocument,
    Person,
    ReferralRequest,
    ReferralShown,
    Referrer,
    Route,
    Sign,
    Told,
    WhyNot,
    create_referral,
    put_envelope,
    seal_people,
)
from sealing import KeyStore, Secrets

START = datetime(2026, 3, 2, 10, 24, tzinfo=UTC)
OFFICER = "a_officer"
WORDS = "3 months behind w rent since [PERSON 2] left"


class FakeClock:
    """A clock that moves only when told to."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


def agreement(**changes: Any) -> Agreement:
    fields: dict[str, Any] = {
        "contact": Answer.YES,
        "share": Answer.YES,
        "agencies": ("school",),
        "wording_version": "agreement-1",
        "asked_at": START,
        "asked_by": OFFICER,
    }
    return Agreement(**fields | changes)


def judgement(**changes: Any) -> Judgement:
    fields: dict[str, Any] = {"level_shown": "C", "pack": "families-2022 1.0.0", "officer_level": "C"}
    return Judgement(**fields | changes)


def referral_request(number: int = 1, **changes: Any) -> ReferralRequest:
    fields: dict[str, Any] = {
        "conversation": f"c_{number}",
        "instance": "1",
        "officer": OFFICER,
        "envelope": f"e_{number}",
        "agreement": agreement(),
        "judgement": judgement(),
        "signs": (Sign(id="RNT1", name="Rent arrears", status="present", words=WORDS),),
        "headings": (9, 10, 1),
        "reasons": ("Three of the ten headings were heard.",),
        "wants": "Someone to help with the letters",
        "told": (Told(question="child", heading="Children or pregnancy", answer="yes"),),
        "people": (Person(token="[PERSON 1]", role="parent"), Person(token="[PERSON 2]", role="ex_partner")),
    }
    return ReferralRequest(**fields | changes)


def decision_request(**changes: Any) -> DecisionRequest:
    fields: dict[str, Any] = {
        "conversation": "c_1",
        "instance": "1",
        "officer": OFFICER,
        "why_not": WhyNot.BELOW_THRESHOLD,
        "route": Route.HELP_SHEET,
        "judgement": judgement(level_shown="N"),
    }
    return DecisionRequest(**fields | changes)


PEOPLE = PeopleDocument(
    referrer=Referrer(name="Sam Okafor", team="Welfare support"),
    people=(AgreedPerson(token="[PERSON 1]", name="Kelly Marsh", role="parent"),),
    details=(AgreedDetail(token="[PHONE 1]", type="PHONE", value="07700 900123"),),
)


@dataclass(frozen=True)
class Casework:
    """One casework database with its keys."""

    url: str
    engine: Engine
    keys: KeyStore
    keys_url: str
    secrets: Secrets
    clock: FakeClock

    def bring_envelope(self, number: int = 1, **changes: Any) -> Envelope:
        name = f"e_{number}"
        sealed = seal_people(self.secrets.inbox_public, PEOPLE, name)
        fields: dict[str, Any] = {
            "envelope": name,
            "conversation": f"c_{number}",
            "instance": "1",
            "officer": OFFICER,
            "sealed": sealed,
        }
        envelope = Envelope(**fields | changes)
        put_envelope(self.engine, envelope, now=self.clock)
        return envelope

    def create(self, request: ReferralRequest) -> ReferralShown:
        return create_referral(self.engine, self.keys, self.secrets.inbox_public, request, now=self.clock)

    def refer(self, number: int = 1) -> str:
        """A whole referral; its reference."""
        self.bring_envelope(number)
        return self.create(referral_request(number)).reference
