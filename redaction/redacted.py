"""A text in which tokens stand for whatever was personal: the only kind of text that may leave the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

_MAY_MAKE: Final = object()


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of the text given to `redact` that a token now stands for."""

    start: int
    """In code points of the text given, before it was normalised."""
    end: int
    type: str
    token: str
    score: float
    """0 to 1: how sure the layer was that found it."""
    doubtful: bool
    """Hidden to be safe; a person should say whether it is a name."""


@final
class Redacted:
    """Only `Redactor.redact` makes one, so whoever is handed one knows that the text went through it."""

    __slots__ = ("_spans", "_text")

    def __init__(self, text: str, spans: Sequence[Span], *, permit: object) -> None:
        if permit is not _MAY_MAKE:
            raise TypeError("Only Redactor.redact makes a Redacted: hand it the text instead.")
        self._text = text
        self._spans = tuple(spans)

    @property
    def text(self) -> str:
        """The normalised text, tokens in place of personal data."""
        return self._text

    @property
    def spans(self) -> tuple[Span, ...]:
        """What was hidden, from left to right; none overlap."""
        return self._spans

    def __repr__(self) -> str:
        return f"Redacted(spans={len(self._spans)})"

    def __reduce__(self) -> str:
        raise TypeError("A Redacted is not stored or copied: keep its text.")


def make_redacted(text: str, spans: Sequence[Span]) -> Redacted:
    """For `Redactor.redact` alone."""
    return Redacted(text, spans, permit=_MAY_MAKE)
