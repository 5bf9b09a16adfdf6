"""The ten invented desk notes and what must become of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml


@dataclass(frozen=True)
class Note:
    """One conversation: what is typed, whom it names, what must at least be heard, and how it ends."""

    name: str
    messages: list[str]
    planted: list[str]
    expect_signs: list[str]
    ends: Literal["referral", "emergency", "same_day", "no", "nothing"]
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)
    after_danger: str = "colleague_calling"
    correct: str = ""


def load_notes() -> list[Note]:
    """All ten, by file name."""
    folder = Path(__file__).parent / "notes"
    return [
        Note(name=path.stem, **yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.yml"))
    ]
