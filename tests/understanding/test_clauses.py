"""Cutting messages into clauses, with and without punctuation."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding.clauses import split, windows


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "[PERSON 1], 3 months behind w rent, lad wont go in to school",
            ["[PERSON 1]", "3 months behind w rent", "lad wont go in to school"],
        ),
        ("He shouts. Then he cries", ["He shouts", "Then he cries"]),
        ("he's never hit me but he takes my wages", ["he's never hit me", "but he takes my wages"]),
        ("owes 1,250.50 on the gas and she cant cope", ["owes 1,250.50 on the gas", "and she cant cope"]),
        (
            "cl rang about the rent arrears says the lad has stopped going in partner has lost his job",
            ["cl rang about the rent arrears", "says the lad has stopped going in", "partner has lost his job"],
        ),
        ("no food\nno heating", ["no food", "no heating"]),
        ("", []),
        ("  ... !!", []),
        ("😀", []),
    ],
)
def test_split(text: str, parts: list[str]) -> None:
    assert [text[clause.start : clause.end] for clause in split(text)] == parts


def test_sentences_are_numbered() -> None:
    assert [clause.sentence for clause in split("one two three, four five six. seven eight nine")] == [0, 0, 1]


@given(st.text(max_size=300))
def test_clauses_are_in_order_and_inside_the_text(text: str) -> None:
    clauses = split(text)
    assert all(0 <= clause.start < clause.end <= len(text) for clause in clauses)
    assert all(a.end <= b.start for a, b in pairwise(clauses))


@given(
    st.lists(
        st.sampled_from(["he", "she", "rent", "school", "and", "but", ",", ".", "hit", "owes", "[PERSON 1]", "\n"]),
        max_size=60,
    )
)
def test_every_word_is_in_some_clause_and_every_clause_is_read(words: list[str]) -> None:
    text = " ".join(words)
    clauses = split(text)
    covered = {n for clause in clauses for n in range(clause.start, clause.end)}
    assert all(n in covered for n, letter in enumerate(text) if letter.isalnum())
    read = {(span.start, span.end) for span in windows(text, clauses)}
    assert {(clause.start, clause.end) for clause in clauses} <= read


def test_long_clauses_are_also_read_in_parts() -> None:
    text = " ".join(f"word{n}" for n in range(30))
    assert max(span.end - span.start for span in windows(text, split(text))) == len(text)
    assert any(span.start > 0 and span.end < len(text) for span in windows(text, split(text)))
