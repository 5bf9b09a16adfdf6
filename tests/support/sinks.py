"""Looks for planted words in everything a running system writes."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path

# A word begins after anything but a letter or digit, or after an escape that ends in one ("%3D", "\\n").
_BEGINS = rb"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
_ENDS = rb"(?![A-Za-z0-9])"
SHORTEST = 5  # sealed bytes are random: shorter words would turn up in them by chance


def _spellings(planted: str) -> Iterator[tuple[bytes, bool]]:
    """How a planted word could stand in a file, and whether it then stands as a word of its own.

    As it is, in other cases, as JSON, in a URL; or in base64 or two bytes a letter, as browsers and memory hold it,
    where nothing shows where a word begins.
    """
    for text in {planted, planted.lower(), planted.upper()}:
        raw = text.encode()
        plain = {raw, json.dumps(text)[1:-1].encode(), urllib.parse.quote(text).encode()}
        plain.add(urllib.parse.quote_plus(text).encode())
        yield from ((spelling, True) for spelling in plain)
        # Without the last byte, which stands on the other side of the letter in the other order of bytes.
        yield text.encode("utf-16-le")[:-1], False
        # Base64 of a word inside other text depends on where it begins; the middle of each alignment does not.
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw)
            middle = coded[4 if shift else 0 : len(coded) - 4]
            if len(middle) >= 8:
                yield middle, False


def _stands_in(spelling: bytes, as_word: bool, content: bytes) -> bool:
    # The plain search first: it is a hundred times quicker, and nearly always the end of it.
    if spelling not in content:
        return False
    return not as_word or re.search(_BEGINS + re.escape(spelling) + _ENDS, content) is not None


def leaks(planted: Iterable[str], sinks: dict[str, bytes]) -> list[str]:
    """``place: word`` for each planted word of five letters or more that was found. Empty when nothing leaked."""
    return sorted(
        {
            f"{place}: {word}"
            for word in planted
            if len(word) >= SHORTEST
            for spelling, as_word in _spellings(word)
            for place, content in sinks.items()
            if _stands_in(spelling, as_word, content)
        }
    )


def files(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder``, write-ahead logs included."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
