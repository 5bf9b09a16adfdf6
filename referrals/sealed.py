"""Sealing and opening what travels between the desk's side and the receiving team.

Each box opens only for the side it is meant for, and only for the referral (or envelope) it was sealed for.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from referrals.documents import PeopleDocument, ReferralDocument
from referrals.states import Status
from sealing import seal_for, unseal_with


def new_reply_keys() -> tuple[bytes, bytes]:
    """A fresh pair for one referral: the private half stays at the desk's side, the public half goes in the story."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def seal_people(inbox_public: bytes, people: PeopleDocument, envelope: str) -> bytes:
    """The people document, for the receiving team alone, as the content of ``envelope``."""
    return seal_for(inbox_public, people.model_dump_json().encode(), "people", envelope)


def open_people(inbox_private: bytes, sealed: bytes, envelope: str) -> PeopleDocument:
    """Raises :class:`sealing.SealBroken`."""
    return PeopleDocument.model_validate_json(unseal_with(inbox_private, sealed, "people", envelope))


def seal_story(inbox_public: bytes, story: ReferralDocument) -> bytes:
    """The referral document, for the receiving team alone."""
    return seal_for(inbox_public, story.model_dump_json().encode(), "story", story.reference)


def open_story(inbox_private: bytes, sealed: bytes, reference: str) -> ReferralDocument:
    """Raises :class:`sealing.SealBroken`."""
    return ReferralDocument.model_validate_json(unseal_with(inbox_private, sealed, "story", reference))


def seal_note(story: ReferralDocument, status: Status, text: str) -> bytes:
    """A question or a reason that goes with ``status``, for the officer's side alone."""
    return seal_for(bytes.fromhex(story.reply_key), text.encode(), "note", story.reference, status)


def open_note(reply_private: bytes, sealed: bytes, reference: str, status: Status) -> str:
    """Raises :class:`sealing.SealBroken`."""
    return unseal_with(reply_private, sealed, "note", reference, status).decode()


def seal_answer(inbox_public: bytes, text: str, reference: str, answer_id: str) -> bytes:
    """The officer's answer to a question, for the receiving team alone, in tokens."""
    return seal_for(inbox_public, text.encode(), "answer", reference, answer_id)


def open_answer(inbox_private: bytes, sealed: bytes, reference: str, answer_id: str) -> str:
    """Raises :class:`sealing.SealBroken`."""
    return unseal_with(inbox_private, sealed, "answer", reference, answer_id).decode()
