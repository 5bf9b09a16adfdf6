"""The accounts that are made on the first start."""

from __future__ import annotations

from dataclasses import dataclass

from sealing import open_engine
from thinkfamily.settings import Settings
from web import AccountStore

_DESK_FIRST = [
    ("officer", "Welfare officer", "officer", "Welfare support"),
    ("manager", "Welfare manager", "manager", "Welfare support"),
]
_INBOX_FIRST = [("keyworker", "Key worker", "key_worker", "Connecting Families")]


@dataclass(frozen=True)
class FirstAccount:
    """A new account with its password, to be shown once. ``place`` is ``desk`` or ``inbox``."""

    place: str
    username: str
    role: str
    password: str


def make_first_accounts(settings: Settings) -> list[FirstAccount]:
    """An officer and a manager at the desk and a key worker at the inbox, where there are no accounts yet."""
    made = []
    for place, wanted in (("desk", _DESK_FIRST), ("inbox", _INBOX_FIRST)):
        store = AccountStore(open_engine(settings.database_url(place)))
        made += [
            FirstAccount(place, account.username, account.role, account.password)
            for account in store.make_first(wanted)
        ]
    return made
