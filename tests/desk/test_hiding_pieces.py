"""Small parts of hiding and showing: kinds, words to tick, and the line on what could still point to a family."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.kinds import KINDS, group_of, type_of
from bot.desk.left_over import left_line
from bot.desk.picking import TicksGrewOld, ticked, words_to_tick
from bot.desk.words import WORDS
from redaction import TYPES


@pytest.mark.parametrize(
    ("kind", "words", "token_type"),
    [
        ("person", "Bev", "PERSON"),
        ("place", "Oak End", "TOWN"),
        ("group", "Hillside", "ORG"),
        ("other", "the blue van", "OTHER"),
        ("number", "07700 900461", "PHONE"),
        ("number", " SW1A 1AA ", "POSTCODE"),
        ("number", "14 Elm Road", "ADDRESS"),
        ("number", "HB 12/34", "REF"),
        ("nonsense", "Bev", "OTHER"),
    ],
)
def test_each_kind_has_a_token(kind: str, words: str, token_type: str) -> None:
    assert type_of(kind, words) == token_type


def test_every_kind_and_every_token_has_words() -> None:
    assert all(WORDS.has(f"hiding.kinds.{kind}") for kind in KINDS)
    assert all(WORDS.has(f"hiding.groups.{group_of(token_type)}") for token_type in TYPES)
    assert all(WORDS.has(f"types.{token_type}") for token_type in TYPES if token_type != "PERSON")


def test_the_words_of_a_message_can_be_ticked_but_not_what_is_hidden_already() -> None:
    text = "[PERSON 1] & Bev-Ann O’Brien, won't: (a@b.c) [PERSON 2]"
    assert [word.text for word in words_to_tick(text)] == ["Bev-Ann", "O’Brien", "won't", "a@b.c"]


def test_words_side_by_side_are_one() -> None:
    text = "Bev Obi rang. Bev said, Obi too: [PERSON 1] Bev Obi"
    values = [word.value for word in words_to_tick(text)]
    assert ticked(text, values[:2]) == ["Bev Obi"]
    assert ticked(text, [values[1], values[0], values[5]]) == ["Bev Obi", "Obi"]
    assert ticked(text, values[3:6]) == ["Bev said", "Obi"]
    assert ticked(text, []) == []


@pytest.mark.parametrize("value", ["0:Kel", "9:Bev", "Bev", "", "-1:Bev", "1:Bev"])
def test_ticks_that_do_not_fit_the_message_hide_nothing(value: str) -> None:
    with pytest.raises(TicksGrewOld):
        ticked("Bev rang", [value])


@given(st.text())
def test_every_word_that_can_be_ticked_stands_in_the_message(text: str) -> None:
    for word in words_to_tick(text):
        assert text[word.start : word.end] == word.text
        assert ticked(text, [word.value]) == [word.text]


def test_the_line_names_what_could_still_point_to_the_family() -> None:
    assert (
        left_line("[PERSON 1] is 14, in Year 9, has a twin, lives above the chip shop")
        == "Could still point to this family: age 14, Year 9, twin, near the chip shop. Leave out what is not needed."
    )
    assert "in her forties" in left_line("she is in her forties")


def test_the_line_is_general_where_nothing_was_found() -> None:
    assert left_line("3 months behind w rent") == WORDS("left.general")


def test_a_long_line_is_cut_short() -> None:
    line = left_line(". ".join(f"son is {age}" for age in range(1, 13)))
    assert "age 8, and 4 more." in line
    assert "age 9" not in line
