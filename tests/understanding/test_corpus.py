"""Training text: the form of the files, and who is kept apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from understanding import load_pack
from understanding.training import corpus
from understanding.training.corpus import KEPT_APART, CorpusInvalid, hide_marked

PACK = load_pack()


def test_authors_kept_apart_are_never_trained_on() -> None:
    assert {item.author for item in corpus.clauses(PACK, kept_apart=True)} == KEPT_APART
    assert not {item.author for item in corpus.clauses(PACK, kept_apart=False)} & KEPT_APART
    assert not {item.author for item in corpus.notes(PACK, kept_apart=False)} & KEPT_APART


def test_every_sign_has_examples_from_several_authors() -> None:
    authors: dict[str, set[str]] = {sign: set() for sign in PACK.sign_ids}
    for item in corpus.clauses(PACK, kept_apart=False):
        for sign in item.signs:
            authors[sign].add(item.author)
    assert min(len(names) for names in authors.values()) >= 4


def test_marked_details_become_tokens() -> None:
    text = "[[Kelly Marsh|PERSON]] and [[Jay|PERSON]], [[kelly marsh|PERSON]] at [[Hill School|ORG]]"
    assert hide_marked(text) == "[PERSON 1] and [PERSON 2], [PERSON 1] at [ORG 1]"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("RNT1|present|adult|person|text", "5 fields"),
        ("XXX1|present|adult|person|text|words", "no sign XXX1"),
        ("RNT1|gone|adult|person|text|words", "gone is no status"),
        ("RNT1|present|nobody|person|text|words", "about or said_by"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, says: str) -> None:
    (tmp_path / "author.psv").write_text(content + "\n", encoding="utf-8")
    monkeypatch.setattr(corpus, "CLAUSES", tmp_path)
    with pytest.raises(CorpusInvalid, match=f"author.psv, line 1: .*{says}"):
        corpus.clauses(PACK, kept_apart=False)
