"""What the words around tell: whether a name is likely to stand here."""

from redaction.names import TITLES
from redaction.nlp import TextArtifacts
from redaction.words import word_list


def in_name_place(text: TextArtifacts, index: int) -> bool:
    """Whether a word stands before it that names somebody: a relation, a title, `called`."""
    before = text.before(index)
    return before in TITLES or before in word_list("relations") or before in word_list("naming")


def in_place_place(text: TextArtifacts, index: int) -> bool:
    """Whether a word stands before it that leads to a place: `in`, `from`."""
    return text.before(index) in word_list("placing")
