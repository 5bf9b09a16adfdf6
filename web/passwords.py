"""Passwords: what is asked of one, how it is kept, and how a first one is made."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH, MAX_LENGTH = 12, 200  # characters; NCSC: length rather than rules about kinds of characters

_hasher = PasswordHasher()  # Argon2id with the library's current (RFC 9106 low-memory) cost
_CONSONANTS, _VOWELS = "bdfghjkmnprstvz", "aeiou"  # no l, which reads as 1, and none that sound alike


class PasswordRefused(Exception):
    """A new password may not be used. ``reason``: ``short``, ``long``, ``has_username`` or ``repeats``."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the new password is refused: {reason}")
        self.reason = reason


def check_new(password: str, username: str) -> None:
    """Raises :class:`PasswordRefused` unless ``password`` may be used by ``username``."""
    if len(password) < MIN_LENGTH:
        raise PasswordRefused("short")
    if len(password) > MAX_LENGTH:
        raise PasswordRefused("long")
    if username.casefold() in password.casefold():
        raise PasswordRefused("has_username")
    if len(set(password)) < 5:
        raise PasswordRefused("repeats")


def hash_password(password: str) -> str:
    """What is kept. Slow on purpose: call it off the event loop."""
    return _hasher.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Whether ``password`` is the one that was hashed. Slow on purpose: call it off the event loop."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def readable_password(username: str) -> str:
    """A new random password of syllables for ``username``, easy to read out and copy down: about 55 bits."""

    def syllable() -> str:
        return secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS)

    while True:
        password = "-".join("".join(syllable() for _ in range(3)) for _ in range(3))
        try:
            check_new(password, username)
        except PasswordRefused:  # a short username stands in it by chance
            continue
        return password
