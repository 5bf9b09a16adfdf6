"""Accounts, tokens and sessions in the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

import web.passwords
from web import AccessTokens, AccountStore
from web.accounts import AccountClosed, AccountRefused, AccountUnknown, WrongSignIn
from web.passwords import PasswordRefused, check_new, readable_password
from web.sessions import LONGEST, SessionStore
from web.tries import FREE_TRIES, LONGEST_WAIT_SECONDS, WaitBeforeNextTry, wait_after

from .conftest import PASSWORD

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


def everything_in(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.glob("web.db*")))


def test_a_right_password_gives_the_account_whatever_the_letter_case_of_the_name(store: AccountStore) -> None:
    account = store.verify("  OLU ", PASSWORD)
    assert (account.username, account.name, account.role, account.team) == (
        "olu",
        "Olu Officer",
        "officer",
        "Welfare support",
    )


@pytest.mark.parametrize(
    ("username", "password"), [("olu", "wrong"), ("nobody", PASSWORD), ("", ""), ("olu", ""), ("olu", PASSWORD + " ")]
)
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(store: AccountStore, username: str, password: str) -> None:
    with pytest.raises(WrongSignIn, match="the username or the password is wrong"):
        store.verify(username, password)


def test_an_unknown_name_costs_a_password_check_too(store: AccountStore, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    check = web.passwords.matches

    def counting(password_hash: str, password: str) -> bool:
        checked.append(password_hash)
        return check(password_hash, password)

    monkeypatch.setattr("web.accounts.matches", counting)
    for username in ("olu", "nobody"):
        with pytest.raises(WrongSignIn):
            store.verify(username, "wrong password")
    assert len(checked) == 2
    assert all(found.startswith("$argon2id$") for found in checked)


def test_many_wrong_tries_slow_down_and_never_lock_out(engine: Engine) -> None:
    clock = Clock()
    store = AccountStore(engine, clock=clock)
    store.create("olu", "Olu", "officer", "Team", PASSWORD)
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongSignIn):
            store.verify("olu", "wrong")
    with pytest.raises(WaitBeforeNextTry) as wait:
        store.verify("olu", PASSWORD)
    clock.forward(timedelta(seconds=wait.value.seconds))
    assert store.verify("olu", PASSWORD).username == "olu"
    with pytest.raises(WrongSignIn):  # the count began anew
        store.verify("olu", "wrong")


def test_an_unknown_name_is_slowed_down_just_the_same(engine: Engine) -> None:
    store = AccountStore(engine, clock=Clock())
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongSignIn):
            store.verify("nobody", "wrong")
    with pytest.raises(WaitBeforeNextTry):
        store.verify("nobody", "wrong")


def test_a_refused_try_does_not_make_the_wait_longer(engine: Engine) -> None:
    clock = Clock()
    store = AccountStore(engine, clock=clock)
    store.create("olu", "Olu", "officer", "Team", PASSWORD)
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongSignIn):
            store.verify("olu", "wrong")
    for _ in range(20):
        with pytest.raises(WaitBeforeNextTry):
            store.verify("olu", "wrong")
    clock.forward(timedelta(seconds=wait_after(FREE_TRIES)))
    assert store.verify("olu", PASSWORD)


def test_tries_at_the_same_moment_are_all_counted(engine: Engine) -> None:
    store = AccountStore(engine, clock=Clock())
    store.create("olu", "Olu", "officer", "Team", PASSWORD)

    def guess(_: int) -> str:
        try:
            store.verify("olu", "wrong")
        except (WrongSignIn, WaitBeforeNextTry) as error:
            return type(error).__name__
        return "in"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(guess, range(16)))
    assert outcomes.count("WrongSignIn") == FREE_TRIES
    assert outcomes.count("WaitBeforeNextTry") == 16 - FREE_TRIES


@given(st.integers(min_value=0, max_value=10**9))
def test_the_wait_grows_and_is_capped(failed: int) -> None:
    assert 0 <= wait_after(failed) <= wait_after(failed + 1) <= LONGEST_WAIT_SECONDS


@pytest.mark.parametrize(
    ("password", "reason"),
    [("short", "short"), ("x" * 201, "long"), ("my olu password", "has_username"), ("aaaaaaaaaaaab", "repeats")],
)
def test_a_weak_new_password_is_refused(store: AccountStore, password: str, reason: str) -> None:
    account = store.verify("olu", PASSWORD)
    with pytest.raises(PasswordRefused) as refused:
        store.change_password(account.id, PASSWORD, password)
    assert refused.value.reason == reason
    assert store.verify("olu", PASSWORD)


def test_a_changed_password_works_and_the_old_one_does_not(store: AccountStore) -> None:
    account = store.verify("olu", PASSWORD)
    with pytest.raises(WrongSignIn):
        store.change_password(account.id, "not the old one", "a brand new phrase")
    store.change_password(account.id, PASSWORD, "a brand new phrase")
    assert store.verify("olu", "a brand new phrase").id == account.id
    with pytest.raises(WrongSignIn):
        store.verify("olu", PASSWORD)


@pytest.mark.parametrize("username", ["", "a", "with space", "UPPER!", "x" * 61, "_first", "né", "a\nb"])
def test_a_username_of_another_form_is_refused(store: AccountStore, username: str) -> None:
    with pytest.raises(AccountRefused):
        store.create(username, "Name", "officer", "Team", PASSWORD)


def test_a_username_is_taken_once(store: AccountStore) -> None:
    with pytest.raises(AccountRefused, match="taken"):
        store.create("Olu", "Another", "officer", "Team", PASSWORD)


def test_first_accounts_are_made_once_and_can_sign_in(engine: Engine, tmp_path: Path) -> None:
    store = AccountStore(engine)
    made = store.make_first([("officer", "Welfare officer", "officer", "Team"), ("boss", "Boss", "manager", "Team")])
    assert [(account.username, account.role) for account in made] == [("officer", "officer"), ("boss", "manager")]
    for account in made:
        assert store.verify(account.username, account.password).role == account.role
        assert account.password not in repr(account)
        assert account.password.encode() not in everything_in(tmp_path)
    assert store.make_first([("again", "Again", "officer", "Team")]) == []


@given(st.sampled_from(["officer", "ba", "do", "gozi"]))
def test_readable_passwords_may_be_used(username: str) -> None:
    made = {readable_password(username) for _ in range(10)}
    assert len(made) == 10
    for password in made:
        check_new(password, username)
        assert password.replace("-", "").isalpha()


@pytest.mark.parametrize(
    ("name", "team"), [("", "Team"), (" ", "Team"), ("Olu", ""), ("O" * 121, "Team"), ("Olu\x07", "Team")]
)
def test_a_name_or_team_that_cannot_be_shown_is_refused(store: AccountStore, name: str, team: str) -> None:
    with pytest.raises(AccountRefused, match="1 to 120 characters"):
        store.create("new", name, "officer", team, PASSWORD)


def test_a_name_is_kept_without_spare_spaces(store: AccountStore) -> None:
    account = store.create("ann", " Ann \t Officer ", "officer", "Welfare\nsupport", PASSWORD)
    assert (account.name, account.team) == ("Ann Officer", "Welfare support")
    assert store.verify("ann", PASSWORD) == account


def test_an_account_with_a_password_made_for_it_can_sign_in(store: AccountStore) -> None:
    made = store.create_with_password("Ann", "Ann Officer", "officer", "Welfare support")
    assert store.verify("ann", made.password).name == "Ann Officer"
    for username in ("", "a", "with space"):
        with pytest.raises(AccountRefused):
            store.create_with_password(username, "Ann Officer", "officer", "Welfare support")


def test_a_lost_password_is_replaced_and_everything_open_ends(engine: Engine) -> None:
    clock = Clock()
    store, sessions = AccountStore(engine, clock=clock), SessionStore(engine, timedelta(minutes=30), clock=clock)
    olu = store.create("olu", "Olu Officer", "officer", "Team", PASSWORD)
    other = store.create("mo", "Mo Manager", "manager", "Team", PASSWORD)
    theirs, others = sessions.start(olu.id), sessions.start(other.id)
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongSignIn):
            store.verify("olu", "wrong")
    made = store.reset_password(" OLU ")
    assert (made.username, made.role) == ("olu", "officer")
    assert store.verify("olu", made.password) == olu  # without waiting: the wrong tries are forgotten
    with pytest.raises(WrongSignIn):
        store.verify("olu", PASSWORD)
    assert sessions.find(theirs) is None
    assert sessions.find(others) == other
    assert store.verify("mo", PASSWORD) == other


def test_a_changed_password_ends_every_session_of_the_person(engine: Engine, store: AccountStore) -> None:
    sessions = SessionStore(engine, timedelta(minutes=30))
    olu, mo = store.verify("olu", PASSWORD), store.verify("mo", PASSWORD)
    theirs, others = sessions.start(olu.id), sessions.start(mo.id)
    store.change_password(olu.id, PASSWORD, "a brand new phrase")
    assert sessions.find(theirs) is None
    assert sessions.find(others) == mo


def test_a_closed_account_is_out_at_once_and_for_good(engine: Engine, store: AccountStore, tmp_path: Path) -> None:
    sessions = SessionStore(engine, timedelta(minutes=30))
    olu = store.verify("olu", PASSWORD)
    token = sessions.start(olu.id)
    store.close("Olu")
    assert sessions.find(token) is None
    assert store.get(olu.id) is None
    with pytest.raises(WrongSignIn):
        store.verify("olu", PASSWORD)
    for act in (store.close, store.reset_password):
        with pytest.raises(AccountClosed):
            act("olu")
    with pytest.raises(AccountRefused, match="taken"):
        store.create("olu", "Another", "officer", "Team", PASSWORD)
    assert [(account.username, account.active) for account in store.everyone()] == [("mo", True), ("olu", False)]


@pytest.mark.parametrize("username", ["nobody", "", "'; DROP TABLE accounts; --"])
def test_what_is_not_there_is_neither_closed_nor_given_a_password(store: AccountStore, username: str) -> None:
    for act in (store.close, store.reset_password):
        with pytest.raises(AccountUnknown, match="account list"):
            act(username)
    assert [account.username for account in store.everyone()] == ["mo", "olu"]


def test_a_token_signs_in_until_it_is_revoked_and_is_kept_as_a_hash(engine: Engine, tmp_path: Path) -> None:
    tokens = AccessTokens(engine)
    token = tokens.create("officer")
    holder = tokens.find(token)
    assert holder is not None
    assert holder.role == "officer"
    assert token.split("_")[1].encode() not in everything_in(tmp_path)
    for wrong in ("", "_", token[:-1], token + "0", f"k00_{token.split('_')[1]}", token.upper()):
        assert tokens.find(wrong) is None
    assert tokens.revoke(holder.id)
    assert tokens.find(token) is None
    assert not tokens.revoke(holder.id)


def test_revoking_takes_one_token_and_no_other(engine: Engine) -> None:
    tokens = AccessTokens(engine, clock=Clock())
    first, second = tokens.create("officer"), tokens.create("manager")
    for unknown in ("", "k00", first, "%"):
        assert not tokens.revoke(unknown)
    assert tokens.revoke(first.split("_")[0])
    assert tokens.find(first) is None
    assert tokens.find(second) is not None
    assert {one.id: one.active for one in tokens.everyone()} == {first.split("_")[0]: False, second.split("_")[0]: True}


def test_a_session_ends_when_idle_when_old_and_when_told_to(engine: Engine, store: AccountStore) -> None:
    clock = Clock()
    sessions = SessionStore(engine, timedelta(minutes=30), clock=clock)
    olu = store.verify("olu", PASSWORD)

    idle = sessions.start(olu.id)
    clock.forward(timedelta(minutes=29))
    assert sessions.find(idle) == olu
    clock.forward(timedelta(minutes=29))
    assert sessions.find(idle) == olu  # being seen counted
    clock.forward(timedelta(minutes=31))
    assert sessions.find(idle) is None

    old = sessions.start(olu.id)
    begun = clock.now
    while clock.now - begun < LONGEST - timedelta(minutes=20):
        clock.forward(timedelta(minutes=20))
        assert sessions.find(old) is not None
    clock.forward(timedelta(minutes=20))
    assert sessions.find(old) is None

    ended, other = sessions.start(olu.id), sessions.start(olu.id)
    sessions.end(ended)
    assert sessions.find(ended) is None
    assert sessions.find(other) == olu


def test_a_session_token_is_kept_as_a_hash(engine: Engine, store: AccountStore, tmp_path: Path) -> None:
    token = SessionStore(engine, timedelta(minutes=30)).start(store.verify("olu", PASSWORD).id)
    assert token.encode() not in everything_in(tmp_path)
