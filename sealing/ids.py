"""Opaque identifiers."""

import secrets


def new_id(prefix: str) -> str:
    """``prefix_`` and 128 random bits in letters and digits that cannot be guessed."""
    return f"{prefix}_{secrets.token_hex(16)}"
