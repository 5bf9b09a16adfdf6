"""No word that blames, labels or hides stands in anything that people read (domain rules for plain words)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.support.plain_words import not_said

ROOT = Path(__file__).parents[2]
PACKAGES = ("web", "inbox", "bot", "actions", "conversation", "referrals", "thinkfamily")
# How people talk, so that the tool understands them: nobody is shown these.
HEARD_NOT_SAID = {"phrases", "cues", "not_lowered_by", "common_words"}

TEMPLATES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.html"))
SCRIPTS = sorted([*(ROOT / "web" / "assets").glob("*.js"), *(ROOT / "bot" / "desk" / "static").glob("*.js")])
CONTENT = sorted(
    [path for package in PACKAGES for path in (ROOT / package).rglob("*.yml")]
    + [*(ROOT / "understanding" / "packs").glob("*.yml")]
)


def sentences(tree: object) -> Iterator[str]:
    """Every text in a content file but what is only listened for."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, list):
        for item in tree:
            yield from sentences(item)
    elif isinstance(tree, dict):
        for name, value in tree.items():
            if name not in HEARD_NOT_SAID:
                yield from sentences(value)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_look_at() -> None:
    assert len(TEMPLATES) > 25
    assert {"web/words.yml", "inbox/words.yml", "bot/desk/words.yml", "understanding/packs/signs.yml"} <= {
        named(path) for path in CONTENT
    }
    assert any(named(path).startswith("bot/domain/responses/") for path in CONTENT)


@pytest.mark.parametrize("path", [*TEMPLATES, *SCRIPTS], ids=named)
def test_pages_and_scripts(path: Path) -> None:
    assert not_said(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", CONTENT, ids=named)
def test_content_files(path: Path) -> None:
    found = [
        (words, text)
        for text in sentences(yaml.safe_load(path.read_text(encoding="utf-8")))
        if (words := not_said(text))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "A troubled family",
        "They are hard to reach",
        "hard-to-reach families",
        "the victim",
        "a perpetrator",
        "non-compliant",
        "They failed to engage",
        "DNA twice",
        "a chaotic home",
        "She refused",
        "his refusal",
        "She alleges that",
        "alleged",
        "She claims he hit her",
        "absconded",
        "streetwise",
        "a volatile relationship",
        "a substance misuser",
        "an addict",
        "suffers from asthma",
        "wheelchair-bound",
        "She disclosed it",
        "a disclosure",
        "NFA",
    ],
)
def test_each_of_them_is_found(text: str) -> None:
    assert not_said(text)


@pytest.mark.parametrize(
    "text",
    [
        "The claim is not affected",
        "Their claims are not affected",
        "They said no, for now",
        "The person being hurt",
        "They did not come",
        "It failed. Try again",
        "She told us",
        "Address and date of birth",
        "Domestic abuse adviser",
        "Refuse collection",
    ],
)
def test_plain_words_are_not(text: str) -> None:
    assert not_said(text) == []
