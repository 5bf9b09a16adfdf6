"""What people write in the team's forms, checked. Nothing typed is thrown away: a wrong form comes back as it was."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from inbox.words import WORDS, label

LONGEST = 2000  # characters
REASONS = ("other_team", "already_helped", "outside_area", "not_wanted", "not_reached", "too_little", "other")


@dataclass(frozen=True)
class Checked:
    """A form's note to the officer, or (``errors`` not empty) what is wrong with each field."""

    note: str
    errors: Mapping[str, str]


def check_question(typed: str) -> Checked:
    """A question for the officer."""
    text = _clean(typed)
    wrong = _wrong(text, "question_missing")
    return Checked("" if wrong else text, {"question": wrong} if wrong else {})


def check_decline(reason: str, typed: str) -> Checked:
    """A reason from the list, and in the person's own words what could help instead."""
    errors = {}
    if reason not in REASONS:
        errors["reason"] = WORDS("errors.reason_missing")
    text = _clean(typed)
    wrong = _wrong(text, "text_missing")
    if wrong:
        errors["text"] = wrong
    if errors:
        return Checked("", errors)
    return Checked(WORDS("notes.declined", reason=label("reasons", reason), text=text), {})


def check_name(typed: str) -> Checked:
    """A key worker's name, and the note that tells the officer."""
    name = " ".join(_clean(typed).split())
    if not name or len(name) > 120:
        return Checked("", {"key_worker": WORDS("errors.name_missing")})
    return Checked(WORDS("notes.accepted", name=name), {})


def _clean(typed: str) -> str:
    return unicodedata.normalize("NFC", typed.replace("\r\n", "\n")).strip()


def _wrong(text: str, missing: str) -> str:
    if not any(character.isalnum() for character in text):
        return WORDS(f"errors.{missing}")
    if len(text) > LONGEST:
        return WORDS("errors.too_long", length=f"{len(text):,}")
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t" for character in text):
        return WORDS("errors.marks")
    return ""
