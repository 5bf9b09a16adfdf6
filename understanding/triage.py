"""The `thinkfamily triage` contract: JSON lines in, JSON lines out, in the same order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from understanding.listener import Listener
from understanding.suggestion import suggest


class _BadLine(Exception):
    """A line that is not of the contract's form; the message says what is wrong, without quoting it."""


def triage_lines(lines: Iterable[str], listener: Listener, redact: Callable[[str], str]) -> Iterator[str]:
    """One answer a line. `redact` gives the text with people's details hidden; nothing else is ever looked at.

    A bad line is answered with {"id", "error"} and the next one is read; blank lines are skipped. Lines share no state.
    """
    for line in lines:
        if not line.strip():
            continue
        line_id: Any = None
        try:
            record = _parse(line)
            line_id = record["id"]
            answer = _answer(record, listener, redact)
        except _BadLine as error:
            answer = {"id": line_id, "error": str(error)}
        except Exception as error:  # one line must never end the run, and its text must never reach a message
            answer = {"id": line_id, "error": f"could not be read ({type(error).__name__})"}
        yield json.dumps(answer, ensure_ascii=False)


def _parse(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise _BadLine("not a line of JSON") from error
    if not isinstance(record, dict) or "id" not in record:
        raise _BadLine('needs an object with "id" and "text"')
    return record


def _answer(record: dict[str, Any], listener: Listener, redact: Callable[[str], str]) -> dict[str, Any]:
    text = record.get("text")
    if not isinstance(text, str):
        raise _BadLine('"text" must be a string')
    heard = listener.hear(redact(text) if text.strip() else "")
    child = True if heard.child_or_pregnancy else None
    suggestion = suggest(listener.pack, heard.signs, child, heard.red_flags, baby=heard.baby)
    return {
        "id": record["id"],
        "signs": [
            {"id": sign.id, "status": sign.status, "words": sign.words, "confidence": round(sign.confidence, 3)}
            for sign in heard.signs
        ],
        "red_flags": [flag.id for flag in heard.red_flags],
        "interrupt": heard.interrupt,
        "headings": list(suggestion.headings),
        "level": suggestion.level,
        "missing": list(suggestion.missing),
    }
