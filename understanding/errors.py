"""What can go wrong in this package; every message says what to do next and never quotes what a person typed."""

from __future__ import annotations


class UnderstandingError(Exception):
    """Anything that goes wrong in this package."""


class PackInvalid(UnderstandingError):
    """A rule pack cannot be used. The message names the file, the line and what to do."""


class HeadsInvalid(UnderstandingError):
    """The trained weights are missing or do not belong to this encoder or rule pack."""
