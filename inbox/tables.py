"""The tables of the inbox's own database, beside those of sign-in. Content stands in them sealed twice.

What is sealed as noted below stands under :mod:`inbox.outer_seal` as well.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table

from sealing import UtcDateTime

metadata = MetaData()

referrals = Table(
    "referrals",
    metadata,
    Column("reference", String(16), primary_key=True),
    Column("story", LargeBinary, nullable=False),  # for the inbox's key
    Column("people", LargeBinary, nullable=False),  # for the inbox's key
    Column("digest", String(64), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("key_worker", String(120)),
)

events = Table(
    "events",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("reference", ForeignKey("referrals.reference"), nullable=False, index=True),
    Column("status", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", String(40), nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("note", LargeBinary),  # for the officer's side
    Column("own_note", LargeBinary),  # the same words, for the inbox's key
)

answers = Table(
    "answers",
    metadata,
    Column("answer_id", String(80), primary_key=True),
    Column("reference", ForeignKey("referrals.reference"), nullable=False, index=True),
    Column("answer", LargeBinary, nullable=False),  # for the inbox's key
    Column("digest", String(64), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
)

# Who did or saw what: ids only.
audit = Table(
    "inbox_audit",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("action", String(20), nullable=False),
    Column("reference", String(16), nullable=False, index=True),
)

# The highest number given to an event. Its row is locked while a number is given, so that numbers follow commits.
last_event = Table(
    "last_event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
)
