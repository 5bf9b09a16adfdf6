"""Text as it is read: one form of each letter, nothing invisible, and for every letter its place in the original."""

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from redaction.errors import MessageEmpty, MessageTooLong
from redaction.types import TYPES

MAX_LENGTH = 30_000  # code points

# Rasa reads a message that begins with a slash as a command.
_LEADING_SLASHES = re.compile(r"^\s*/[\s/]*")
_LIKE_A_TOKEN = re.compile(rf"\[(\s*(?:{'|'.join(TYPES)})[\s_]*[0-9]*\s*)\]", re.IGNORECASE)

# Letters and marks that show nothing: fillers, variation selectors, the grapheme joiner. Control, format (zero
# width, direction, tags), surrogate, private and unassigned characters are told by their category.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_PLAIN = re.compile("[ -~\n]*")
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_HANGUL_TAIL = re.compile("[\u1161-\u11ff]")


@dataclass(frozen=True)
class Reading:
    """A normalised text, and where each of its characters stood in the text it was made from."""

    text: str
    places: tuple[tuple[int, int], ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The code points of the original that became `text[start:end]` (`start < end`)."""
        return self.places[start][0], self.places[end - 1][1]

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """`start` and `end` moved outwards, so that nothing is cut where one letter became several (`¼` → `1⁄4`)."""
        while 0 < start < len(self.places) and self.places[start - 1] == self.places[start]:
            start -= 1
        while end < len(self.places) and self.places[end - 1] == self.places[end]:
            end += 1
        return start, end


def normalise(text: str) -> str:
    """NFKC, without invisible characters; tabs become spaces, line ends become newlines, digits become 0 to 9.

    Raises MessageTooLong above 30,000 code points, MessageEmpty if nothing is left to read.
    """
    return read(text).text


def as_plain_words(text: str) -> str:
    """Make a normalised text mean nothing but its words: no leading slash, no bracket that looks like a token."""
    return _LIKE_A_TOKEN.sub(r"(\1)", _LEADING_SLASHES.sub("", text))


def read_plain(text: str) -> Reading:
    """`normalise` and `as_plain_words` together, with places. Raises what `normalise` raises."""
    reading = read(text)
    slashes = _LEADING_SLASHES.match(reading.text)
    skipped = slashes.end() if slashes else 0
    plain = as_plain_words(reading.text)
    if not plain.strip():
        raise MessageEmpty("There is nothing to read in this message.")
    return Reading(plain, reading.places[skipped:])


def read(text: str) -> Reading:
    """`normalise`, with places. Raises what `normalise` raises."""
    if len(text) > MAX_LENGTH:
        raise MessageTooLong(f"This message is longer than {MAX_LENGTH} characters: send it in parts.")
    if _PLAIN.fullmatch(text) and text.strip():  # nearly all of them: nothing to change, every letter in its place
        return Reading(text, tuple((place, place + 1) for place in range(len(text))))
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for start, end, visible in _clusters(text):
        made = _make_plain(unicodedata.normalize("NFKC", visible))
        letters.append(made)
        places.extend([(start, end)] * len(made))
    result = "".join(letters)
    if len(result) > MAX_LENGTH:
        raise MessageTooLong(f"This message is longer than {MAX_LENGTH} characters: send it in parts.")
    if not result.strip():
        raise MessageEmpty("There is nothing to read in this message.")
    return Reading(result, tuple(places))


def _clusters(text: str) -> Iterator[tuple[int, int, str]]:
    """Runs that NFKC may join into one letter: a base and what composes with it, invisible characters left out."""
    start, end, run = 0, 0, ""
    index = 0
    while index < len(text):
        line_end = _LINE_ENDS.match(text, index)
        width = len(line_end[0]) if line_end else 1
        shown = "\n" if line_end else _visible(text[index])
        if shown:
            if run and not (run != "\n" and _joins(shown)):
                yield start, end, run
                run = ""
            if not run:
                start = index
            run += shown
            end = index + width
        index += width
    if run:
        yield start, end, run


def _visible(character: str) -> str:
    if " " <= character <= "~":
        return character
    if character == "\t" or unicodedata.category(character) == "Zs":
        return " "
    if unicodedata.category(character) in _INVISIBLE_CATEGORIES or _INVISIBLE.match(character):
        return ""
    return character


@functools.cache
def _joins(character: str) -> bool:
    """Whether the character may combine with the one before it."""
    if character.isascii():
        return False
    first = unicodedata.normalize("NFKD", character)[0]
    if unicodedata.combining(first) or unicodedata.category(first) in {"Mn", "Mc", "Me"}:
        return True
    return bool(_HANGUL_TAIL.match(first))


def _make_plain(letters: str) -> str:
    """After NFKC: no mark left on a plain letter or digit (struck-through text), digits of every script as 0 to 9."""
    made = ""
    for letter in letters:
        if unicodedata.category(letter) in {"Mn", "Me"} and (not made or made[-1].isascii()):
            continue
        digit = unicodedata.decimal(letter, None) if not letter.isascii() else None
        made += letter if digit is None else str(digit)
    return made
