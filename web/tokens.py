"""The access tokens with which scripts sign in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, insert, select, update

from web.tables import access_tokens, metadata

_MAX_TYPED = 1000  # characters of a token worth looking at


@dataclass(frozen=True)
class TokenHolder:
    """Whoever signs in with an access token. ``id`` is the part of the token before the underscore."""

    id: str
    role: str
    active: bool


def _utc_now() -> datetime:
    return datetime.now(UTC)


class AccessTokens:
    """Tokens in ``engine``'s database, kept as hashes. Every call blocks: use it off the event loop."""

    def __init__(self, engine: Engine, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._clock = clock
        metadata.create_all(engine)

    def create(self, role: str) -> str:
        """A new token with the rights of ``role``: it is shown this once. Its first part is its id."""
        token_id, secret = f"k{secrets.token_hex(8)}", secrets.token_hex(32)
        with self._engine.begin() as db:
            db.execute(
                insert(access_tokens).values(
                    id=token_id, token_hash=_hashed(secret), role=role, created_at=self._clock()
                )
            )
        return f"{token_id}_{secret}"

    def find(self, token: str) -> TokenHolder | None:
        """Who holds ``token``, unless there is no such token or it was revoked."""
        token_id, _, secret = token[:_MAX_TYPED].partition("_")
        with self._engine.begin() as db:
            row = db.execute(
                select(access_tokens).where(
                    access_tokens.c.id == token_id,
                    access_tokens.c.token_hash == _hashed(secret),
                    access_tokens.c.revoked_at.is_(None),
                )
            ).first()
        return TokenHolder(row.id, row.role, active=True) if row else None

    def everyone(self) -> list[TokenHolder]:
        """Every token ever made, the oldest first."""
        with self._engine.begin() as db:
            rows = db.execute(select(access_tokens).order_by(access_tokens.c.created_at, access_tokens.c.id)).all()
        return [TokenHolder(row.id, row.role, active=row.revoked_at is None) for row in rows]

    def revoke(self, token_id: str) -> bool:
        """From now on the token with this id opens nothing; False where there was no such token, or none open."""
        with self._engine.begin() as db:
            done = db.execute(
                update(access_tokens)
                .where(access_tokens.c.id == token_id, access_tokens.c.revoked_at.is_(None))
                .values(revoked_at=self._clock())
            )
        return done.rowcount > 0


def _hashed(secret: str) -> str:
    # The secret is 256 random bits: a plain hash cannot be guessed backwards.
    return hashlib.sha256(secret.encode()).hexdigest()
