"""Names that the tagger is sure of."""

from typing import Final

from redaction.gazetteer import gazetteer
from redaction.keep import keep
from redaction.nlp import TextArtifacts
from redaction.recognisers.base import NameRecogniser
from redaction.recognisers.runs import join_runs
from redaction.spans import Found
from redaction.types import ORG, PERSON, TOWN
from redaction.words import word_list

_SURE: Final = 0.5
# A word of a name that has begun needs less to belong to it.
_GOES_ON: Final = 0.3


class TaggedNameRecogniser(NameRecogniser):
    """Runs of words that the tagger takes for one name."""

    TYPES = (PERSON, TOWN, ORG)

    def find(self, text: TextArtifacts) -> list[Found]:
        """Names of every kind; words that name nobody (see keep.yml) end a name and begin none."""
        kinds: list[str | None] = []
        for index in range(len(text.words)):
            begun = kinds[-1] if kinds else None
            kinds.append(self._kind(text, index, begun))
        return join_runs(text, kinds, score=text.name_score)

    def _kind(self, text: TextArtifacts, index: int, begun: str | None) -> str | None:
        if begun == ORG and text.is_capital(index) and text.gap(index) == " " and not text.words[index].text.isupper():
            return ORG  # "Clearview Hand Car Wash"
        kind = max(self.TYPES, key=lambda kind: text.score(index, kind))
        enough = _GOES_ON if kind == begun else _SURE
        return kind if text.name_score(index) >= enough and not _stays(text, index) else None


def _stays(text: TextArtifacts, index: int) -> bool:
    folded = text.words[index].folded
    if folded.isdigit():
        return True
    if folded in word_list("no_name") and not gazetteer().is_name(folded):
        return True
    # "Jordan", "April": kept as a country or a month, unless they stand where a name stands.
    may_be_name = gazetteer().is_name(folded) and text.score(index, PERSON) >= _SURE
    return keep().keeps_word(folded) and not may_be_name
