"""Who signed: a name or initials alone at the end of a note or of a paragraph."""

import re
from typing import Final

from redaction.keep import keep
from redaction.nlp import TextArtifacts
from redaction.recognisers.base import NameRecogniser
from redaction.spans import Found
from redaction.types import PERSON
from redaction.words import fold

_INITIALS: Final = re.compile(r"(?:(?<=[.!?)\n])|(?<=[.!?)\n] )|^)(?:[A-Z]\.? ?){1,3}(?=[\"”x ]{0,4}(?:\n|$))")
_NAME: Final = re.compile(r"(?:(?<=\n)|^)[A-Z][a-z'’]+(?: [A-Z][a-z'’]*\.?)?(?=[.,x ]{0,4}(?:\n\n|\n?$))")
_A_LITTLE: Final = 0.03


class SignatureRecogniser(NameRecogniser):
    """`… see you then. B.Q.`; `…over or under?` and on the next line `Bea`; not `NFA`, `Thanks`."""

    TYPES = (PERSON,)

    def find(self, text: TextArtifacts) -> list[Found]:
        """Initials and names that stand alone at the end of a line; nothing in text all in capitals."""
        if not text.has_meaningful_case:
            return []
        found = [
            Found(match.start(), match.end(), PERSON, 0.6)
            for match in _INITIALS.finditer(text.text)
            if not keep().keeps_word(fold("".join(letter for letter in match[0] if letter.isalpha())))
        ]
        for match in _NAME.finditer(text.text):
            inside = [index for index, word in enumerate(text.words) if match.start() <= word.start < match.end()]
            if all(self._may_sign(text, index) for index in inside):
                found.append(Found(match.start(), match.end(), PERSON, 0.6))
        return found

    def _may_sign(self, text: TextArtifacts, index: int) -> bool:
        kept = keep().keeps_word(text.words[index].folded)
        return not kept and (not text.is_everyday(index) or text.score(index, PERSON) >= _A_LITTLE)
