"""References that people read out on the telephone: ``TF-XXXX-XXXX``.

Twenty-three characters that are not mistaken for one another (no vowels, so no words either; no 0, 1, 5, 8 beside O, I,
S, B). Twenty-three is a prime, so the last character, a weighted sum of the others, shows every single wrong character
and every two that changed places.
"""

from __future__ import annotations

import secrets
from typing import Annotated

from pydantic import AfterValidator

from referrals.errors import ReferenceWrong

ALPHABET = "234679CDFGHJKMNPQRTVWXY"
_BODY = 7  # random characters: 3.4 thousand million references
_FORM = "TF-XXXX-XXXX"


def _check_character(body: str) -> str:
    # Weights 2 to 8: all different and none a multiple of 23, which is what catches swaps; the check itself weighs 1.
    total = sum((place + 2) * ALPHABET.index(character) for place, character in enumerate(body))
    return ALPHABET[-total % len(ALPHABET)]


def new_reference() -> str:
    """A random reference, with its check character last."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_BODY))
    whole = body + _check_character(body)
    return f"TF-{whole[:4]}-{whole[4:]}"


def read_reference(text: str) -> str:
    """The reference that somebody typed, in its proper form: letter case, spaces and hyphens do not matter.

    Raises :class:`ReferenceWrong`.
    """
    characters = "".join(text.upper().split()).replace("-", "")
    whole = characters.removeprefix("TF")
    if len(whole) != _BODY + 1 or any(character not in ALPHABET for character in whole):
        raise ReferenceWrong(f"a reference looks like {_FORM}: look at it again")
    if _check_character(whole[:-1]) != whole[-1]:
        raise ReferenceWrong("a character of the reference is wrong, or two changed places: look at it again")
    return f"TF-{whole[:4]}-{whole[4:]}"


def _exact_reference(value: str) -> str:
    try:
        proper = read_reference(value)
    except ReferenceWrong as wrong:
        raise ValueError(str(wrong)) from None
    if proper != value:
        raise ValueError(f"a reference looks like {_FORM}")
    return value


Reference = Annotated[str, AfterValidator(_exact_reference)]
"""A reference in its proper form, as a field of a model."""
