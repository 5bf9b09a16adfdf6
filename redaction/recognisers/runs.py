"""Neighbouring words of one kind as one name."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from redaction.nlp import TextArtifacts
from redaction.spans import Found

# What may stand between two words of one name: a space, a hyphen, an apostrophe, the dot after an initial.
WITHIN_A_NAME: Final = re.compile(r" |-|'|’|\. |\.|  | & | - ")
# And between two parts of an address, a number or a date.
WITHIN_A_DETAIL: Final = re.compile(r"[ \-–./,:@_+()'’&\\]{0,3}")


def join_runs(
    text: TextArtifacts,
    kinds: Sequence[str | None],
    *,
    score: Callable[[int], float],
    doubtful: bool = False,
    within: re.Pattern[str] = WITHIN_A_NAME,
    apart: Callable[[int], bool] = lambda _: False,
) -> list[Found]:
    """One `Found` for each run of words of the same kind; a run is as sure as its surest word.

    `within` is what may part two words of a run; where `apart` is true of a word, a new run begins all the same.
    """
    found: list[Found] = []
    begun: int | None = None
    for index, kind in enumerate([*kinds, None]):
        if begun is not None and (kind != kinds[begun] or not within.fullmatch(text.gap(index)) or apart(index)):
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
