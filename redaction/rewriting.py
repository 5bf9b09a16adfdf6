"""Hiding or showing something late in everything stored of a conversation: pure functions on strings and JSON.

Desk and bot run the same code on what each of them keeps. What crosses the line between them are places and tokens,
never the words that are to be hidden: each side reads those from its own stored text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, Literal

from redaction.edits import Edit, apply_edits, moved
from redaction.types import TOKEN
from redaction.words import fold

Part = Literal["text", "reason"]
"""Which typed text of a turn: the message itself, or the reason that goes with a press."""

# Strings under these keys are ids, codes or the project's own constants, never what somebody typed: a family called
# Child must not turn the question "child" into a token.
_CODED_KEYS: Final = """
about action action_text answered_turn asked assistant_id ask_sign because card cards change conversation decision do
done done_turn entity envelope event extractor group how id input_channel instance interrupt intent level message_id
missing model_id name needs officer officer_level pack policy question reference request response role said_by schema
sender_id set_aside sign status template_name turn type utter_action value why wording
"""
_CODED: Final = frozenset(_CODED_KEYS.split())
# What may stand as the value of a typed answer without having been typed.
_CODED_ANSWERS: Final = frozenset({"yes", "no", "nothing_else"})
_PIECE = re.compile(r"[^\W_]+")
_WORD_STARTS, _WORD_ENDS = r"(?<![^\W_])", r"(?![^\W_])"


@dataclass(frozen=True, slots=True)
class TurnEdit:
    """An edit to one typed text of one turn."""

    turn: str
    part: Part
    edit: Edit


@dataclass(frozen=True)
class Rewrite:
    """What is to change. `turns` were looked through: in any other turn, words are hidden wherever they stand."""

    turns: frozenset[str] = frozenset()
    edits: tuple[TurnEdit, ...] = ()
    shown: Mapping[str, str] | None = None
    """By token, the words that come back in its place."""
    renamed: Mapping[str, str] | None = None
    """By token, the token that takes its place: two turned out to be one person."""

    @property
    def empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.edits or self.shown or self.renamed)


class Words:
    """Words to hide, each with its token, found as whole words: whatever the case, the accents and the spacing."""

    def __init__(self, tokens: Mapping[str, str]) -> None:
        by_length = sorted(tokens, key=lambda words: len(fold(words)), reverse=True)
        self._hidden = [(words, tokens[words]) for words in by_length if _PIECE.search(fold(words))]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        alternatives = "|".join(f"({_loose(words)})" for words, _ in self._hidden)
        return re.compile(f"{_WORD_STARTS}(?:{alternatives}){_WORD_ENDS}")

    def find(self, text: str) -> Iterator[Edit]:
        """Where they stand, from left to right, never inside a token."""
        if not self._hidden:
            return
        for start, end in _between_tokens(text):
            folded, places = _folded(text[start:end])
            for match in self._pattern.finditer(folded):
                first, last = start + places[match.start()], start + places[match.end() - 1] + 1
                while last < len(text) and unicodedata.combining(text[last]):
                    last += 1
                words, token = self._hidden[(match.lastindex or 1) - 1]
                # One letter is an initial only where it is written as one.
                if len(words) > 1 or text[first:last] == words:
                    yield Edit(first, last, token)


class Rewriting:
    """A `Rewrite`, made on what one side keeps."""

    def __init__(self, rewrite: Rewrite, typed: Mapping[tuple[str, Part], str]) -> None:
        """`typed` is every typed text that is stored. Raises ValueError where an edit does not fit its text."""
        self._rewrite = rewrite
        self._shown, self._renamed = rewrite.shown or {}, rewrite.renamed or {}
        self._edits: dict[tuple[str, Part], list[Edit]] = {}
        for one in rewrite.edits:
            self._edits.setdefault((one.turn, one.part), []).append(one.edit)
        tokens: dict[str, str] = {}
        for place, edits in self._edits.items():
            if place in typed:
                _check(typed[place], edits)
                tokens |= {typed[place][edit.start : edit.end]: edit.token for edit in edits} | tokens
        self._words = Words(tokens)

    def edits(self, turn: str, part: Part, text: str) -> list[Edit]:
        """All that changes in a typed text, from left to right."""
        hidden = self._edits.get((turn, part), []) if turn in self._rewrite.turns else self._words.find(text)
        return sorted([*hidden, *self._changed_tokens(text)], key=lambda edit: edit.start)

    def typed(self, turn: str, part: Part, text: str) -> str:
        """A typed text as it is to be."""
        return apply_edits(text, self.edits(turn, part, text))

    def words(self, text: str) -> str:
        """Any other string, such as one that quotes what was typed."""
        return apply_edits(text, [*self._words.find(text), *self._changed_tokens(text)])

    def press(self, turn: str, choice: dict[str, Any]) -> dict[str, Any]:
        """A press, its reason changed as the typed text that it is."""
        value = choice.get("value")
        if not isinstance(value, dict) or "reason" not in value:
            return self._object(choice)
        rest = {name: part for name, part in value.items() if name != "reason"}
        reason = {"reason": self.typed(turn, "reason", value["reason"])}
        return self._object({**choice, "value": None}) | {"value": self._object(rest) | reason}

    def json(self, value: Any, key: str = "") -> Any:
        """Any JSON. Keys, ids and codes stay as they are."""
        if isinstance(value, str):
            return self._renamed.get(value, value) if key in _CODED else self.words(value)
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, list):
            return self._listed(value, key)
        return value

    def _object(self, value: dict[str, Any]) -> dict[str, Any]:
        if value.get("event") == "slot":  # a slot's name says what its value is
            rest = {name: part for name, part in value.items() if name != "value"}
            return self._object_parts(rest) | {"value": self.json(value.get("value"), value.get("name", ""))}
        changed = self._object_parts(value)
        answer = value.get("value")
        if value.get("how") == "text" and isinstance(answer, str) and answer not in _CODED_ANSWERS:
            changed["value"] = self.words(answer)
        return changed

    def _object_parts(self, value: dict[str, Any]) -> dict[str, Any]:
        return {name: self.json(part, name) for name, part in value.items()}

    def _listed(self, items: list[Any], key: str) -> list[Any]:
        if key == "details":
            return [self._renamed.get(item, item) for item in items if str(item) not in self._shown]
        if not any(isinstance(item, dict) and "token" in item for item in items):
            return [self.json(item, key) for item in items]
        # People: who is shown is nobody any more; of two who are one, what was said of the one that stays counts.
        listed: dict[str, dict[str, Any]] = {}
        for person in sorted(items, key=lambda person: person["token"] in self._renamed):
            if person["token"] not in self._shown:
                changed = self._object(person) | {"token": self._renamed.get(person["token"], person["token"])}
                listed.setdefault(changed["token"], changed)
        return list(listed.values())

    def _changed_tokens(self, text: str) -> Iterator[Edit]:
        for match in TOKEN.finditer(text):
            other = self._shown.get(match[0], self._renamed.get(match[0]))
            if other is not None:
                yield Edit(match.start(), match.end(), other)


def moved_span(start: int, end: int, edits: Sequence[Edit]) -> tuple[int, int]:
    """Where the stretch `start` to `end` stands after `edits`; one that ends inside an edit takes all of it."""
    for edit in edits:
        if edit.start < end <= edit.end:
            end = edit.end
    return moved(start, edits), moved(end, edits)


def rewrite_event(event: dict[str, Any], rewriting: Rewriting) -> dict[str, Any]:
    """An event of Rasa's tracker, in Rasa's own JSON. Every place in a message still points at the same letters."""
    if event.get("event") != "user":
        changed: dict[str, Any] = rewriting.json(event)
        return changed
    turn, text = (event.get("metadata") or {}).get("turn", ""), event.get("text") or ""
    edits = rewriting.edits(turn, "text", text)
    after = apply_edits(text, edits)
    parsed = dict(event.get("parse_data") or {})
    own = {
        "text": after if parsed.get("text") == text else rewriting.json(parsed.get("text")),
        "entities": [_entity(entity, turn, text, after, edits, rewriting) for entity in parsed.get("entities") or []],
        "text_tokens": [list(moved_span(start, end, edits)) for start, end in parsed.get("text_tokens") or []],
    }
    rest = {name: part for name, part in parsed.items() if name not in own}
    kept = rewriting.json({name: part for name, part in event.items() if name not in ("text", "parse_data")})
    changed_parse = rewriting.json(rest) | {name: own[name] for name in own if name in parsed}
    words = {"text": after if event.get("text") else event.get("text"), "parse_data": changed_parse}
    return {**kept, **{name: part for name, part in words.items() if name in event}}


def typed_in_event(event: Mapping[str, Any]) -> dict[tuple[str, Part], str]:
    """What the officer typed in an event: the message, or the reason of a press."""
    if event.get("event") != "user":
        return {}
    turn = (event.get("metadata") or {}).get("turn", "")
    typed: dict[tuple[str, Part], str] = {}
    if event.get("text"):
        typed[turn, "text"] = event["text"]
    for entity in (event.get("parse_data") or {}).get("entities") or []:
        if entity.get("entity") == "choice":
            typed |= typed_in_choice(turn, entity["value"])
    return typed


def typed_in_choice(turn: str, choice: Mapping[str, Any]) -> dict[tuple[str, Part], str]:
    """The reason that was typed with a press, where there is one."""
    value = choice.get("value")
    return {(turn, "reason"): value["reason"]} if isinstance(value, dict) and "reason" in value else {}


def _entity(
    entity: dict[str, Any], turn: str, text: str, after: str, edits: list[Edit], rewriting: Rewriting
) -> dict[str, Any]:
    if entity.get("entity") == "choice":
        return {**rewriting.json(entity), "value": rewriting.press(turn, entity["value"])}
    changed: dict[str, Any] = rewriting.json(entity)
    start, end = entity.get("start"), entity.get("end")
    if isinstance(start, int) and isinstance(end, int):
        changed["start"], changed["end"] = moved_span(start, end, edits)
        for name in ("words", "value"):
            if entity.get(name) == text[start:end]:
                changed[name] = after[changed["start"] : changed["end"]]
    return changed


def _check(text: str, edits: list[Edit]) -> None:
    taken = sorted([*((edit.start, edit.end) for edit in edits), *(match.span() for match in TOKEN.finditer(text))])
    if any(later[0] < earlier[1] for earlier, later in pairwise(taken)):
        raise ValueError("Edits overlap, or cut into a token.")
    if any(not 0 <= start < end <= len(text) for start, end in taken):
        raise ValueError("An edit lies outside the text that it is for.")


def _between_tokens(text: str) -> Iterator[tuple[int, int]]:
    end = 0
    for match in TOKEN.finditer(text):
        yield end, match.start()
        end = match.end()
    yield end, len(text)


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` in the form in which names are compared, and where each letter of that stood."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    letters = [(letter, place) for place, written in enumerate(text) for letter in fold(written) or written]
    # A mark on the letter before it is no letter of its own: the word goes on.
    letters = [(letter, place) for letter, place in letters if fold(letter) or letter in "'’`"]
    return "".join(letter for letter, _ in letters), [place for _, place in letters]


def _loose(words: str) -> str:
    """A pattern for other ways of spacing and joining the same letters."""
    folded = fold(words)
    pattern, end = "", 0
    for piece in _PIECE.finditer(folded):
        if pattern:
            pattern += r"[\W_]{1,3}" if " " in folded[end : piece.start()] else r"[\W_]{0,3}"
        letters = piece[0]
        pattern += letters[0]
        for before, letter in pairwise(letters):
            # Numbers are spaced in many ways; between letters only an apostrophe may come or go.
            pattern += (r"[\W_]{0,2}" if before.isdigit() or letter.isdigit() else "['’`]?") + letter
        end = piece.end()
    return pattern
