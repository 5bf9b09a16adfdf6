"""The bot's two tables: Rasa's events and the answers given, sealed under the bot's key of the conversation."""

from __future__ import annotations

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, String, Table, delete

from sealing import KeyStore

METADATA = MetaData()

_PREFIX, _OWN = "conversation/", "/bot"

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


def conversation_owner(conversation: str) -> str:
    """Under which name the key store keeps the desk's key: destroying that one erases the bot's part too."""
    return f"{_PREFIX}{conversation}"


def key_owner(conversation: str) -> str:
    """Under which name the key store keeps the key that the bot seals under: it can change that one alone."""
    return f"{_PREFIX}{conversation}{_OWN}"


def drop_erased(engine: Engine, keys: KeyStore) -> None:
    """Delete the rows of conversations whose key was destroyed: nobody can read them again."""
    with engine.begin() as db:
        for owner in keys.destroyed():
            if owner.startswith(_PREFIX):
                conversation = owner.removeprefix(_PREFIX).removesuffix(_OWN)
                for table in (EVENTS, TURNS):
                    db.execute(delete(table).where(table.c.conversation == conversation))
