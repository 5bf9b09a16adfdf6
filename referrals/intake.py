"""The intake API between the relay and a receiving team's system: what goes over the wire.

==============================  ===========================  ==============================
``POST /api/intake/referrals``  :class:`ReferralDelivery`    201 with :class:`SignedReceipt`
``POST /api/intake/answers``    :class:`AnswerDelivery`      201 with :class:`SignedReceipt`
``GET /api/intake/events``      query ``after=N``            200 with :class:`EventsPage`
==============================  ===========================  ==============================

Every request is signed (``sealing.sign_request``; the path it signs includes the query). Both posts carry an
``Idempotency-Key``: the reference, or the answer's id. The same again gets the same answer; no key 400; being worked on
409; same key, other body 422. Give the numbers of events in the order in which they are committed: the relay asks for
what comes after the highest number it has, and never goes back.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from referrals.model import Id, Instant, Label, Model
from referrals.references import Reference
from referrals.states import Status

REFERRALS_PATH = "/api/intake/referrals"
ANSWERS_PATH = "/api/intake/answers"
EVENTS_PATH = "/api/intake/events"
EVENTS_A_PAGE = 100
IDEMPOTENCY_HEADER = "Idempotency-Key"
MOST_SEALED_BYTES = 256 * 1024
"""No story, people document, answer or note is longer."""
MOST_BYTES = 4 * MOST_SEALED_BYTES
"""No body is longer (two sealed parts in base64); a receiving system may refuse what is."""


def _decoded(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise ValueError("not base64")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None


Sealed = Annotated[
    bytes,
    BeforeValidator(_decoded),
    PlainSerializer(lambda value: base64.b64encode(value).decode(), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
    Field(min_length=1, max_length=MOST_SEALED_BYTES),
]
"""Sealed bytes; base64 on the wire."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def content_digest(*parts: bytes) -> str:
    """SHA-256 of the sealed parts one after the other, hex: what a receipt vouches for."""
    return hashlib.sha256(b"".join(parts)).hexdigest()


class ReferralDelivery(Model):
    """A referral on its way: the sealed story and the sealed people."""

    schema_: Literal["intake/1"] = Field(default="intake/1", alias="schema")
    reference: Reference
    story: Sealed
    people: Sealed
    digest: Digest

    @model_validator(mode="after")
    def _digest_is_of_this_content(self) -> Self:
        if content_digest(self.story, self.people) != self.digest:
            raise ValueError("the digest is not that of the content")
        return self


class AnswerDelivery(Model):
    """The officer's answer to a question, on its way."""

    schema_: Literal["answer/1"] = Field(default="answer/1", alias="schema")
    reference: Reference
    answer_id: Id
    answer: Sealed
    digest: Digest

    @model_validator(mode="after")
    def _digest_is_of_this_content(self) -> Self:
        if content_digest(self.answer) != self.digest:
            raise ValueError("the digest is not that of the content")
        return self


class Receipt(Model):
    """The receiving team's word that this content is durably theirs."""

    reference: Reference
    digest: Digest
    received_at: Annotated[str, Field(min_length=1, max_length=40)]
    """ISO 8601, kept as it was signed."""
    inbox: Label
    """The receiving system's name."""


class SignedReceipt(Model):
    """A receipt with its signature (``sealing.sign_receipt`` over the receipt's fields)."""

    receipt: Receipt
    signature: Annotated[str, Field(min_length=1, max_length=200)]


class IntakeEvent(Model):
    """A status that the receiving team gave a referral."""

    n: Annotated[int, Field(ge=1, lt=2**63)]
    reference: Reference
    status: Status
    at: Instant
    note: Sealed | None = None
    """A question or a reason, sealed for the officer's side (``referrals.sealed.seal_note``)."""


class EventsPage(Model):
    """Events with a number above ``after``, lowest first, at most :data:`EVENTS_A_PAGE`."""

    events: tuple[IntakeEvent, ...]


def intake_schemas() -> dict[str, Any]:
    """JSON schemas of the wire models by name, for a published API document."""
    models: tuple[type[Model], ...] = (ReferralDelivery, AnswerDelivery, SignedReceipt, EventsPage)
    return {model.__name__: model.model_json_schema() for model in models}
