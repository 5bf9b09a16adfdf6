"""References: readable, checked, never two alike by accident."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals import ReferenceWrong, new_reference, read_reference
from referrals.references import ALPHABET

bodies = st.builds(lambda _: new_reference(), st.integers())
places = st.sampled_from([3, 4, 5, 6, 8, 9, 10, 11])


def test_the_characters_are_not_mistaken_for_one_another() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 23  # a prime: what the check character stands on
    assert not set(ALPHABET) & set("AEIOU01L5S8BZ")


@given(bodies)
def test_a_new_reference_reads_as_itself(reference: str) -> None:
    assert len(reference) == 12
    assert reference.startswith("TF-")
    assert reference[7] == "-"
    assert read_reference(reference) == reference


@given(bodies)
def test_it_is_read_however_it_is_typed(reference: str) -> None:
    bare = reference.replace("-", "")
    for typed in (reference.lower(), f"  {reference} ", bare, bare[2:], f"tf {bare[2:6]} {bare[6:]}"):
        assert read_reference(typed) == reference


@given(bodies, places, st.sampled_from(ALPHABET))
def test_one_wrong_character_is_seen(reference: str, place: int, character: str) -> None:
    if reference[place] != character:
        with pytest.raises(ReferenceWrong):
            read_reference(reference[:place] + character + reference[place + 1 :])


@given(bodies, places, places)
def test_two_that_changed_places_are_seen(reference: str, one: int, other: int) -> None:
    characters = list(reference)
    characters[one], characters[other] = characters[other], characters[one]
    if "".join(characters) != reference:
        with pytest.raises(ReferenceWrong):
            read_reference("".join(characters))


@pytest.mark.parametrize("text", ["", "TF", "TF-", "TF-2222", "TF-AAAA-AAAA", "TF-2222-22222", "💥", "TF-٢٢٢٢-٢٢٢٢"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ReferenceWrong):
        read_reference(text)


def test_a_thousand_are_all_different() -> None:
    assert len({new_reference() for _ in range(1000)}) == 1000
