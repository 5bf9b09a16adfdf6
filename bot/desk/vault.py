"""Who the people of each conversation are: the token book, each token sealed for itself, under a key of its own.

Wiping it destroys that key, so that names are gone for good while the conversation, which holds only tokens, stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from sqlalchemy import Column, Connection, Engine, LargeBinary, MetaData, String, Table, delete, insert, select

from redaction import Edit, Identities, Redacted, find_known
from sealing import KeyDestroyed, KeyStore, seal, unseal

_metadata = MetaData()
_rows = Table(
    "desk_vault",
    _metadata,
    Column("conversation", String(40), primary_key=True),
    Column("token", String(24), primary_key=True),  # or `SHOWN_ROW`: what the officer said may be read
    Column("entry", LargeBinary, nullable=False),
)
Place = TypeVar("Place")
_TRIES = 3


class Hides(Protocol):
    """What hides personal data: `redaction.Redactor`."""

    def redact(self, text: str, identities: Identities) -> Redacted:
        """`text` with tokens; whoever it names is added to `identities`."""

    def find_again(self, kept: str, identities: Identities) -> list[Edit]:
        """Where a text that was hidden before names somebody who is known by now."""


def _nothing(_: Connection, __: str) -> None:
    """For a vault on its own."""


class Vault:
    """Token books by conversation. Every call blocks; calls for one conversation must come one after the other."""

    def __init__(
        self,
        engine: Engine,
        keys: KeyStore,
        redactor: Callable[[], Hides],
        changed: Callable[[Connection, str], None] = _nothing,
    ) -> None:
        """`redactor` gives what hides personal data; it may take a while the first time.

        `changed` is told of every conversation whose book changed, in the transaction that keeps the change.
        """
        self._engine = engine
        self._keys = keys
        self._redactor = redactor
        self._changed = changed
        _metadata.create_all(engine)

    def redact(self, conversation_id: str, text: str) -> Redacted:
        """`text` with tokens; whoever is new in it is in the book before this returns, so that no token is given twice.

        Raises what the redactor raises, and sealing.KeyDestroyed for a book that was wiped.
        """
        key = self._keys.get_or_create(_key_owner(conversation_id))
        book = self._read(conversation_id, key)
        before = book.to_rows()
        redacted = self._redactor().redact(text, book)
        self._write(conversation_id, key, before, book)
        return redacted

    def try_out(self, conversation_id: str, text: str) -> Redacted:
        """What `redact` would give; nothing is remembered. Raises what `redact` raises."""
        key = self._keys.get_or_create(_key_owner(conversation_id))
        return self._redactor().redact(text, self._read(conversation_id, key).copy())

    def book(self, conversation_id: str) -> Identities:
        """Who is who; empty where nobody was met yet, or the book was wiped."""
        try:
            key = self._keys.get_or_create(_key_owner(conversation_id))
        except KeyDestroyed:
            return Identities()
        return self._read(conversation_id, key)

    def change(self, conversation_id: str, change: Callable[[Identities], object]) -> None:
        """Make and keep a change. Raises what `change` raises, and sealing.KeyDestroyed for a wiped book."""
        key = self._keys.get_or_create(_key_owner(conversation_id))
        book = self._read(conversation_id, key)
        before = book.to_rows()
        change(book)
        self._write(conversation_id, key, before, book)

    def look_through(self, conversation_id: str, texts: Mapping[Place, str]) -> dict[Place, list[Edit]]:
        """By place, where texts that were kept before name what the book knows by now; nothing for a wiped book.

        New ways of writing a known name are kept in the book. Raises what the redactor raises.
        """
        try:
            key = self._keys.get_or_create(_key_owner(conversation_id))
        except KeyDestroyed:
            return {}
        book = self._read(conversation_id, key)
        before = book.to_rows()
        edits = {place: find_known(text, book, self._redactor().find_again) for place, text in texts.items()}
        self._write(conversation_id, key, before, book, tell=False)
        return {place: found for place, found in edits.items() if found}

    def words_shown(self, conversation_id: str, token: str) -> Redacted | None:
        """The words that come back in place of a token that is shown, through the redactor like any text.

        They are read as they are with all of the token's ways of writing shown. None where the token would stand in
        them still, or nobody knows it any more. Raises what the redactor raises.
        """
        book = self.book(conversation_id).copy()
        words = book.restore(token)
        for surface in book.lookup(token):
            book.show(surface)
        for _ in range(_TRIES if words != token else 0):
            redacted = self._redactor().redact(words, book)
            again = [span for span in redacted.spans if span.token == token]
            if not again:
                return redacted
            # A part of the words is taken for the whole: it is shown with it.
            for span in again:
                book.show(words[span.start : span.end])
        return None

    def wipe(self, conversation_id: str) -> None:
        """Forget everybody in the conversation, for good; harmless when that was done already."""
        self._keys.destroy(_key_owner(conversation_id))
        with self._engine.begin() as db:
            db.execute(delete(_rows).where(_rows.c.conversation == conversation_id))

    def _read(self, conversation_id: str, key: bytes) -> Identities:
        with self._engine.begin() as db:
            rows = db.execute(select(_rows).where(_rows.c.conversation == conversation_id)).all()
        opened = {row.token: unseal(key, row.entry, _rows.name, conversation_id, row.token).decode() for row in rows}
        return Identities.from_rows(opened)

    def _write(
        self, conversation_id: str, key: bytes, before: Mapping[str, str], book: Identities, *, tell: bool = True
    ) -> None:
        """Only what changed: a token's row is sealed again only when something about it is new."""
        new = {token: entry for token, entry in book.to_rows().items() if before.get(token) != entry}
        if not new:
            return
        with self._engine.begin() as db:
            for token, entry in new.items():
                db.execute(delete(_rows).where(_rows.c.conversation == conversation_id, _rows.c.token == token))
                sealed = seal(key, entry.encode(), _rows.name, conversation_id, token)
                db.execute(insert(_rows).values(conversation=conversation_id, token=token, entry=sealed))
            if tell:
                self._changed(db, conversation_id)


def _key_owner(conversation_id: str) -> str:
    return f"vault/{conversation_id}"
