"""The small pattern language of the files in this folder.

A pattern is a regular expression, made easier to read and write:

* it matches whole words, in any case;
* a space matches any white space, also a line end, with or without a comma before it;
* ' also matches a curly one, or none at all (wont, won't, won’t);
* ( ) only group, nothing is captured;
* {he}, {child} and so on stand for the lists in words.yml;
* ~ stands for up to four words in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from understanding.errors import PackInvalid

_HERE = Path(__file__).parent
_LIST = re.compile(r"\{([a-z_]+)\}")
_OPEN = re.compile(r"(?<!\\)\((?!\?)")
_GAP = r"(?:[\w'’\]\[&/,-]+\s+){0,4}?"


def read(name: str) -> Any:
    """The content of one of the YAML files in this folder."""
    return yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))


@cache
def _lists() -> dict[str, str]:
    return {name: "(?:" + _OPEN.sub("(?:", "|".join(words)) + ")" for name, words in read("words.yml").items()}


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """One pattern of the small language as a regular expression; raises PackInvalid when it is not one."""
    try:
        source = _LIST.sub(lambda match: _lists()[match.group(1)], _OPEN.sub("(?:", pattern))
    except KeyError as error:
        raise PackInvalid(
            f"language: the pattern {pattern!r} names {error}, which is not in words.yml. Correct it."
        ) from error
    source = source.replace("'", "['’]?").replace("~ ", _GAP).replace(" ", r"[,;:]?\s+")
    try:
        return re.compile(rf"(?<![\w])(?:{source})(?!\w)", re.IGNORECASE)
    except re.error as error:
        raise PackInvalid(f"language: the pattern {pattern!r} is not valid: {error}. Correct it.") from error


def compile_all(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """Several patterns, in order."""
    return tuple(compile_pattern(pattern) for pattern in patterns)


def find_all(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[tuple[int, int]]:
    """Where the patterns are in the text: start and end, in code points."""
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield match.span()


def blank(text: str, patterns: Iterable[re.Pattern[str]]) -> str:
    """The text with every match replaced by as many blanks, so that all places stay the same."""
    for pattern in patterns:
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    return text
