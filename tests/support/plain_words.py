"""Words that are not for families: they blame, they label, or they hide what happened."""

from __future__ import annotations

import re

_NOT_SAID = (
    r"troubled famil",
    r"hard[- ]to[- ]reach",
    r"\bvictim",
    r"perpetrator",
    r"non-?complian",
    r"fail(ed|s|ing|ure)? to engage",
    r"\bDNA\b",
    r"\bchaotic",
    r"dysfunctional",
    r"\brefus(ed|es|ing|al)\b",
    r"\balleg(e[ds]?|ing|ation)",
    r"\bclaim(s|ed) (that|to|he|she|they)\b",
    r"abscond",
    r"promiscuous",
    r"streetwise",
    r"lifestyle choice",
    r"\bdomestics\b",
    r"\bvolatile",
    r"substance misuse",
    r"\baddict",
    r"\bsuffer(s|ed|ing)? (from|with)\b",
    r"wheelchair-bound",
    r"\bdisclos",
    r"\bNFA\b",
)
NOT_SAID = re.compile("|".join(_NOT_SAID), re.IGNORECASE)


def not_said(text: str) -> list[str]:
    """The words of ``text`` that should be other words, as they stand in it."""
    return [found[0] for found in NOT_SAID.finditer(text)]
