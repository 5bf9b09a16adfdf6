"""The bot's two tables: Rasa's events and the answers given, sealed under the conversation's key."""

from __future__ import annotations

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, String, Table, delete

from sealing import KeyStore

METADATA = MetaData()

EVENTS = Table(
    "events",
    METADATA,
    Column("conversation", String(64), primary_key=True),
    Column("n", Integer, primary_key=True),  # position in the conversation, from 0: two writers cannot both have it
    Column("sealed", LargeBinary, nullable=False),
)

TURNS = Table(
    "turns",
    METADATA,
    Column("conversation", String(64), primary_key=True),
    Column("turn", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)


def key_owner(conversation: str) -> str:
    """Under which name the key store keeps the conversation's key."""
    return f"conversation/{conversation}"


def drop_erased(engine: Engine, keys: KeyStore) -> None:
    """Delete the rows of conversations whose key was destroyed: nobody can read them again."""
    prefix = key_owner("")
    with engine.begin() as db:
        for owner in keys.destroyed():
            if owner.startswith(prefix):
                for table in (EVENTS, TURNS):
                    db.execute(delete(table).where(table.c.conversation == owner.removeprefix(prefix)))
