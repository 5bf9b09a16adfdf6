"""People's accounts, and the access tokens with which scripts sign in."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from sealing import new_id
from web.passwords import check_new, hash_password, matches, readable_password
from web.tables import access_tokens, accounts, metadata
from web.tries import Tries

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")
_MAX_TYPED = 1000  # characters of a username or password worth looking at


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


class UsernameRefused(Exception):
    """A username is taken or is not of the form asked for; the message says which."""


class WrongSignIn(Exception):
    """No such username, or not its password: the two are told apart nowhere."""


@dataclass(frozen=True)
class Account:
    """A person who may sign in."""

    id: str
    username: str
    name: str
    role: str
    team: str


@dataclass(frozen=True)
class NewAccount:
    """An account just made. Its password is shown once and never logged."""

    username: str
    role: str
    password: str = field(repr=False)


class AccountStore:
    """Accounts in ``engine``'s database. Every call blocks: use it off the event loop."""

    def __init__(self, engine: Engine, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock
        self._tries = Tries(engine, clock)
        self._nobody = ""
        metadata.create_all(engine)

    def create(self, username: str, name: str, role: str, team: str, password: str) -> Account:
        """A new account. Raises :class:`UsernameRefused` or :class:`~web.passwords.PasswordRefused`."""
        account = Account(new_id("a"), _plain(username), name, role, team)
        if not _USERNAME.fullmatch(account.username):
            raise UsernameRefused("a username has 2 to 60 letters, numbers, dots, hyphens, underscores or @ signs")
        check_new(password, account.username)
        try:
            with self._engine.begin() as db:
                db.execute(
                    insert(accounts).values(
                        id=account.id,
                        username=account.username,
                        name=name,
                        role=role,
                        team=team,
                        password_hash=hash_password(password),
                        active=True,
                        created_at=self._clock(),
                    )
                )
        except IntegrityError:
            raise UsernameRefused("this username is taken: choose another") from None
        return account

    def verify(self, username: str, password: str) -> Account:
        """The account, where the password is right.

        Raises :class:`WrongSignIn`, or :class:`~web.tries.WaitBeforeNextTry` after too many wrong tries. The same work
        is done for a username that does not exist.
        """
        username, password = _plain(username)[:_MAX_TYPED], password[:_MAX_TYPED]
        self._tries.begin(username)
        with self._engine.begin() as db:
            row = db.execute(select(accounts).where(accounts.c.username == username, accounts.c.active)).first()
        right = matches(row.password_hash if row else self._nobody_hash(), password)
        if row is None or not right:
            raise WrongSignIn("the username or the password is wrong")
        self._tries.succeeded(username)
        return _account(row)

    def change_password(self, account_id: str, old: str, new: str) -> None:
        """Raises what :meth:`verify` raises for ``old``, or :class:`~web.passwords.PasswordRefused` for ``new``."""
        account = self.get(account_id)
        if account is None:
            raise WrongSignIn("there is no such account")
        check_new(new, account.username)
        self.verify(account.username, old)
        with self._engine.begin() as db:
            db.execute(update(accounts).where(accounts.c.id == account_id).values(password_hash=hash_password(new)))

    def get(self, account_id: str) -> Account | None:
        """The account with this id, if it may still sign in."""
        with self._engine.begin() as db:
            row = db.execute(select(accounts).where(accounts.c.id == account_id, accounts.c.active)).first()
        return _account(row) if row else None

    def make_first(self, wanted: Iterable[tuple[str, str, str, str]]) -> list[NewAccount]:
        """Accounts of (username, name, role, team) with new passwords, only where there are no accounts at all."""
        with self._engine.begin() as db:
            if db.scalar(select(func.count()).select_from(accounts)):
                return []
        made = []
        for username, name, role, team in wanted:
            password = readable_password()
            self.create(username, name, role, team, password)
            made.append(NewAccount(username, role, password))
        return made

    def _nobody_hash(self) -> str:
        # A hash of nobody's password, so that an unknown username takes as long as a known one.
        self._nobody = self._nobody or hash_password(secrets.token_hex())
        return self._nobody


@dataclass(frozen=True)
class TokenHolder:
    """Whoever signs in with an access token."""

    id: str
    role: str


class AccessTokens:
    """Tokens in ``engine``'s database, kept as hashes. Every call blocks: use it off the event loop."""

    def __init__(self, engine: Engine, *, clock: Callable[[], datetime] = utc_now) -> None:
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
        return TokenHolder(row.id, row.role) if row else None

    def revoke(self, token_id: str) -> None:
        """From now on the token with this id (the part before the underscore) opens nothing."""
        with self._engine.begin() as db:
            db.execute(
                update(access_tokens)
                .where(access_tokens.c.id == token_id, access_tokens.c.revoked_at.is_(None))
                .values(revoked_at=self._clock())
            )


def _plain(username: str) -> str:
    return username.strip().casefold()


def _hashed(secret: str) -> str:
    # The secret is 256 random bits: a plain hash cannot be guessed backwards.
    return hashlib.sha256(secret.encode()).hexdigest()


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(row.id, row.username, row.name, row.role, row.team)
