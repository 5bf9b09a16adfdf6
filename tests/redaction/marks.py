"""Texts with their personal data marked inline, as in nlu_data/notes."""

from redaction import Redacted
from redaction.training.notes import unmark


def wanted(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    note = unmark("test", marked)
    return note.text, sorted(note.marks)


def found(redacted: Redacted) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.type) for span in redacted.spans]
