"""What the family agreed to, asked in separate questions and never taken for granted."""

from __future__ import annotations

from enum import StrEnum

from referrals.model import Code, Id, Instant, Model


class Answer(StrEnum):
    """An answer to "Is that OK with you?", or why it was not asked."""

    YES = "yes"
    NO_FOR_NOW = "no_for_now"
    NOT_SAFE = "not_safe"  # not asked: it was not safe to ask
    NOT_HERE = "not_here"  # not asked: the person was not there


class SafeAndAlone(StrEnum):
    """Whether the person could answer freely."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """How the person was asked."""

    PHONE = "phone"
    FACE_TO_FACE = "face_to_face"
    VIDEO = "video"
    LETTER = "letter"
    UNKNOWN = "unknown"


class Agreement(Model):
    """The answers of one family, with who asked, when, and in which wording."""

    contact: Answer
    """May the receiving team contact you?"""
    share: Answer
    """May we share what you told us with them?"""
    agencies: tuple[Code, ...] = ()
    """Who else they may speak to; none unless named."""
    wording_version: Code
    asked_at: Instant
    asked_by: Id
    """The officer's account."""
    channel: Channel = Channel.UNKNOWN
    safe_and_alone: SafeAndAlone = SafeAndAlone.UNKNOWN


def may_send(agreement: Agreement) -> bool:
    """Whether a referral may go to the receiving team.

    Only with "yes" to being contacted and "yes" to sharing. An answer given while somebody else could hear it is no
    agreement (domain notes 4.3: under duress or watched, not valid).
    """
    return (
        agreement.contact is Answer.YES
        and agreement.share is Answer.YES
        and agreement.safe_and_alone is not SafeAndAlone.NO
    )
