"""Words that a person says are personal, found in a text wherever they stand."""

from redaction.edits import Edit
from redaction.gazetteer import gazetteer
from redaction.keep import keep
from redaction.rewriting import Words
from redaction.words import fold


def find_told(text: str, words: str, token: str) -> list[Edit]:
    """Where `words` stand in `text` as whole words, whatever the case, never inside a token.

    One exception: for `Will` or `Rose`, the everyday word in small letters stays.
    """
    everyday = fold(words) in gazetteer().also_words or keep().keeps_word(fold(words))
    named = words != words.lower()
    return [
        edit
        for edit in Words({words: token}).find(text)
        if not (everyday and named and text[edit.start : edit.end].islower())
    ]
