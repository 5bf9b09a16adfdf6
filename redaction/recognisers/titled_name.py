"""Whoever follows a title or an initial: a name on no list, in any letter case."""

from typing import Final

from redaction import types
from redaction.keep import keep
from redaction.nlp import TextArtifacts
from redaction.recognisers.base import NameRecogniser
from redaction.spans import Found
from redaction.words import word_list

_ALWAYS: Final = frozenset({"mr", "mrs", "mister", "cllr"})
# Verbs, illnesses, ranks: they need a capital after them, or the tagger.
_MOSTLY: Final = frozenset({"ms", "miss", "dr", "prof", "rev", "sgt", "pc", "fr"})


class TitledNameRecogniser(NameRecogniser):
    """`Mr Hollis`, `mrs pargeter`, `T. Vale`; not `mr and mrs`, `miss school`, `dr appointment`."""

    TYPES = (types.PERSON,)

    def find(self, text: TextArtifacts) -> list[Found]:
        """The word after the title; the title itself is added with the other edges."""
        return [
            Found(word.start, word.end, types.PERSON, 0.7)
            for index, word in enumerate(text.words)
            if index and self._is_name(text, index)
        ]

    def _is_name(self, text: TextArtifacts, index: int) -> bool:
        word, before = text.words[index], text.words[index - 1]
        if len(word.text) < 2 or not word.text.isalpha() or text.gap(index) not in (" ", ". ", "."):
            return False
        if keep().keeps_word(word.folded) or word.folded in word_list("no_name"):
            return False
        if before.folded in _ALWAYS:
            return True
        likely = text.score(index, types.PERSON)
        if before.folded in _MOSTLY:
            return text.is_capital(index) or likely >= 0.2
        initial = len(before.text) == 1 and before.text.isalpha() and text.gap(index).startswith(".")
        return initial and (text.is_capital(index) or likely >= 0.2)
