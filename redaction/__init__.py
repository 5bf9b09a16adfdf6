"""Hides personal data: a typed text becomes a `Redacted`, in which tokens stand for people, places and numbers.

>>> redactor = Redactor.load(settings.model_dir)
>>> identities = Identities()
>>> redactor.redact("Kelly Marsh, 3 months behind w rent", identities).text
'[PERSON 1], 3 months behind w rent'
"""

from redaction.edits import Edit, apply_edits, moved
from redaction.errors import MessageEmpty, MessageTooLong, RedactionError, RedactionFailed, SpacyModelMissing
from redaction.identities import Identities
from redaction.lines import redact_lines
from redaction.normalising import as_plain_words, normalise
from redaction.redacted import Redacted, Span
from redaction.redactor import Redactor, build_models
from redaction.remaining import Remaining, remaining
from redaction.rewriting import Rewrite, Rewriting, TurnEdit
from redaction.told import find_known
from redaction.tripwire import tripwire
from redaction.types import PERSON, TOKEN, TYPES

__all__ = [
    "PERSON",
    "TOKEN",
    "TYPES",
    "Edit",
    "Identities",
    "MessageEmpty",
    "MessageTooLong",
    "Redacted",
    "RedactionError",
    "RedactionFailed",
    "Redactor",
    "Remaining",
    "Rewrite",
    "Rewriting",
    "SpacyModelMissing",
    "Span",
    "TurnEdit",
    "apply_edits",
    "as_plain_words",
    "build_models",
    "find_known",
    "moved",
    "normalise",
    "redact_lines",
    "remaining",
    "tripwire",
]
