"""Who the people of each conversation are: the token book, sealed, under a key of its own.

Wiping it destroys that key, so that names are gone for good while the conversation, which holds only tokens, stays.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, Engine, LargeBinary, MetaData, String, Table, delete, insert, select, update

from redaction import Identities, Redacted
from sealing import KeyDestroyed, KeyStore, seal, unseal

_metadata = MetaData()
_books = Table(
    "desk_vault",
    _metadata,
    Column("conversation", String(40), primary_key=True),
    Column("book", LargeBinary, nullable=False),
)

Redact = Callable[[str, Identities], Redacted]
"""Hides what is personal in a text, and remembers in the identities whom it met."""


class Vault:
    """Token books by conversation. Every call blocks; calls for one conversation must come one after the other."""

    def __init__(self, engine: Engine, keys: KeyStore, redactor: Callable[[], Redact]) -> None:
        """`redactor` gives what hides personal data; it may take a while the first time."""
        self._engine = engine
        self._keys = keys
        self._redactor = redactor
        _metadata.create_all(engine)

    def redact(self, conversation_id: str, text: str) -> Redacted:
        """`text` with tokens; whoever is new in it is in the book before this returns, so that no token is given twice.

        Raises what the redactor raises, and sealing.KeyDestroyed for a book that was wiped.
        """
        key = self._keys.get_or_create(_key_owner(conversation_id))
        book = self._read(conversation_id, key)
        before = book.to_json()
        redacted = self._redactor()(text, book)
        if book.to_json() != before:
            self._write(conversation_id, key, book)
        return redacted

    def try_out(self, conversation_id: str, text: str) -> Redacted:
        """What `redact` would give; nothing is remembered. Raises what `redact` raises."""
        key = self._keys.get_or_create(_key_owner(conversation_id))
        return self._redactor()(text, self._read(conversation_id, key).copy())

    def book(self, conversation_id: str) -> Identities:
        """Who is who; empty where nobody was met yet, or the book was wiped."""
        try:
            key = self._keys.get_or_create(_key_owner(conversation_id))
        except KeyDestroyed:
            return Identities()
        return self._read(conversation_id, key)

    def change(self, conversation_id: str, change: Callable[[Identities], object]) -> Identities:
        """The book after `change`, kept. Raises what `change` raises, and sealing.KeyDestroyed for a wiped book."""
        key = self._keys.get_or_create(_key_owner(conversation_id))
        book = self._read(conversation_id, key)
        change(book)
        self._write(conversation_id, key, book)
        return book

    def wipe(self, conversation_id: str) -> None:
        """Forget everybody in the conversation, for good; harmless when that was done already."""
        self._keys.destroy(_key_owner(conversation_id))
        with self._engine.begin() as db:
            db.execute(delete(_books).where(_books.c.conversation == conversation_id))

    def _read(self, conversation_id: str, key: bytes) -> Identities:
        with self._engine.begin() as db:
            sealed = db.scalar(select(_books.c.book).where(_books.c.conversation == conversation_id))
        if sealed is None:
            return Identities()
        return Identities.from_json(unseal(key, sealed, _books.name, conversation_id, "book").decode())

    def _write(self, conversation_id: str, key: bytes, book: Identities) -> None:
        sealed = seal(key, book.to_json().encode(), _books.name, conversation_id, "book")
        with self._engine.begin() as db:
            own = _books.c.conversation == conversation_id
            if db.execute(update(_books).where(own).values(book=sealed)).rowcount == 0:
                db.execute(insert(_books).values(conversation=conversation_id, book=sealed))


def _key_owner(conversation_id: str) -> str:
    return f"vault/{conversation_id}"
