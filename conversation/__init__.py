"""What is known in a talk, the questions, and what to do next: pure Python, no I/O (docs/conversation.md)."""

from conversation.errors import CatalogueInvalid, ConversationError, TurnUnreadable, ValueNotAllowed
from conversation.questions import (
    AGREEMENT,
    ANYTIME,
    NEVER_SHARED,
    QUESTIONS,
    ROLES,
    WORDING,
    Question,
    check_value,
)
from conversation.state import Card, LedgerSign, State, Suggestion
from conversation.turns import Turn

__all__ = [
    "AGREEMENT",
    "ANYTIME",
    "NEVER_SHARED",
    "QUESTIONS",
    "ROLES",
    "WORDING",
    "Card",
    "CatalogueInvalid",
    "ConversationError",
    "LedgerSign",
    "Question",
    "State",
    "Suggestion",
    "Turn",
    "TurnUnreadable",
    "ValueNotAllowed",
    "check_value",
]
