"""What is known by now, found in a text that was kept before: by what a person said, and by how people are named."""

from collections.abc import Callable, Iterable

from redaction.edits import Edit
from redaction.gazetteer import gazetteer
from redaction.identities import Identities, Known
from redaction.keep import keep
from redaction.names import PersonName, is_slip, same_surface
from redaction.rewriting import Words
from redaction.types import PERSON, TOKEN
from redaction.words import fold, words_of

FindAgain = Callable[[str, Identities], list[Edit]]


def find_known(text: str, book: Identities, find_again: FindAgain) -> list[Edit]:
    """Everything in `text` that `book` knows, from left to right; none overlap.

    A new way of writing a known name is added to `book`.
    `find_again` is the redactor's, which reads the text with its models: it is asked only where a known name may stand.
    """
    edits = list(find_told(text, book))
    for edit in edits:
        book.add(edit.token, text[edit.start : edit.end])
    if may_mention(text, book.known()):
        edits += [
            edit
            for edit in find_again(text, book)
            if all(edit.end <= told.start or told.end <= edit.start for told in edits)
        ]
    return sorted(edits, key=lambda edit: edit.start)


def find_told(text: str, book: Identities) -> list[Edit]:
    """Where words stand that a person said are personal: as whole words, whatever the case, never inside a token.

    One exception: for `Will` or `Rose`, the everyday word in small letters stays.
    """
    told = dict(book.told())
    named = {token for words, token in told.items() if words != words.lower()}
    return [edit for edit in Words(told).find(text) if not (edit.token in named and _is_everyday(text, edit))]


def may_mention(text: str, known: Iterable[Known]) -> bool:
    """Whether anything in `text` could be what is known: a quick look, which may say yes too often."""
    words = {word.folded for word in words_of(TOKEN.sub("\n", text))}
    letters = same_surface(TOKEN.sub("\n", text))
    return any(
        _may_be_named(words, PersonName.parse(item.surface))
        if item.type == PERSON
        else same_surface(item.surface) in letters
        for item in known
    )


def _may_be_named(words: set[str], name: PersonName) -> bool:
    lists = gazetteer()
    return any(
        word in {part, f"{part}s", part[0]} or is_slip(word, part) or lists.may_be_same_first_name(word, part)
        for part in name.words
        for word in words
    )


def _is_everyday(text: str, edit: Edit) -> bool:
    words = text[edit.start : edit.end]
    return words.islower() and (fold(words) in gazetteer().also_words or keep().keeps_word(fold(words)))
