"""Hiding something late: edits to a kept text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redaction import Edit, Identities, Redactor, apply_edits, moved


def test_edits_are_made_from_right_to_left() -> None:
    edits = [Edit(0, 4, "[PERSON 1]"), Edit(9, 12, "[TOWN 1]")]
    assert apply_edits("Rose from Wem", edits[:1]) == "[PERSON 1] from Wem"
    assert apply_edits("Rose saw Kim.", edits) == "[PERSON 1] saw [TOWN 1]."


@pytest.mark.parametrize("edit", [Edit(-1, 2, "[PERSON 1]"), Edit(2, 2, "[PERSON 1]"), Edit(3, 9, "[PERSON 1]")])
def test_an_edit_outside_the_text_is_refused(edit: Edit) -> None:
    with pytest.raises(ValueError, match="outside"):
        apply_edits("Rose", [edit])


@given(st.text(alphabet="ab c", min_size=8, max_size=30), st.integers(0, 3), st.integers(4, 7))
def test_places_after_an_edit_still_point_at_the_same_letters(text: str, start: int, end: int) -> None:
    edits = [Edit(start, end, "[PERSON 1]")]
    after = apply_edits(text, edits)
    assert all(after[moved(place, edits)] == text[place] for place in range(len(text)) if not start <= place < end)
    assert moved(start, edits) == start


def test_what_is_known_by_now_is_found_in_a_kept_text(redactor: Redactor) -> None:
    book = Identities()
    book.hide("Rose Pargeter")
    kept = "spoke to rose again, [PERSON 2] was there"
    edits = redactor.find_again(kept, book)
    assert apply_edits(kept, edits) == "spoke to [PERSON 1] again, [PERSON 2] was there"
    assert redactor.find_again(apply_edits(kept, edits), book) == []


def test_what_the_officer_shows_is_not_hidden_again(redactor: Redactor) -> None:
    book = Identities()
    book.hide("Rose Pargeter")
    book.show("rose")
    assert redactor.find_again("spoke to rose again", book) == []


@pytest.mark.parametrize(
    ("words", "kind", "kept", "after"),
    [
        ("factory", "ORG", "he works at the factory", "he works at the [ORG 1]"),
        ("Oak", "TOWN", "down at the oak again", "down at the [TOWN 1] again"),
        ("the blue van", "OTHER", "sleeps in The Blue Van", "sleeps in [OTHER 1]"),
    ],
)
def test_what_a_person_says_is_personal_is_hidden_even_if_it_is_an_everyday_word(
    redactor: Redactor, words: str, kind: str, kept: str, after: str
) -> None:
    book = Identities()
    book.hide(words, kind)
    assert apply_edits(kept, redactor.find_again(kept, book)) == after
    assert redactor.redact(kept, book).text == after
