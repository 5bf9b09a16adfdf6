"""What can go wrong in this package. No message quotes what a person typed."""

from __future__ import annotations


class ConversationError(Exception):
    """Anything that goes wrong in this package."""


class ValueNotAllowed(ConversationError):
    """A choice is not one of those the question offers. The message names the question and what it takes."""


class TurnUnreadable(ConversationError):
    """An event on the tracker is not a turn made by our channel. The message says what is missing."""


class CatalogueInvalid(ConversationError):
    """The file of questions cannot be used. The message names the question and what to correct."""
