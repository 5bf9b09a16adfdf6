"""Moments as officers read them: in UK time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

_UK = ZoneInfo("Europe/London")


def local_time(moment: datetime) -> str:
    """Such as "10:24"."""
    return moment.astimezone(_UK).strftime("%H:%M")


def local_day(moment: datetime) -> str:
    """Such as "3 May 2027"."""
    local = moment.astimezone(_UK)
    return f"{local.day} {local:%B %Y}"
