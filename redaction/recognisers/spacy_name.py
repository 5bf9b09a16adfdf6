"""Names that a council's own spaCy model finds: one more layer, by configuration."""

from collections.abc import Sequence
from typing import Any, Final

import spacy

from redaction.errors import SpacyModelMissing
from redaction.keep import keep
from redaction.nlp import TextArtifacts
from redaction.recognisers.base import NameRecogniser
from redaction.spans import Found
from redaction.types import ORG, PERSON, TOWN
from redaction.words import fold

# Labels of spaCy's English models (OntoNotes 5).
_KINDS: Final = {"PERSON": PERSON, "GPE": TOWN, "LOC": TOWN, "FAC": TOWN, "ORG": ORG}
_NOT_NEEDED: Final[Sequence[str]] = ("parser", "lemmatizer", "textcat")
_SCORE: Final = 0.45


class SpacyNameRecogniser(NameRecogniser):
    """What `en_core_web_lg`, say, takes for a person, a place or an organisation, the words of keep.yml apart."""

    TYPES = (PERSON, TOWN, ORG)

    def __init__(self, model: str) -> None:
        """`model` is the name of an installed package or a folder. Raises SpacyModelMissing; nothing is fetched."""
        super().__init__()
        try:
            self._pipeline = spacy.load(model, exclude=list(_NOT_NEEDED))
        except (OSError, ValueError) as error:
            raise SpacyModelMissing(
                f"The spaCy model {model} cannot be loaded: install it, or take it out of the settings."
            ) from error

    def find(self, text: TextArtifacts) -> list[Found]:
        """Names as the model gives them."""
        return [
            Found(entity.start_char, entity.end_char, _KINDS[entity.label_], _SCORE)
            for entity in self._pipeline(text.text).ents
            if entity.label_ in _KINDS and not _kept(entity)
        ]


def _kept(entity: Any) -> bool:
    return all(keep().keeps_word(fold(token.text)) or not token.text.isalnum() for token in entity)
