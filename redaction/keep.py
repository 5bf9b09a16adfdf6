"""What is never hidden: benefits, teams, months, relations, helplines, law. The policy stands in keep.yml."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from redaction.words import fold

_POLICY = Path(__file__).parent / "keep.yml"
_NOT_DIGITS = re.compile(r"[^0-9]")


@dataclass(frozen=True)
class Keep:
    """The policy, ready to ask."""

    words: frozenset[str]
    numbers: frozenset[str]
    pattern: re.Pattern[str]
    phrases: re.Pattern[str]

    def keeps_word(self, folded: str) -> bool:
        """Whether this word alone names nobody."""
        return folded in self.words

    def keeps(self, text: str) -> bool:
        """Whether exactly this stretch of text is a helpline, a reference to a law, a form and the like."""
        return bool(self.pattern.fullmatch(text.strip())) or self.keeps_number(text)

    def kept_stretches(self, text: str) -> list[tuple[int, int]]:
        """Where phrases stand in `text` that name nobody although they hold a name: `Claire's Law`, `Bristol chart`."""
        return [match.span() for match in self.phrases.finditer(text)]

    def keeps_number(self, text: str) -> bool:
        """Whether this is a public telephone number, however it is spaced or prefixed."""
        if any(letter.isalpha() for letter in text):
            return False
        digits = _NOT_DIGITS.sub("", text)
        return digits in self.numbers or (digits.startswith("44") and "0" + digits[2:] in self.numbers)


@functools.cache
def keep() -> Keep:
    """The shipped policy, read once."""
    policy = yaml.safe_load(_POLICY.read_text(encoding="utf-8"))
    return Keep(
        words=frozenset(fold(word) for words in policy["words"].values() for word in words.split()),
        numbers=frozenset(number for numbers in policy["numbers"].values() for number in numbers),
        pattern=_any_of(policy["patterns"]),
        phrases=_any_of(rf"\b(?:{phrase})\b" for phrase in policy["phrases"]),
    )


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
