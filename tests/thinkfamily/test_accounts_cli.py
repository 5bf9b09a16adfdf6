"""Accounts and tokens from the command line, as somebody who looks after a council's server uses it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from sealing import open_engine
from thinkfamily.cli import main
from web import AccessTokens, AccountStore
from web.accounts import WrongSignIn
from web.sessions import SessionStore


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("THINKFAMILY_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("web.passwords._hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def done(*arguments: str) -> str:
    """What it printed on standard output."""
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def create(username: str, place: str = "desk", role: str = "officer", name: str = "Ann Officer") -> str:
    words = ["--place", place, "--username", username, "--name", name, "--role", role, "--team", "Welfare support"]
    return done("account", "create", *words).strip()


def assert_refused(result: Result, *words: str) -> None:
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    for word in words:
        assert word in result.stderr


def store(data_dir: Path, place: str = "desk") -> AccountStore:
    return AccountStore(open_engine(f"sqlite:///{data_dir / place}.db"))


@pytest.mark.parametrize(("place", "role"), [("desk", "officer"), ("desk", "manager"), ("inbox", "key_worker")])
def test_an_account_signs_in_with_the_password_that_was_printed(data_dir: Path, place: str, role: str) -> None:
    password = create("ann", place, role, "Ann O'Brien-Łoś")
    account = store(data_dir, place).verify("ann", password)
    assert (account.name, account.role, account.team) == ("Ann O'Brien-Łoś", role, "Welfare support")
    assert password.encode() not in b"".join(path.read_bytes() for path in data_dir.rglob("*.db*"))
    other = "inbox" if place == "desk" else "desk"
    with pytest.raises(WrongSignIn):
        store(data_dir, other).verify("ann", password)


def test_a_new_password_replaces_the_old_one_and_ends_sessions(data_dir: Path) -> None:
    old = create("ann")
    engine = open_engine(f"sqlite:///{data_dir / 'desk.db'}")
    sessions = SessionStore(engine, timedelta(minutes=30))
    token = sessions.start(AccountStore(engine).verify("ann", old).id)
    new = done("account", "password", "--place", "desk", "--username", "ann").strip()
    assert sessions.find(token) is None
    assert AccountStore(engine).verify("ann", new)
    with pytest.raises(WrongSignIn):
        AccountStore(engine).verify("ann", old)


def test_a_closed_account_signs_in_no_more(data_dir: Path) -> None:
    password = create("ann")
    assert done("account", "close", "--place", "desk", "--username", "ann") == ""
    with pytest.raises(WrongSignIn):
        store(data_dir).verify("ann", password)
    for command in ("close", "password"):
        assert_refused(run("account", command, "--place", "desk", "--username", "ann"), "closed")


def test_the_list_says_who_is_there_and_no_password() -> None:
    assert done("account", "list") == ""
    secret = create("ann")
    create("mo", role="manager", name="Mo Manager")
    create("kay", "inbox", "key_worker", "Kay Worker")
    done("account", "close", "--place", "desk", "--username", "mo")
    listed = done("account", "list")
    assert [line.split() for line in listed.splitlines()] == [
        ["desk", "ann", "officer", "open", "Welfare", "support", "Ann", "Officer"],
        ["desk", "mo", "manager", "closed", "Welfare", "support", "Mo", "Manager"],
        ["inbox", "kay", "key_worker", "open", "Welfare", "support", "Kay", "Worker"],
    ]
    assert secret not in listed
    assert "argon" not in listed
    assert done("account", "list", "--place", "inbox").split()[1] == "kay"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"--username": "ANN"}, "taken"),
        ({"--username": "x"}, "2 to 60"),
        ({"--username": ""}, "2 to 60"),
        ({"--username": "an n"}, "2 to 60"),
        ({"--name": " "}, "a name has 1 to 120"),
        ({"--name": "Ann\x1b[31m"}, "a name has 1 to 120"),
        ({"--team": "T" * 121}, "a team has 1 to 120"),
        ({"--role": "key_worker"}, "the desk has no role key_worker: choose officer or manager"),
    ],
)
def test_a_wrong_account_is_refused_in_one_line(data_dir: Path, change: dict[str, str], said: str) -> None:
    create("ann")
    given = {
        "--place": "desk",
        "--username": "ben",
        "--name": "Ben Officer",
        "--role": "officer",
        "--team": "Welfare support",
    } | change
    assert_refused(run("account", "create", *[word for pair in given.items() for word in pair]), said)
    assert [account.username for account in store(data_dir).everyone()] == ["ann"]


@pytest.mark.parametrize("command", ["password", "close"])
def test_an_unknown_username_is_said_so(command: str) -> None:
    assert_refused(run("account", command, "--place", "inbox", "--username", "nobody"), "account list")


@pytest.mark.parametrize(
    "arguments",
    [
        ("account", "create", "--place", "desk"),
        ("account", "close", "--username", "ann"),
        ("account", "list", "--place", "cellar"),
        ("token", "revoke"),
        ("token", "create", "--role", "boss"),
    ],
)
def test_what_is_left_out_is_asked_for(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_token_is_listed_and_revoked_wherever_it_is(data_dir: Path) -> None:
    made = {role: done("token", "create", "--role", role).strip() for role in ("officer", "key_worker")}
    tokens = {
        "officer": AccessTokens(open_engine(f"sqlite:///{data_dir / 'desk.db'}")),
        "key_worker": AccessTokens(open_engine(f"sqlite:///{data_dir / 'inbox.db'}")),
    }
    for role, token in made.items():
        assert tokens[role].find(token) is not None
        assert done("token", "revoke", token.split("_")[0]) == ""
        assert tokens[role].find(token) is None
        assert_refused(run("token", "revoke", token.split("_")[0]), "token list")
    listed = done("token", "list")
    assert sorted(line.split()[2:] for line in listed.splitlines()) == [["key_worker", "closed"], ["officer", "closed"]]
    assert not any(token in listed for token in made.values())


def test_an_unknown_token_is_said_so() -> None:
    kept = done("token", "create", "--role", "officer").strip()
    assert_refused(run("token", "revoke", "k0000"), "no open token")
    assert_refused(run("token", "revoke", kept), "no open token")  # the whole token is no id
    assert "open" in done("token", "list")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://somebody:secret@127.0.0.1:9/nothing", "DESK_DATABASE_URL"),
        ("nonsense", "DESK_DATABASE_URL"),
        ("sqlite://", "must be a file"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_without_its_secret(
    monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    monkeypatch.setenv("THINKFAMILY_DESK_DATABASE_URL", url)
    result = run("account", "list", "--place", "desk")
    assert_refused(result, said)
    assert "secret" not in result.stderr
