"""First names and surnames on our lists."""

from redaction.gazetteer import gazetteer
from redaction.keep import keep
from redaction.nlp import TextArtifacts
from redaction.recognisers.base import NameRecogniser
from redaction.recognisers.context import in_name_place
from redaction.recognisers.runs import join_runs
from redaction.spans import Found
from redaction.types import PERSON
from redaction.words import word_list


class ListedNameRecogniser(NameRecogniser):
    """A listed name that is no other word is one. One that is also a word (Grace, Will, May) needs a name's place."""

    TYPES = (PERSON,)

    def find(self, text: TextArtifacts) -> list[Found]:
        """People's names."""
        kinds: list[str | None] = []
        for index in range(len(text.words)):
            follows_name = bool(kinds) and kinds[-1] is not None and bool(text.before(index))
            kinds.append(PERSON if self._is_name(text, index, follows_name=follows_name) else None)
        return join_runs(text, kinds, score=lambda index: max(0.6, text.score(index, PERSON)))

    def _is_name(self, text: TextArtifacts, index: int, *, follows_name: bool) -> bool:
        folded = text.words[index].folded
        lists = gazetteer()
        likely = text.score(index, PERSON)
        if len(folded) == 1:
            return follows_name and text.words[index].text.isupper() and likely >= 0.3
        if not lists.is_name(folded):
            # "hannahs sofa"
            owner = folded.removesuffix("s")
            return owner in lists.first_names and owner not in lists.also_words and not text.is_everyday(index)
        if folded not in lists.also_words and not keep().keeps_word(folded):
            return True
        return likely >= self._needed(text, index, follows_name=follows_name)

    def _needed(self, text: TextArtifacts, index: int, *, follows_name: bool) -> float:
        """How sure the tagger must be of a name that is also a word."""
        folded = text.words[index].folded
        inside = text.is_capital(index) and not text.begins_sentence(index)
        if folded in gazetteer().first_names and not keep().keeps_word(folded):
            # The encoder reads small letters only: to it `Will` is the verb, whatever the capital says.
            acts = text.after(index) in word_list("telling")
            if inside or acts:
                return 0
        if inside or follows_name or in_name_place(text, index):
            return 0.05
        return 0.2
