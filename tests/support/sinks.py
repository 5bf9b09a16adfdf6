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


def _patterns(planted: str) -> Iterator[re.Pattern[bytes]]:
    """How a planted word could stand in a file: as it is, in other cases, as JSON, in a URL, in base64."""
    for text in {planted, planted.lower(), planted.upper()}:
        raw = text.encode()
        spelled = {raw, json.dumps(text)[1:-1].encode(), urllib.parse.quote(text).encode()}
        spelled.add(urllib.parse.quote_plus(text).encode())
        for spelling in spelled:
            yield re.compile(_BEGINS + re.escape(spelling) + _ENDS)
        # Base64 of a word inside other text depends on where it begins; the middle of each alignment does not.
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw)
            middle = coded[4 if shift else 0 : len(coded) - 4]
            if len(middle) >= 8:
                yield re.compile(re.escape(middle))


def leaks(planted: Iterable[str], sinks: dict[str, bytes]) -> list[str]:
    """``place: word`` for each planted word of five letters or more that was found. Empty when nothing leaked."""
    return sorted(
        {
            f"{place}: {word}"
            for word in planted
            if len(word) >= SHORTEST
            for pattern in _patterns(word)
            for place, content in sinks.items()
            if pattern.search(content)
        }
    )


def files(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder``, write-ahead logs included."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
