"""Danger heard by patterns alone: no model, no encoder, nothing heavy to load.

The desk calls this when redaction or the conversation cannot be reached, so that a message that must be refused still
raises its card. Recall comes first: a status that would lower a sign is followed only where it is a denial, the past or
another family; "if" lowers nothing here.
"""

from __future__ import annotations

from functools import cache

from understanding.heard import RedFlagRaised, SignHeard
from understanding.reading import Reading
from understanding.rulepack import RulePack, load_pack


@cache
def _pack() -> RulePack:
    return load_pack()


def danger_words(text: str) -> list[RedFlagRaised]:
    """The red flags that patterns find in a message, E before S; of the pack shipped as the default."""
    pack = _pack()
    reading = Reading(text, pack)
    signs: list[SignHeard] = []
    for found in reading.phrases():
        status = reading.status(found.sign, found.span, found.exact)
        if status in ("present", "hypothetical"):
            signs.append(
                SignHeard(
                    id=found.sign,
                    status="present",
                    words=text[found.span.start : found.span.end],
                    start=found.span.start,
                    end=found.span.end,
                    confidence=found.confidence,
                    about="adult",
                    said_by="person",
                    level=reading.level(found.sign, found.span),
                )
            )
    return list(reading.red_flags(signs))
