"""Schools, surgeries, care homes and firms, told by the last word of their name."""

import re
from typing import Final

from redaction import types
from redaction.gazetteer import gazetteer
from redaction.keep import keep
from redaction.nlp import TextArtifacts
from redaction.recognisers.base import NameRecogniser
from redaction.spans import Found
from redaction.words import word_list

_SAINT: Final = frozenset({"st", "saint", "ss"})
_LONGEST: Final = 4
_NEIGHBOURS: Final = re.compile(r"[ \-'’.]{1,2}")


class OrganisationRecogniser(NameRecogniser):
    """`Hillcrest Primary`, `st blaises primary`, `Mill Road Surgery`: up to four words before the ending."""

    TYPES = (types.ORG,)

    def find(self, text: TextArtifacts) -> list[Found]:
        """Names with one of the endings; `the primary`, `her new school` name nothing."""
        found: list[Found] = []
        index = 0
        while index < len(text.words):
            if text.words[index].folded not in word_list("organisation_endings"):
                index += 1
                continue
            last = self._last_ending(text, index)
            first = self._first_of_name(text, index)
            if first < index and self._is_name(text, first, index, last):
                found.append(Found(text.words[first].start, text.words[last].end, types.ORG, 0.75))
            index = last + 1
        return found

    def _last_ending(self, text: TextArtifacts, index: int) -> int:
        while (
            index + 1 < len(text.words)
            and text.words[index + 1].folded in word_list("organisation_endings")
            and text.gap(index + 1) == " "
        ):
            index += 1
        return index

    def _first_of_name(self, text: TextArtifacts, ending: int) -> int:
        first = ending
        while first > max(0, ending - _LONGEST) and _NEIGHBOURS.fullmatch(text.gap(first)):
            before = text.words[first - 1]
            stops = before.folded in word_list("no_name") or before.text.isdigit()
            stops = stops or (keep().keeps_word(before.folded) and before.folded not in word_list("organisation_parts"))
            # In mixed case the name is what has capitals.
            if stops or (text.is_capital(first) and not text.is_capital(first - 1) and first < ending):
                break
            first -= 1
        while first < ending and text.words[first].folded in word_list("organisation_parts"):
            first += 1
        return first

    def _is_name(self, text: TextArtifacts, first: int, ending: int, last: int) -> bool:
        words = [text.words[index].folded for index in range(first, ending)]
        if text.has_meaningful_case and all(text.is_capital(index) for index in range(first, ending)):
            return True
        if any(word in _SAINT for word in words):
            return True
        if ending == last and words and text.words[ending].folded in word_list("weak_organisation_endings"):
            return any(text.score(index, types.ORG) >= 0.3 for index in range(first, last + 1))
        lists = gazetteer()
        listed = any(lists.is_name(word) or (word,) in lists.places for word in words)
        return listed or any(text.name_score(index) >= 0.2 for index in range(first, ending))
