"""``thinkfamily account`` and ``thinkfamily token``: who may sign in, people and scripts.

A new password or token is printed alone on standard output, this once; everything else goes to standard error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from thinkfamily.terminal import settings_or_stop, stop

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from web import AccessTokens, AccountStore, NewAccount

_PLACES = ("desk", "inbox")
_ROLES = {"desk": ("officer", "manager"), "inbox": ("key_worker", "manager")}
_TOKEN_PLACES = {"officer": "desk", "manager": "desk", "key_worker": "inbox"}  # where a script of this role signs in

_place = click.option("--place", type=click.Choice(_PLACES), required=True, help="Whose accounts: desk or inbox.")
_username = click.option("--username", required=True, help="What the person signs in with.")


@click.group()
def account() -> None:
    """People's accounts at the desk and at the inbox."""


@account.command("create")
@_place
@_username
@click.option("--name", required=True, help="The person's name, as others will read it.")
@click.option("--role", type=click.Choice(["officer", "manager", "key_worker"]), required=True)
@click.option("--team", required=True, help="The team they work in.")
def account_create(place: str, username: str, name: str, role: str, team: str) -> None:
    """Make an account and print its password, this once."""
    if role not in _ROLES[place]:
        stop(f"the {place} has no role {role}: choose {' or '.join(_ROLES[place])}")
    with _accounts(place) as store:
        made = store.create_with_password(username, name, role, team)
    _show_password(place, made)


@account.command("password")
@_place
@_username
def account_password(place: str, username: str) -> None:
    """Give somebody a new password and print it, this once. They are signed out everywhere."""
    with _accounts(place) as store:
        made = store.reset_password(username)
    _show_password(place, made)


@account.command("close")
@_place
@_username
def account_close(place: str, username: str) -> None:
    """Close an account: its owner is signed out at once and can sign in no more."""
    with _accounts(place) as store:
        store.close(username)
    click.echo("==> Closed. This person is signed out and can sign in no more.", err=True)


@account.command("list")
@click.option("--place", type=click.Choice(_PLACES), help="Only the desk's or the inbox's.")
def account_list(place: str | None) -> None:
    """Every account: place, username, role, open or closed, team, name."""
    rows = []
    for where in [place] if place else _PLACES:
        with _accounts(where) as store:
            rows += [
                (where, one.username, one.role, _state(one.active), one.team, one.name) for one in store.everyone()
            ]
    _show_table(rows)


@click.group()
def token() -> None:
    """Access tokens, with which scripts sign in."""


@token.command("create")
@click.option("--role", type=click.Choice(list(_TOKEN_PLACES)), required=True)
def token_create(role: str) -> None:
    """Make a token and print it, this once."""
    with _tokens(_TOKEN_PLACES[role]) as tokens:
        click.echo(tokens.create(role))


@token.command("list")
def token_list() -> None:
    """Every token ever made: place, id, role, open or closed. The id is the token's part before the underscore."""
    rows = []
    for where in _PLACES:
        with _tokens(where) as tokens:
            rows += [(where, one.id, one.role, _state(one.active)) for one in tokens.everyone()]
    _show_table(rows)


@token.command("revoke")
@click.argument("token_id", metavar="ID")
def token_revoke(token_id: str) -> None:
    """Make the token with this id (its part before the underscore) open nothing any more."""
    revoked = 0
    for where in _PLACES:
        with _tokens(where) as tokens:
            revoked += tokens.revoke(token_id)
    if not revoked:
        stop("there is no open token with this id: see 'thinkfamily token list'")
    click.echo("==> Revoked. Nothing can sign in with it any more.", err=True)


@contextmanager
def _accounts(place: str) -> Iterator[AccountStore]:
    """The place's accounts; what a person can put right ends the command with one line."""
    from web import AccountStore  # noqa: PLC0415
    from web.accounts import AccountError  # noqa: PLC0415

    with _database(place) as engine:
        try:
            yield AccountStore(engine)
        except AccountError as problem:
            stop(problem)


@contextmanager
def _tokens(place: str) -> Iterator[AccessTokens]:
    from web import AccessTokens  # noqa: PLC0415

    with _database(place) as engine:
        yield AccessTokens(engine)


@contextmanager
def _database(place: str) -> Iterator[Engine]:
    """The place's database, for one command; where it cannot be used, one line and exit status 2."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from sealing import open_engine  # noqa: PLC0415
    from sealing.engines import DatabaseNotDurable  # noqa: PLC0415

    try:
        engine = open_engine(settings_or_stop().database_url(place))
        try:
            yield engine
        finally:
            engine.dispose()
    except DatabaseNotDurable as problem:
        stop(problem)
    except (SQLAlchemyError, OSError):  # their messages may hold the database's address and password
        stop(f"the {place}'s database cannot be used: check THINKFAMILY_{place.upper()}_DATABASE_URL and its rights")


def _show_password(place: str, made: NewAccount) -> None:
    click.echo(f"==> {made.username} signs in at the {place} with this password, shown this once:", err=True)
    click.echo(made.password)
    click.echo("==> Ask them to change it at /account/password.", err=True)


def _state(active: bool) -> str:
    return "open" if active else "closed"


def _show_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
