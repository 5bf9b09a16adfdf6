"""Slows down guessing of passwords. Nobody is ever locked out for longer than :data:`LONGEST_WAIT_SECONDS`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from web.tables import metadata, sign_in_tries

FREE_TRIES = 5
LONGEST_WAIT_SECONDS = 30
_FORGET_AFTER = timedelta(days=1)


class WaitBeforeNextTry(Exception):
    """Too many wrong passwords in a row; ``seconds`` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds before the next try")
        self.seconds = seconds


def wait_after(failed: int) -> int:
    """Seconds to wait after ``failed`` wrong tries in a row: none for the first few, then twice as long each time."""
    if failed < FREE_TRIES:
        return 0
    return min(1 << min(failed - FREE_TRIES + 1, 10), LONGEST_WAIT_SECONDS)


class Tries:
    """Counts wrong tries for each username, known or not."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        metadata.create_all(engine)

    def begin(self, username: str) -> None:
        """Count a try before its password is looked at, so that many at once cannot slip through.

        Raises :class:`WaitBeforeNextTry` where it comes too early; that one is not counted.
        """
        try:
            self._count(_key(username), self._clock())
        except IntegrityError:  # the first two tries came at once
            self._count(_key(username), self._clock())

    def _count(self, key: str, now: datetime) -> None:
        with self._engine.begin() as db:
            db.execute(delete(sign_in_tries).where(sign_in_tries.c.last_at < now - _FORGET_AFTER))
            row = db.execute(
                select(sign_in_tries).where(sign_in_tries.c.username_hash == key).with_for_update()
            ).first()
            if row is None:
                db.execute(insert(sign_in_tries).values(username_hash=key, failed=1, last_at=now))
                return
            left = wait_after(row.failed) - (now - row.last_at).total_seconds()
            if left > 0:
                raise WaitBeforeNextTry(int(left) + 1)
            db.execute(
                update(sign_in_tries)
                .where(sign_in_tries.c.username_hash == key)
                .values(failed=row.failed + 1, last_at=now)
            )

    def succeeded(self, username: str) -> None:
        """The password was right: forget the tries."""
        with self._engine.begin() as db:
            db.execute(delete(sign_in_tries).where(sign_in_tries.c.username_hash == _key(username)))


def _key(username: str) -> str:
    return hashlib.sha256(username.encode()).hexdigest()
