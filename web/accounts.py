"""People's accounts: who may sign in, as what, and with which password."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from sealing import new_id
from web.passwords import check_new, hash_password, matches, readable_password
from web.tables import accounts, metadata, sessions
from web.tries import Tries

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")
_MAX_TYPED = 1000  # characters of a username or password worth looking at
_MAX_NAME = 120  # characters of a name or a team


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


class AccountError(Exception):
    """Something about an account that a person can put right; the message says how."""


class AccountRefused(AccountError):
    """A username is taken, or a username, name or team is not of the form asked for; the message says which."""


class AccountUnknown(AccountError):
    """No account has this username."""


class AccountClosed(AccountError):
    """The account is closed, and stays closed."""


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
    active: bool = True


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
        """A new account. Raises :class:`AccountRefused` or :class:`~web.passwords.PasswordRefused`."""
        account = Account(new_id("a"), _checked(username), " ".join(name.split()), role, " ".join(team.split()))
        for what, given in (("name", account.name), ("team", account.team)):
            if not (0 < len(given) <= _MAX_NAME and given.isprintable()):
                raise AccountRefused(f"a {what} has 1 to {_MAX_NAME} characters, all of them readable")
        check_new(password, account.username)
        try:
            with self._engine.begin() as db:
                db.execute(
                    insert(accounts).values(
                        id=account.id,
                        username=account.username,
                        name=account.name,
                        role=role,
                        team=account.team,
                        password_hash=hash_password(password),
                        active=True,
                        created_at=self._clock(),
                    )
                )
        except IntegrityError:
            raise AccountRefused("this username is taken: choose another") from None
        return account

    def create_with_password(self, username: str, name: str, role: str, team: str) -> NewAccount:
        """A new account with a password made here. Raises :class:`AccountRefused`."""
        password = readable_password(_checked(username))
        account = self.create(username, name, role, team, password)
        return NewAccount(account.username, role, password)

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
        """A new password, chosen by the person; every session of theirs ends.

        Raises what :meth:`verify` raises for ``old``, or :class:`~web.passwords.PasswordRefused` for ``new``.
        """
        account = self.get(account_id)
        if account is None:
            raise WrongSignIn("there is no such account")
        check_new(new, account.username)
        self.verify(account.username, old)
        with self._engine.begin() as db:
            _set(db, account_id, password_hash=hash_password(new))

    def reset_password(self, username: str) -> NewAccount:
        """A new password for somebody who lost theirs; every session of theirs ends, and wrong tries are forgotten.

        Raises :class:`AccountUnknown` or :class:`AccountClosed`.
        """
        with self._engine.begin() as db:
            account = _find_open(db, _plain(username))
        password = readable_password(account.username)
        password_hash = hash_password(password)
        with self._engine.begin() as db:
            _set(db, account.id, password_hash=password_hash)
        self._tries.succeeded(account.username)
        return NewAccount(account.username, account.role, password)

    def close(self, username: str) -> None:
        """This person can sign in no more, and is signed out everywhere. The account stays, so that what they did
        keeps its name, and the username is not given again.

        Raises :class:`AccountUnknown` or :class:`AccountClosed`.
        """
        with self._engine.begin() as db:
            _set(db, _find_open(db, _plain(username)).id, active=False)

    def everyone(self) -> list[Account]:
        """Every account, closed ones too, by username."""
        with self._engine.begin() as db:
            rows = db.execute(select(accounts).order_by(accounts.c.username)).all()
        return [_account(row) for row in rows]

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
            made.append(self.create_with_password(username, name, role, team))
        return made

    def _nobody_hash(self) -> str:
        # A hash of nobody's password, so that an unknown username takes as long as a known one.
        self._nobody = self._nobody or hash_password(secrets.token_hex())
        return self._nobody


def _find_open(db: Connection, username: str) -> Account:
    row = db.execute(select(accounts).where(accounts.c.username == username).with_for_update()).first()
    if row is None:
        raise AccountUnknown("there is no such username: list them with 'thinkfamily account list'")
    if not row.active:
        raise AccountClosed("this account is closed: make a new one with another username")
    return _account(row)


def _set(db: Connection, account_id: str, **values: object) -> None:
    """Change an account in a way after which its owner has to sign in again, everywhere."""
    db.execute(update(accounts).where(accounts.c.id == account_id).values(values))
    db.execute(delete(sessions).where(sessions.c.account_id == account_id))


def _checked(username: str) -> str:
    username = _plain(username)
    if not _USERNAME.fullmatch(username):
        raise AccountRefused("a username has 2 to 60 letters, numbers, dots, hyphens, underscores or @ signs")
    return username


def _plain(username: str) -> str:
    return username.strip().casefold()


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(row.id, row.username, row.name, row.role, row.team, row.active)
