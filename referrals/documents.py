"""The documents that are sealed: the referral itself, the people in it, and the record of the decision.

All of them speak of people in tokens (``[PERSON 1]``), apart from the people document, which says who the tokens of the
people who agreed are. Only the receiving team can open that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from referrals.agreement import Agreement
from referrals.model import Code, Id, Instant, Label, Model, SomeWords, Words
from referrals.references import Reference

Level = Literal["N", "C", "S", "E"]
"""Not yet, Connecting Families, same-day safeguarding, emergency: from the rule pack, lowest first."""

Token = Annotated[str, Field(pattern=r"^\[[A-Z]{2,12} [1-9][0-9]{0,3}\]$")]
"""What stands in the text in place of something personal, such as ``[PERSON 1]``."""


class Sign(Model):
    """One sign, as it was heard, with the words it stands on."""

    id: Code
    name: Label
    status: Literal["present", "negated", "past", "other_family", "hypothetical"]
    words: Words


class RedFlag(Model):
    """Danger that was heard, and what was done about it."""

    id: Code
    interrupt: Literal["E", "S"]
    """Emergency, or same day."""
    done: Literal["", "calling_now", "colleague_calling", "not_danger"] = ""
    """Empty: nobody has said yet, so it stands open."""
    reason: SomeWords = ""
    """Why it is not danger."""

    @model_validator(mode="after")
    def _not_danger_has_a_reason(self) -> Self:
        if self.done == "not_danger" and not self.reason:
            raise ValueError("danger is put down only with a reason")
        return self


class Person(Model):
    """Somebody in the talk, by token."""

    token: Token
    role: Code


class Told(Model):
    """One question that was put to the officer, and what they answered."""

    question: Code
    heading: Label
    answer: Words | None
    """None means "not known": the reader is told so, it is never left blank."""


class Judgement(Model):
    """What the tool suggested and what the officer thought."""

    level_shown: Level
    pack: Label
    """The rule pack and its version."""
    officer_level: Level | None = None
    """Given before the suggestion is shown; None where it was not asked, or skipped."""
    why: SomeWords = ""
    """Where the officer saw it differently."""

    @property
    def agreed(self) -> bool | None:
        """Whether the officer saw it as the tool did; None where they gave no level."""
        return None if self.officer_level is None else self.officer_level == self.level_shown


class Decision(StrEnum):
    """What was decided about sharing."""

    SHARE = "share"
    DO_NOT_SHARE = "do_not_share"
    DELAY = "delay"


class Route(StrEnum):
    """Where it goes."""

    CONNECTING_FAMILIES = "connecting_families"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    EMERGENCY = "emergency"
    HELP_SHEET = "help_sheet"
    NONE = "none"


class WhyNot(StrEnum):
    """Why nothing goes to the receiving team."""

    BELOW_THRESHOLD = "below_threshold"
    SAID_NO = "said_no"
    NOT_SAFE_TO_ASK = "not_safe_to_ask"
    NOT_HERE_TO_ASK = "not_here_to_ask"
    PASSED_ON = "passed_on"  # to the safeguarding lead, or to the emergency services
    OFFICER_DECIDED = "officer_decided"


class DecisionRecord(Model):
    """Why it was shared, or not: what stands up when somebody is asked to justify it (domain notes 4.5)."""

    schema_: Literal["decision/1"] = Field(default="decision/1", alias="schema")
    id: Id
    reference: Reference | None
    """The referral it led to; None where nothing was shared."""
    decision: Decision
    why_not: WhyNot | None
    route: Route
    decided_by: Id
    decided_at: Instant
    judgement: Judgement
    agreed_with_tool: bool | None
    signs: tuple[Sign, ...]
    danger: tuple[RedFlag, ...]
    agreement: Agreement | None
    """None: not asked at all, since nothing was to be shared."""
    lawful_basis: Literal["6(1)(e)"] = "6(1)(e)"
    """UK GDPR article: public task. Agreement to be helped is not the legal basis (domain notes 4.1)."""


class DecisionSummary(Model):
    """What the receiving team sees of the decision."""

    decided_by: Id
    decided_at: Instant
    judgement: Judgement


class ReferralDocument(Model):
    """The referral as the receiving team reads it, in tokens."""

    schema_: Literal["referral/1"] = Field(default="referral/1", alias="schema")
    reference: Reference
    created_at: Instant
    envelope: Id
    """The envelope of the people document that belongs to it, and that it opens with."""
    reply_key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """What notes to the officer are sealed for (X25519 public key, hex)."""
    level: Level
    pack: Label
    signs: tuple[Sign, ...]
    headings: tuple[int, ...]
    reasons: tuple[Label, ...]
    missing: tuple[Code, ...] = ()
    wants: SomeWords | None = None
    """What the family wants; None where it is not known."""
    told: tuple[Told, ...] = ()
    danger: tuple[RedFlag, ...] = ()
    people: tuple[Person, ...] = ()
    agreement: Agreement
    decision: DecisionSummary

    @model_validator(mode="after")
    def _one_row_a_person(self) -> Self:
        no_token_twice(self.people)
        return self


class AgreedPerson(Model):
    """Somebody who agreed to be named to the receiving team."""

    token: Token
    name: Words
    role: Code
    agreed: Literal[True] = True


class AgreedDetail(Model):
    """A detail of somebody who agreed, such as a telephone number."""

    token: Token
    type: Code
    value: Words


class Referrer(Model):
    """Who sends it, so that the team can ring back."""

    name: Words
    team: Words


class PeopleDocument(Model):
    """Who the tokens of a referral are: people who agreed, and nobody else."""

    schema_: Literal["people/1"] = Field(default="people/1", alias="schema")
    referrer: Referrer
    people: tuple[AgreedPerson, ...]
    details: tuple[AgreedDetail, ...] = ()

    @model_validator(mode="after")
    def _one_row_a_token(self) -> Self:
        no_token_twice([*self.people, *self.details])
        return self


def no_token_twice(rows: Sequence[Person | AgreedPerson | AgreedDetail]) -> None:
    """Raises :class:`ValueError` where a token stands for two."""
    if len({row.token for row in rows}) != len(rows):
        raise ValueError("a token stands there twice")
