"""Keeps what was typed out of Rasa's own log.

Rasa logs through structlog, with the text, slots or the whole tracker as fields, and with every local variable of every
frame beside an exception. Of all that only the event's fixed name is passed on, to the log that
:mod:`thinkfamily.logs` writes without libraries' words.
"""

from __future__ import annotations

import re
from typing import Any

import structlog

_FIXED_NAME = re.compile(r"[a-z_]{2,40}(\.[a-z_]{1,40}){1,6}")


def _name_only(_logger: Any, _method: str, event: dict[str, Any]) -> tuple[tuple[str], dict[str, Any]]:
    name = str(event.get("event", ""))
    extra = {"safe_event": name} if _FIXED_NAME.fullmatch(name) else {}
    return (("(left out)",), {"extra": extra, "exc_info": event.get("exc_info")})


def set_up_structlog() -> None:
    """Must run before anything of Rasa is imported."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.dev.set_exc_info, _name_only],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
