"""Names and numbers that somebody spells, letter by letter."""

import re
from itertools import pairwise
from typing import Final

from redaction import types
from redaction.keep import keep
from redaction.nlp import TextArtifacts
from redaction.recognisers.base import NameRecogniser
from redaction.spans import Found
from redaction.words import fold

_SPELT: Final = re.compile(r"(?<![\w'’])(?:[A-Za-z0-9](?:, | |-|\.|,)){2,}[A-Za-z0-9](?![\w'’])")
_LICENCE_LENGTH: Final = 14
_NUMBER_DIGITS: Final = 3


class SpeltOutRecogniser(NameRecogniser):
    """`L A U`, `N, W, A, C, H`, `T U D W A 6 0 9 1 1 5`; not `N H S`."""

    TYPES = (types.PERSON, types.LICENCE, types.REF)

    def find(self, text: TextArtifacts) -> list[Found]:
        """Runs of three or more single letters or digits; letters alone are taken for a name."""
        found = []
        for match in _SPELT.finditer(text.text):
            said = "".join(letter for letter in match[0] if letter.isalnum())
            digits = sum(letter.isdigit() for letter in said)
            if keep().keeps_word(fold(said)) or digits == len(said) or _is_list(match[0]):
                continue
            kind = types.PERSON if not digits else types.LICENCE if len(said) >= _LICENCE_LENGTH else types.REF
            if kind == types.PERSON or digits >= _NUMBER_DIGITS:
                found.append(Found(match.start(), match.end(), kind, 0.6))
        return found


def _is_list(spelt: str) -> bool:
    """`A, B, C`: parts of a form, not a name; letters in the order of the alphabet."""
    letters = [letter.casefold() for letter in spelt if letter.isalpha()]
    return all(ord(after) - ord(before) == 1 for before, after in pairwise(letters))
