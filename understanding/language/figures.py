"""Figures of speech and double meanings that sound like danger and are none (figures.yml)."""

from __future__ import annotations

import re
from functools import cache

from understanding.language.patterns import blank, compile_all, read


@cache
def _figures() -> tuple[re.Pattern[str], ...]:
    return compile_all(read("figures.yml")["figures"])


def hide_figures(text: str) -> str:
    """The text with figures of speech blanked out; its length and all places stay the same."""
    return blank(text, _figures())
