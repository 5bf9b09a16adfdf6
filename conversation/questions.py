"""The catalogue of questions: what may be asked, in which order, and which answers are allowed.

The channel, the actions and the desk all check a choice with `check_value`, so that a page, a script and a test can
never disagree about what a press may say. The catalogue itself is content: questions.yml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from conversation.errors import CatalogueInvalid, ValueNotAllowed
from conversation.state import Frozen, PersonListed

ANYTIME = "anytime"
REASON_LENGTH = range(3, 501)  # characters
MOST_PEOPLE = 30
MOST_DETAILS = 100

Kind = Literal["choice", "many", "text", "danger", "people", "check"]
_TOKEN = re.compile(r"\[[A-Z]{2,12} [1-9][0-9]{0,3}\]")
_ENVELOPE = re.compile(r"e_[A-Za-z0-9_-]{8,64}")
_CARD = re.compile(r"RF\d{1,2}|SAME_DAY|EMERGENCY")
_SIGN = re.compile(r"[A-Z]{3}\d{1,2}")
# What may be pressed at any time, whatever is asked; `not_right` names a sign, `danger` says what was done about cards.
_PLAIN_ACTS = frozenset({"skip", "back", "why", "stop", "resume", "status", "ask_guidance"})


class Offered(Frozen):
    """One answer that a question offers, with the words on its button."""

    value: str
    title: str


class Question(Frozen):
    """One question of the catalogue; the fields are explained at the head of questions.yml."""

    id: str
    kind: Kind
    title: str
    asks: str
    why: str
    guidance: str = "utter_guidance"
    typed: bool = False
    skip: bool = False
    counts: bool = False
    keeps_words: bool = False
    values: tuple[Offered, ...] = ()

    def allows(self, value: Any) -> bool:
        """Whether `value` is one of the values listed for it."""
        return any(offered.value == value for offered in self.values)


class _Catalogue(Frozen):
    roles: dict[str, str]
    never_shared: frozenset[str]
    words: dict[str, str]
    phrases: dict[str, str]
    cards: dict[str, str]
    common_words: frozenset[str]
    wording: str = Field(min_length=1)
    questions: tuple[Question, ...]


@cache
def _catalogue() -> _Catalogue:
    path = Path(__file__).with_name("questions.yml")
    try:
        return _Catalogue.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise CatalogueInvalid(f"{path.name} cannot be used: {error}") from error


QUESTIONS: Mapping[str, Question] = {question.id: question for question in _catalogue().questions}
ROLES: Mapping[str, str] = _catalogue().roles
NEVER_SHARED: frozenset[str] = _catalogue().never_shared
WORDS: Mapping[str, str] = _catalogue().words
PHRASES: Mapping[str, str] = _catalogue().phrases
COMMON_WORDS: frozenset[str] = _catalogue().common_words
GENERAL_CARDS: Mapping[str, str] = _catalogue().cards
WORDING: str = _catalogue().wording
AGREEMENT = ("agree_contact", "agree_share", "agree_agencies")


def check_value(question: str, value: Any) -> None:
    """Raise ValueNotAllowed unless `value` is a press that `question` (or "anytime") takes (docs/conversation.md)."""
    if question == ANYTIME:
        allowed = _anytime_allowed(value)
    elif question not in QUESTIONS:
        raise ValueNotAllowed("There is no such question. Load the page again and answer what it asks.")
    else:
        allowed = _ALLOWED[QUESTIONS[question].kind](QUESTIONS[question], value)
    if not allowed:
        raise ValueNotAllowed(f"This is not an answer to the question {question}. Choose one of those it offers.")


def _is_choice(question: Question, value: Any) -> bool:
    return isinstance(value, str) and question.allows(value)


def _is_many(question: Question, value: Any) -> bool:
    if not isinstance(value, list) or not value or not all(_is_choice(question, item) for item in value):
        return False
    return len(set(value)) == len(value) and ("none" not in value or value == ["none"])


def _is_danger(question: Question, value: Any) -> bool:
    if not isinstance(value, dict) or not {"cards", "done"} <= set(value) <= {"cards", "done", "reason"}:
        return False
    cards, done = value["cards"], value["done"]
    named = isinstance(cards, list) and bool(cards) and all(_matches(_CARD, card) for card in cards)
    if not named or not _is_choice(question, done):
        return False
    if done != "not_danger":
        return "reason" not in value
    # A reason is about one card: nobody waves several dangers away in one go.
    return len(cards) == 1 and isinstance(value.get("reason"), str) and len(value["reason"].strip()) in REASON_LENGTH


def _is_people(_: Question, value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"people", "details"}:
        return False
    people, details = value["people"], value["details"]
    if not isinstance(people, list) or not isinstance(details, list):
        return False
    if len(people) > MOST_PEOPLE or len(details) > MOST_DETAILS:
        return False
    try:
        listed = [PersonListed.model_validate(person, strict=True) for person in people]
    except ValidationError:
        return False
    tokens = [person.token for person in listed] + details
    return (
        all(_matches(_TOKEN, token) for token in tokens)
        and len(set(tokens)) == len(tokens)
        and all(person.role in ROLES for person in listed)
        and not any(person.agreed and person.role in NEVER_SHARED for person in listed)
    )


def _is_check(_: Question, value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    if set(value) == {"change"}:
        return value["change"] in CHANGEABLE
    return set(value) == {"send", "envelope"} and value["send"] is True and _matches(_ENVELOPE, value["envelope"])


def _anytime_allowed(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    if value.get("do") == "not_right":
        return set(value) == {"do", "sign"} and _matches(_SIGN, value["sign"])
    if value.get("do") == "danger":
        return _is_danger(QUESTIONS["danger"], {name: part for name, part in value.items() if name != "do"})
    return set(value) == {"do"} and isinstance(value["do"], str) and value["do"] in _PLAIN_ACTS


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


_ALLOWED = {
    "choice": _is_choice,
    "many": _is_many,
    "text": _is_choice,
    "danger": _is_danger,
    "people": _is_people,
    "check": _is_check,
}
# What "change" on the last page may lead back to.
CHANGEABLE = frozenset({"child", "wants", "decision", "decision_reason", *AGREEMENT, "safe_contact", "people"})
