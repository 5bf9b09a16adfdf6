"""Neighbouring words of one kind as one name."""

from collections.abc import Callable, Sequence

from redaction.nlp import TextArtifacts
from redaction.spans import Found

# What may stand between two words of one name: a space, a hyphen, an apostrophe, the dot after an initial.
_WITHIN_A_NAME = frozenset({" ", "-", "'", "’", ". ", ".", "  ", " & ", " - "})


def join_runs(
    text: TextArtifacts,
    kinds: Sequence[str | None],
    *,
    score: Callable[[int], float],
    doubtful: bool = False,
) -> list[Found]:
    """One `Found` for each run of words of the same kind; a run is as sure as its surest word."""
    found: list[Found] = []
    begun: int | None = None
    for index, kind in enumerate([*kinds, None]):
        if begun is not None and (kind != kinds[begun] or text.gap(index) not in _WITHIN_A_NAME):
            run = range(begun, index)
            begun_kind = kinds[begun]
            if begun_kind is not None:
                found.append(
                    Found(
                        text.words[begun].start,
                        text.words[index - 1].end,
                        begun_kind,
                        max(score(member) for member in run),
                        doubtful,
                    )
                )
            begun = None
        if kind is not None and begun is None:
            begun = index
    return found
