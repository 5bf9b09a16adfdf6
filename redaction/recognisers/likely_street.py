"""Streets in small letters or capitals, told by their last word and by what the tagger half believes."""

from typing import Final

from redaction.keep import keep
from redaction.nlp import TextArtifacts
from redaction.recognisers.base import NameRecogniser
from redaction.spans import Found
from redaction.types import ADDRESS
from redaction.words import word_list

_HALF_BELIEVED: Final = 0.1
_LONGEST: Final = 3


class LikelyStreetRecogniser(NameRecogniser):
    """`pershore close`, `PIP'S HILL`: up to three words before one that ends the names of streets."""

    TYPES = (ADDRESS,)

    def find(self, text: TextArtifacts) -> list[Found]:
        """Only where the tagger gives the words some chance of being an address."""
        found = []
        for index, word in enumerate(text.words):
            if word.folded in word_list("street_endings") and text.score(index, ADDRESS) >= _HALF_BELIEVED:
                first = self._first(text, index)
                if first < index:
                    found.append(Found(text.words[first].start, word.end, ADDRESS, 0.55))
        return found

    def _first(self, text: TextArtifacts, last: int) -> int:
        first = last
        while first > max(0, last - _LONGEST) and text.gap(first) in (" ", "-", "'", "’s ", "'s "):
            folded = text.words[first - 1].folded
            if folded in word_list("no_name") or folded in word_list("no_street_name") or keep().keeps_word(folded):
                break
            if text.score(first - 1, ADDRESS) < _HALF_BELIEVED and first < last:
                break
            first -= 1
        return first
