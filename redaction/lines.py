"""The evaluation contract: JSON lines in, JSON lines out, in the same order."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from redaction.errors import MessageEmpty, RedactionError
from redaction.identities import Identities
from redaction.redactor import Redactor


def redact_lines(lines: Iterable[str], redactor: Redactor) -> Iterator[str]:
    """`{"id","text"}` → `{"id","redacted","spans"}`, offsets in code points of the text given.

    Lines share no people unless they carry the same "conversation". A line that cannot be done becomes
    `{"id","error"}`, and the rest goes on. Blank lines are passed over.
    """
    conversations: dict[str, Identities] = {}
    for line in lines:
        if line.strip():
            yield json.dumps(_redact_line(line, redactor, conversations), ensure_ascii=False)


def _redact_line(line: str, redactor: Redactor, conversations: dict[str, Identities]) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except ValueError:
        return {"id": None, "error": "this line is not JSON"}
    if not isinstance(item, dict):
        return {"id": None, "error": "this line is not a JSON object"}
    line_id, text, conversation = item.get("id"), item.get("text"), item.get("conversation")
    if not isinstance(text, str):
        return {"id": line_id, "error": "this line has no text"}
    identities = Identities() if conversation is None else conversations.setdefault(str(conversation), Identities())
    try:
        redacted = redactor.redact(text, identities)
    except MessageEmpty:
        return {"id": line_id, "redacted": "", "spans": []}
    except RedactionError as error:
        return {"id": line_id, "error": str(error)}
    spans = [
        {"start": span.start, "end": span.end, "type": span.type, "token": span.token, "score": span.score}
        for span in redacted.spans
    ]
    return {"id": line_id, "redacted": redacted.text, "spans": spans}
