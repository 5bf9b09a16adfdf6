"""Addresses, dates and numbers that the tagger tells by how they are spoken of, whatever their shape."""

import re
from typing import Final

from redaction import types
from redaction.gazetteer import gazetteer
from redaction.keep import keep
from redaction.nlp import TextArtifacts
from redaction.recognisers.base import COUNTS, NameRecogniser
from redaction.recognisers.runs import WITHIN_A_DETAIL, join_runs
from redaction.spans import Found
from redaction.tagger import LABELS
from redaction.words import word_list

# Chosen on the notes for tuning.
_ENOUGH: Final = 0.25
_GOES_ON: Final = 0.2
_NO_DOUBT: Final = 0.7
_SHORT_NUMBER: Final = 4


# `0315`, `14.29`, `9.04`: what it says is when, on a day that is not said.
_TIME: Final = re.compile(r"(?:[01]?[0-9]|2[0-3])[.:][0-5][0-9]|(?:[01][0-9]|2[0-3])[0-5][0-9]")


class TaggedDetailRecogniser(NameRecogniser):
    """`the lay-by past the garden centre`, `the first of january`, `oh seven seven double oh`, `ref is 4417702`."""

    TYPES = tuple(kind for kind in LABELS[1:] if kind not in (types.PERSON, types.TOWN, types.ORG))

    def find(self, text: TextArtifacts) -> list[Found]:
        """Runs of words of one kind."""
        kinds: list[str | None] = []
        for index in range(len(text.words)):
            begun = kinds[-1] if kinds else None
            kinds.append(self._kind(text, index, begun))
        for index, kind in enumerate(kinds):
            if kind and not self._says_something(text, kinds, index):
                kinds[index] = None
        runs = join_runs(
            text,
            kinds,
            # Low, so that of two finds of one kind Presidio keeps the one that is told by its shape.
            score=lambda index: COUNTS + 0.04 * text.personal_score(index),
            within=WITHIN_A_DETAIL,
            apart=text.begins,
        )
        return [run for run in runs if not _TIME.fullmatch(text.text[run.start : run.end])]

    def _says_something(self, text: TextArtifacts, kinds: list[str | None], index: int) -> bool:
        """Not `the`, `NI` or a short number alone."""
        word = text.words[index].folded
        beside = {*kinds[max(0, index - 1) : index], *kinds[index + 1 : index + 2]}
        if kinds[index] in beside:
            return True
        if word in word_list("no_name") or keep().keeps_word(word):
            return False
        # A year, the number of a bus or bed: only where the tagger has no doubt.
        return text.personal_score(index) >= _NO_DOUBT or not (word.isdigit() and len(word) <= _SHORT_NUMBER)

    def _kind(self, text: TextArtifacts, index: int, begun: str | None) -> str | None:
        if begun == types.ADDRESS and "," in text.gap(index) and (text.words[index].folded,) in gazetteer().places:
            return None  # the town after the street
        if begun and text.score(index, begun) >= _GOES_ON:
            return begun
        if text.personal_score(index) < _ENOUGH:
            return None
        kind = text.likeliest_kind(index)
        return kind if kind in self.TYPES else None
