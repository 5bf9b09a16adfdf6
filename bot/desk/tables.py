"""The desk's tables about conversations. Whatever was said is sealed; ids, times and owners are in clear."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

from sealing import UtcDateTime

METADATA = MetaData()

CONVERSATIONS = Table(
    "desk_conversations",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("officer", String(64), nullable=False, index=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("touched_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("state", LargeBinary, nullable=False),
)


def _of_a_conversation() -> Column[str]:
    return Column("conversation", String(40), ForeignKey(CONVERSATIONS.c.id, ondelete="CASCADE"), primary_key=True)


TURNS = Table(
    "desk_turns",
    METADATA,
    _of_a_conversation(),
    Column("n", Integer, primary_key=True),
    Column("turn", String(40), nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("conversation", "turn"),
)

# Turns on their way to the bot. One whose answer was lost may be kept there, and must be found when something in it is
# hidden late.
SENT = Table(
    "desk_sent",
    METADATA,
    _of_a_conversation(),
    Column("turn", String(40), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

# What is still to be hidden or shown in what was stored: `due` where the book changed since it was last looked through,
# `body` what was found and is not yet everywhere.
REWRITES = Table(
    "desk_rewrites",
    METADATA,
    _of_a_conversation(),
    Column("due", Boolean, nullable=False),
    Column("body", LargeBinary),
)

NAMES_CLEARED = Table(
    "desk_names_cleared",
    METADATA,
    _of_a_conversation(),
    Column("at", UtcDateTime, nullable=False),
    Column("why", String(20), nullable=False),
)


def key_owner(conversation_id: str) -> str:
    """The name of a conversation's key in the key store."""
    return f"conversation/{conversation_id}"


def bot_key_owner(conversation_id: str) -> str:
    """The name of the key under which the bot seals its part: erasing a conversation destroys both."""
    return f"conversation/{conversation_id}/bot"
