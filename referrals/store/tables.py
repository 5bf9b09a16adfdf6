"""The tables of the casework database. Statements on them stand in this folder and nowhere else."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from sealing import UtcDateTime

SCHEMA_VERSION = 1


class Kind(StrEnum):
    """What an outbox item is."""

    REFERRAL = "referral"
    ANSWER = "answer"


class State(StrEnum):
    """Where an outbox item is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    ASIDE = "aside"  # a person has to look at it: it is on the alarm list


_Number = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up only in INTEGER columns
metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

envelopes = Table(
    "envelopes",
    metadata,
    Column("envelope", String(80), primary_key=True),
    Column("conversation", String(80), nullable=False),
    Column("instance", String(80), nullable=False),
    Column("officer", String(80), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
)

referrals = Table(
    "referrals",
    metadata,
    Column("reference", String(16), primary_key=True),
    Column("conversation", String(80), nullable=False, index=True),
    Column("instance", String(80), nullable=False),
    Column("officer", String(80), nullable=False, index=True),
    Column("envelope", ForeignKey("envelopes.envelope"), nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("story", LargeBinary, nullable=False),  # under the referral's key
    Column("reply_private", LargeBinary, nullable=False),  # under the referral's key
    UniqueConstraint("conversation", "instance"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("decision_id", String(80), primary_key=True),
    Column("conversation", String(80), nullable=False),
    Column("instance", String(80), nullable=False),
    Column("officer", String(80), nullable=False),
    Column("decision", String(20), nullable=False),
    Column("route", String(30), nullable=False),
    Column("reference", ForeignKey("referrals.reference"), unique=True),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("record", LargeBinary, nullable=False),  # under the referral's key, or the decision's own
    UniqueConstraint("conversation", "instance", "decision", "route"),
)

history = Table(
    "history",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("reference", ForeignKey("referrals.reference"), nullable=False, index=True),
    Column("n", _Number, unique=True),  # the receiving team's number; none for what the desk's side did
    Column("status", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(20), nullable=False),
    Column("taken", String(20), nullable=False),
    Column("note", LargeBinary),  # for the referral's reply key
)

outbox = Table(
    "outbox",
    metadata,
    Column("item", String(80), primary_key=True),  # its idempotency key
    Column("kind", String(20), nullable=False),
    Column("reference", ForeignKey("referrals.reference"), nullable=False, index=True),
    Column("first", LargeBinary, nullable=False),  # the story, or the answer, for the receiving team
    Column("second", LargeBinary),  # the people
    Column("digest", String(64), nullable=False),
    Column("state", String(12), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("problem", String(40)),  # the class of the last error
    Column("lease_owner", String(80)),
    Column("lease_until", UtcDateTime),
)

receipts = Table(
    "receipts",
    metadata,
    Column("item", ForeignKey("outbox.item"), primary_key=True),
    Column("reference", ForeignKey("referrals.reference"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("received_at", String(40), nullable=False),
    Column("inbox", String(300), nullable=False),
    Column("signature", String(200), nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", _Number, nullable=False),
    Column("hash", String(64), nullable=False),
)

alarms = Table(
    "alarms",
    metadata,
    Column("kind", String(30), primary_key=True),
    Column("subject", String(80), primary_key=True),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("cleared_at", UtcDateTime),
)

relay = Table(
    "relay",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("heartbeat_at", UtcDateTime),
    Column("events_after", _Number, nullable=False),
)
