"""Who is signed in. Sessions live in the database, so that they can be ended from there; the cookie says nothing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from web.accounts import Account, utc_now
from web.tables import accounts, metadata, sessions

LONGEST = timedelta(hours=12)  # a shift; after it, sign in again
_NOTE_SEEN_EVERY = timedelta(seconds=30)


class SessionStore:
    """Sessions in ``engine``'s database. Every call blocks: use it off the event loop."""

    def __init__(self, engine: Engine, idle: timedelta, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._idle = idle
        self._clock = clock
        metadata.create_all(engine)

    def start(self, account_id: str) -> str:
        """A new session; its token goes into the cookie and is kept here as a hash."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._engine.begin() as db:
            db.execute(delete(sessions).where(sessions.c.started_at < now - LONGEST))
            db.execute(
                insert(sessions).values(token_hash=_hashed(token), account_id=account_id, started_at=now, seen_at=now)
            )
        return token

    def find(self, token: str) -> Account | None:
        """Whose session this is, unless it ended, was idle too long, or is too old. Counts as being seen."""
        now = self._clock()
        with self._engine.begin() as db:
            row = db.execute(
                select(accounts, sessions.c.seen_at)
                .join(sessions, sessions.c.account_id == accounts.c.id)
                .where(
                    sessions.c.token_hash == _hashed(token),
                    sessions.c.seen_at > now - self._idle,
                    sessions.c.started_at > now - LONGEST,
                    accounts.c.active,
                )
            ).first()
            if row is None:
                return None
            if now - row.seen_at > _NOTE_SEEN_EVERY:
                db.execute(update(sessions).where(sessions.c.token_hash == _hashed(token)).values(seen_at=now))
        return Account(row.id, row.username, row.name, row.role, row.team)

    def end(self, token: str) -> None:
        """Sign this session out."""
        with self._engine.begin() as db:
            db.execute(delete(sessions).where(sessions.c.token_hash == _hashed(token)))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
