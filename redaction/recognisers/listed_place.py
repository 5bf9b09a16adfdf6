"""Towns, villages and parts of towns on our list."""

from collections.abc import Iterator

from redaction.gazetteer import gazetteer
from redaction.keep import keep
from redaction.nlp import TextArtifacts
from redaction.recognisers.base import NameRecogniser
from redaction.recognisers.context import in_place_place
from redaction.spans import Found
from redaction.types import TOWN

_LONGEST = 4
# Surer than the tagger, which has never met most of these, unless people bear the name too.
_NOBODY = 0.99
_PERHAPS = 0.6


class ListedPlaceRecogniser(NameRecogniser):
    """A listed place that is no other word is one. One that is also a word (Bath, Reading) needs a place's place."""

    TYPES = (TOWN,)

    def find(self, text: TextArtifacts) -> list[Found]:
        """Places, the longest name first: `Peasedown St John` before `Peasedown`."""
        found: list[Found] = []
        index = 0
        while index < len(text.words):
            starts = text.words[index].folded in gazetteer().place_starts
            length = next(self._lengths_from(text, index), 0) if starts else 0
            if length:
                words = text.words[index : index + length]
                score = max(text.score(member, TOWN) for member in range(index, index + length))
                nobody = not any(gazetteer().is_name(word.folded) for word in words)
                score = max(score, _NOBODY if nobody else _PERHAPS)
                found.append(Found(words[0].start, words[-1].end, TOWN, score))
            index += max(1, length)
        return found

    def _lengths_from(self, text: TextArtifacts, index: int) -> Iterator[int]:
        for length in range(min(_LONGEST, len(text.words) - index), 0, -1):
            members = range(index, index + length)
            name = tuple(text.words[member].folded for member in members)
            together = all(text.gap(member).strip(" -.'’") == "" for member in members[1:])
            if together and name in gazetteer().places and (length > 1 or self._is_place(text, index)):
                yield length

    def _is_place(self, text: TextArtifacts, index: int) -> bool:
        folded = text.words[index].folded
        likely = text.score(index, TOWN)
        if folded not in gazetteer().also_words and not keep().keeps_word(folded):
            return True
        if keep().keeps_word(folded):  # a month, a region
            return likely >= 0.6
        if in_place_place(text, index):
            return text.is_capital(index) or likely >= 0.3
        inside = text.is_capital(index) and not text.begins_sentence(index)
        return likely >= (0.25 if inside else 0.5)
