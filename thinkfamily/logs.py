"""Log lines that cannot carry what somebody typed.

Our own modules log ids only, so their lines are written as they stand. Libraries are another matter: Rasa alone puts
messages, whole trackers and request bodies into log lines, warnings and exceptions. So of a library's line only the
place it came from is written, and of an exception only its type and the places it passed through: enough to find a
fault, and nothing that was typed.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
import warnings
from datetime import UTC, datetime
from pathlib import PurePath
from types import TracebackType
from typing import Any, TextIO

OWN = {"actions", "bot", "conversation", "encoder", "inbox", "redaction", "referrals", "sealing", "thinkfamily"}
OWN |= {"understanding", "web"}


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in OWN


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}" for frame in frames]


def describe_error(error: BaseException) -> list[dict[str, Any]]:
    """The error and what it came from, newest first: type and places; the message only where our own code wrote it."""
    described: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(described) < 10:
        kind = type(current)
        entry: dict[str, Any] = {"type": f"{kind.__module__}.{kind.__qualname__}"}
        if _is_ours(kind.__module__):
            entry["says"] = str(current)
        entry["at"] = _places(current.__traceback__)
        described.append(entry)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return described


class SafeFormatter(logging.Formatter):
    """One line a record, plain or JSON, without any library's words."""

    def __init__(self, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The whole line. A library's message is replaced by the name of the function that wrote it."""
        ours = _is_ours(record.name)
        event = getattr(record, "safe_event", None) or f"{record.funcName}, line {record.lineno}"
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage() if ours else f"(library) {event}",
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = describe_error(record.exc_info[1])
        if self._as_json:
            return json.dumps(line)
        plain = f"{line['time']} {line['level']:7} {line['logger']}: {line['message']}"
        for error in line.get("error", []):
            says = f": {error['says']}" if error.get("says") else ""
            plain += f"\n    {error['type']}{says}" + "".join(f"\n        {place}" for place in error["at"])
        return plain


class _LibrariesFromWarning(logging.Filter):
    """Keeps libraries' chatter below WARNING out: without its words it says nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or _is_ours(record.name)


def set_up_logging(level: str, as_json: bool) -> None:
    """Send every log line, warning and uncaught exception of this process to standard error, without content.

    ``level`` is a name such as "INFO"; at "DEBUG" the places of libraries' chatter are shown as well.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SafeFormatter(as_json))
    if level != "DEBUG":
        handler.addFilter(_LibrariesFromWarning())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.raiseExceptions = False  # a record that cannot be formatted must not be printed with its arguments
    ours = logging.getLogger(__name__)

    def log_warning(
        message: Warning | str,  # noqa: ARG001 - the one part that is not written
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,  # noqa: ARG001
        line: str | None = None,  # noqa: ARG001
    ) -> None:
        ours.debug("%s at %s:%d", category.__name__, "/".join(PurePath(filename).parts[-2:]), lineno)

    def log_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None or issubclass(kind, KeyboardInterrupt):
            return
        ours.critical("an error that nothing expected", exc_info=(kind, error, trace))

    warnings.showwarning = log_warning
    sys.excepthook = log_uncaught
    threading.excepthook = lambda args: log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def quieten_libraries() -> None:
    """Take away the handlers that libraries gave their own loggers while they were imported."""
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
