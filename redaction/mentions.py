"""The people of this conversation, however they are named the next time."""

from collections.abc import Iterable, Sequence
from typing import Final

from redaction.gazetteer import gazetteer
from redaction.identities import Known
from redaction.keep import keep
from redaction.names import PersonName, is_slip, same_surface
from redaction.nlp import TextArtifacts
from redaction.recognisers.context import in_name_place
from redaction.recognisers.runs import join_runs
from redaction.spans import Found
from redaction.types import PERSON
from redaction.words import word_list

_SCORE: Final = 0.8
_LONGEST: Final = 8  # words of a known address or number
_SHORTEST_KEY: Final = 4


def find_mentions(text: TextArtifacts, known: Iterable[Known]) -> list[Found]:
    """Every further mention: in small letters, possessive, by part of the name, nickname, initial, with a slip."""
    known = list(known)
    people = [item for item in known if item.type == PERSON]
    return [*_people(text, people), *_initials(text, people), *_others(text, known)]


def _people(text: TextArtifacts, people: list[Known]) -> list[Found]:
    names = [PersonName.parse(item.surface) for item in people]
    words = {word for name in names for word in name.words if len(word) > 1}
    firsts = {name.first for name in names if name.words and not name.only_surname and len(name.first) > 1}
    told = {part for item in people if item.told for part in item.surface.split()}
    forms = gazetteer().same_first_names(firsts)
    by_letter: dict[str, list[str]] = {}
    for name in sorted(words):
        by_letter.setdefault(name[0], []).append(name)
    kinds: list[str | None] = []
    for index, word in enumerate(text.words):
        follows = bool(kinds) and kinds[-1] is not None and bool(text.before(index))
        meant = (
            word.folded in words
            or word.folded.removesuffix("s") in words
            or word.folded in forms
            or _is_slip_of(text, index, by_letter.get(word.folded[:1], ()))
        )
        may = word.text in told or _may_stand_here(text, index, follows=follows)
        kinds.append(PERSON if meant and may else None)
    return join_runs(text, kinds, score=lambda _: _SCORE)


def _is_slip_of(text: TextArtifacts, index: int, names: Sequence[str]) -> bool:
    """A slip of the fingers in one of `names`, where the word is no word otherwise."""
    folded = text.words[index].folded
    if text.is_everyday(index) or gazetteer().is_name(folded) or keep().keeps_word(folded):
        return False
    return any(is_slip(folded, name) for name in names)


def _may_stand_here(text: TextArtifacts, index: int, *, follows: bool) -> bool:
    """Whether a word that may be a known name is one here: `will` and `grace` mostly are not."""
    folded = text.words[index].folded
    everyday = folded in gazetteer().also_words or keep().keeps_word(folded)
    if not everyday and (gazetteer().is_name(folded) or not text.is_everyday(index)):
        return True
    likely = text.score(index, PERSON)
    if text.is_capital(index) and (not text.begins_sentence(index) or likely >= 0.1):
        return True
    return likely >= (0.1 if follows or in_name_place(text, index) else 0.25)


def _initials(text: TextArtifacts, people: list[Known]) -> list[Found]:
    """`K says`: the initial of a known person, doing something."""
    firsts = [PersonName.parse(item.surface) for item in people]
    initials = {name.first[0] for name in firsts if name.words and not name.only_surname}
    found = []
    for index, word in enumerate(text.words):
        lone = len(word.text) == 1 and text.is_capital(index) and word.text not in "AI"
        if lone and word.folded in initials and text.after(index) in word_list("speaking"):
            found.append(Found(word.start, word.end, PERSON, 0.45, doubtful=True))
    return found


def _others(text: TextArtifacts, known: list[Known]) -> list[Found]:
    """Addresses, numbers, schools that were hidden before, however they are spaced and whatever the case."""
    told = {same_surface(item.surface) for item in known if item.told}
    keys = {same_surface(item.surface): item.type for item in known if item.type != PERSON}
    keys = {key: kind for key, kind in keys.items() if key in told or len(key) >= _SHORTEST_KEY}
    longest = max(map(len, keys), default=0)
    found = []
    for first, word in enumerate(text.words):
        key = ""
        for last in range(first, min(len(text.words), first + _LONGEST)):
            key += same_surface(text.words[last].text)
            if len(key) > longest:
                break
            if key in keys and (last > first or key in told or _may_stand_here(text, first, follows=False)):
                found.append(Found(word.start, text.words[last].end, keys[key], _SCORE))
    return found
