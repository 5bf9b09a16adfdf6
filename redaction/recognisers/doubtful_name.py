"""Words on no list, in a name's place: hidden until a person says otherwise."""

from redaction.gazetteer import gazetteer
from redaction.keep import keep
from redaction.nlp import TextArtifacts
from redaction.recognisers.base import NameRecogniser
from redaction.recognisers.context import in_name_place
from redaction.recognisers.runs import join_runs
from redaction.spans import Found
from redaction.types import PERSON

_SHORTEST = 3
_HARDLY = 0.001
# Chosen on the notes for tuning: what is in doubt is hidden, as long as it stays well under one word in a hundred.
_HALF = 0.03


class DoubtfulNameRecogniser(NameRecogniser):
    """An unknown word after a relation or title, or with a capital inside a sentence; or what the tagger half
    believes. Kept few: too many, and nobody looks at them."""

    TYPES = (PERSON,)

    def find(self, text: TextArtifacts) -> list[Found]:
        """People's names, all marked as doubtful."""
        kinds = [PERSON if self._may_be_name(text, index) else None for index in range(len(text.words))]
        return join_runs(text, kinds, score=lambda index: min(0.49, max(0.4, text.name_score(index))), doubtful=True)

    def _may_be_name(self, text: TextArtifacts, index: int) -> bool:
        word = text.words[index]
        if len(word.text) < _SHORTEST or not word.text.isalpha() or keep().keeps_word(word.folded):
            return False
        if word.folded in gazetteer().also_words:
            return False
        likely = text.name_score(index)
        if text.is_everyday(index):
            return likely >= _HALF and text.is_capital(index) and not text.begins_sentence(index)
        inside = text.is_capital(index) and not text.begins_sentence(index) and not word.text.isupper()
        return likely >= (_HARDLY if in_name_place(text, index) or inside else _HALF)
