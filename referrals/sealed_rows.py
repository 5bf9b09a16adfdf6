"""The fields that stay sealed at the desk's side, each bound to its table, row and field.

A referral has a key of its own: destroying it makes the story, the decision record, and every question and answer
unreadable. A decision that sends nothing has one too.
"""

from __future__ import annotations

from referrals.documents import DecisionRecord, ReferralDocument
from sealing import KeyStore, seal, unseal


def referral_owner(reference: str) -> str:
    """The owner, in the key store, of a referral's key."""
    return f"referral/{reference}"


def decision_owner(decision_id: str) -> str:
    """The owner, in the key store, of the key of a decision that sends nothing."""
    return f"decision/{decision_id}"


def record_owner(record: DecisionRecord) -> str:
    """The owner of the key that a decision record is sealed with: its referral's where it has one."""
    return referral_owner(record.reference) if record.reference else decision_owner(record.id)


def seal_own_story(keys: KeyStore, story: ReferralDocument) -> bytes:
    """For ``referrals.story``; makes the referral's key."""
    key = keys.get_or_create(referral_owner(story.reference))
    return seal(key, story.model_dump_json().encode(), "referrals", story.reference, "story")


def open_own_story(keys: KeyStore, sealed: bytes, reference: str) -> ReferralDocument:
    """Raises ``sealing.KeyDestroyed``, ``sealing.SealBroken``."""
    key = keys.get(referral_owner(reference))
    return ReferralDocument.model_validate_json(unseal(key, sealed, "referrals", reference, "story"))


def seal_reply_private(keys: KeyStore, reference: str, private: bytes) -> bytes:
    """For ``referrals.reply_private``."""
    return seal(keys.get_or_create(referral_owner(reference)), private, "referrals", reference, "reply_private")


def open_reply_private(keys: KeyStore, sealed: bytes, reference: str) -> bytes:
    """Raises ``sealing.KeyDestroyed``, ``sealing.SealBroken``."""
    return unseal(keys.get(referral_owner(reference)), sealed, "referrals", reference, "reply_private")


def seal_record(keys: KeyStore, record: DecisionRecord) -> bytes:
    """For ``decisions.record``."""
    key = keys.get_or_create(record_owner(record))
    return seal(key, record.model_dump_json().encode(), "decisions", record.id, "record")


def open_record(keys: KeyStore, sealed: bytes, decision_id: str, reference: str | None) -> DecisionRecord:
    """Raises ``sealing.KeyDestroyed``, ``sealing.SealBroken``."""
    key = keys.get(referral_owner(reference) if reference else decision_owner(decision_id))
    return DecisionRecord.model_validate_json(unseal(key, sealed, "decisions", decision_id, "record"))
