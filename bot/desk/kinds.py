"""The kinds of words that an officer can say are personal, and the kind of token that each is hidden under."""

from __future__ import annotations

import re
from typing import Final, Literal, get_args

from redaction import PERSON
from redaction.tripwire import find_shapes
from redaction.types import ADDRESS, ORG, OTHER, REF, TOWN

Kind = Literal["person", "place", "group", "number", "other"]
"""As the officer chooses it; `hiding.kinds` in words.yml says each in words."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
GROUPS: Final = ("people", "places", "numbers", "other")
"""The headings under which an officer finds what is hidden, in this order."""
_TYPES: Final[dict[str, str]] = {"person": PERSON, "place": TOWN, "group": ORG, "other": OTHER}
_WORD: Final = re.compile(r"[^\W\d_]{3,}")


def type_of(kind: str, words: str) -> str:
    """The type of token for `words` of this kind; a kind that nobody offered is "other".

    A number or address has the type of its shape; without one, an address has a word in it and a number has none.
    """
    if kind != "number":
        return _TYPES.get(kind, OTHER)
    shape = next((found.type for found in find_shapes(words.strip())), "")
    return shape or (ADDRESS if _WORD.search(words) else REF)


def group_of(token_type: str) -> str:
    """Under which of `GROUPS` the officer finds it."""
    if token_type == PERSON:
        return "people"
    if token_type in (TOWN, ORG):
        return "places"
    return "other" if token_type == OTHER else "numbers"
