"""Names that the tagger is sure of."""

from typing import Final

from redaction.gazetteer import gazetteer
from redaction.keep import keep
from redaction.names import TITLES
from redaction.nlp import TextArtifacts
from redaction.recognisers.base import COUNTS, NameRecogniser
from redaction.recognisers.runs import join_runs
from redaction.spans import Found
from redaction.types import ORG, PERSON, TOWN
from redaction.words import word_list

# Chosen on the notes for tuning. A word that is among the commonest of English needs more than one that is not, and a
# word of a name that has begun needs less to belong to it.
_ENOUGH: Final = 0.2
_ENOUGH_OF_EVERYDAY: Final = 0.5
_GOES_ON: Final = 0.15
_GOES_ON_EVERYDAY: Final = 0.3
_SURE: Final = 0.5
_SHORT: Final = 2


class TaggedNameRecogniser(NameRecogniser):
    """Runs of words that the tagger takes for one name of a person, a place or an organisation."""

    TYPES = (PERSON, TOWN, ORG)

    def find(self, text: TextArtifacts) -> list[Found]:
        """Names of every kind; words that name nobody (see keep.yml) end a name and begin none."""
        kinds: list[str | None] = []
        for index in range(len(text.words)):
            begun = kinds[-1] if kinds else None
            kinds.append(self._kind(text, index, begun))
        return join_runs(
            text,
            kinds,
            score=lambda index: max(COUNTS, text.name_score(index)),
            # "kids ava noah n zac": one person after the other.
            apart=lambda index: kinds[index] == PERSON and text.begins(index) and text.gap(index) == " ",
        )

    def _kind(self, text: TextArtifacts, index: int, begun: str | None) -> str | None:
        if begun == ORG and text.is_capital(index) and text.gap(index) == " " and not text.words[index].text.isupper():
            return ORG  # "Clearview Hand Car Wash"
        kind = text.likeliest_kind(index)
        if text.is_everyday(index):
            enough = _GOES_ON_EVERYDAY if kind == begun else _ENOUGH_OF_EVERYDAY
        else:
            enough = _GOES_ON if kind == begun else _ENOUGH
        certain = text.personal_score(index) >= enough
        return kind if certain and kind in self.TYPES and not _stays(text, index, kind) else None


def _stays(text: TextArtifacts, index: int, kind: str) -> bool:
    folded = text.words[index].folded
    if folded.isdigit():
        return kind != ORG
    if folded in TITLES or (len(folded) <= _SHORT and not text.is_capital(index) and not gazetteer().is_name(folded)):
        return text.score(index, kind) < _SURE  # "w the hens", "dr appt"
    if folded in word_list("no_name") and not gazetteer().is_name(folded):
        return kind != ORG or text.score(index, ORG) < _SURE
    # "Jordan", "April": kept as a country or a month, unless they stand where a name stands.
    may_be_name = gazetteer().is_name(folded) and text.score(index, PERSON) >= _SURE
    return keep().keeps_word(folded) and not may_be_name and not (kind == ORG and text.score(index, ORG) >= _SURE)
