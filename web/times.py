"""Moments as people here read them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

_HERE = ZoneInfo("Europe/London")


def day_in_words(moment: datetime) -> str:
    """The day in the United Kingdom, such as "3 March 2026"."""
    here = moment.astimezone(_HERE)
    return f"{here.day} {here:%B %Y}"


def time_in_words(moment: datetime) -> str:
    """Day and time in the United Kingdom, such as "3 March 2026 at 4:05pm"."""
    here = moment.astimezone(_HERE)
    return f"{day_in_words(moment)} at {here.hour % 12 or 12}:{here:%M}{'am' if here.hour < 12 else 'pm'}"
