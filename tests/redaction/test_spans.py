from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from redaction.spans import Found, resolve
from redaction.types import ADDRESS, ORG, PERSON, PHONE, POSTCODE, REF, TOWN, TYPES, UPN

TEXT = "12 Kelly Road, Bath BA1 9ZX tel 07700 900123"


def _kept(*found: Found) -> list[tuple[str, str]]:
    return [(item.type, TEXT[item.start : item.end]) for item in resolve(TEXT, found)]


def test_the_stronger_kind_keeps_its_whole() -> None:
    address, name = Found(0, 13, ADDRESS, 0.5), Found(3, 8, PERSON, 0.99)
    assert _kept(name, address) == [("ADDRESS", "12 Kelly Road")]


def test_what_the_weaker_covers_alone_is_still_hidden() -> None:
    assert _kept(Found(0, 19, TOWN, 0.9), Found(0, 13, ADDRESS, 0.5)) == [
        ("ADDRESS", "12 Kelly Road"),
        ("TOWN", "Bath"),
    ]


def test_a_school_named_after_a_street_is_a_school() -> None:
    assert _kept(Found(3, 13, ADDRESS, 0.7), Found(3, 19, ORG, 0.6)) == [("ORG", "Kelly Road, Bath")]


def test_a_shape_says_better_than_words_of_which_kind_a_number_is() -> None:
    told = Found(28, 44, UPN, 0.9, by_words=True)
    assert _kept(told, Found(32, 44, PHONE, 0.7))[-1] == ("PHONE", "07700 900123")


def test_of_two_names_the_longer_then_the_surer_wins() -> None:
    assert _kept(Found(3, 8, PERSON, 0.9), Found(3, 13, ORG, 0.6)) == [("ORG", "Kelly Road")]
    assert _kept(Found(15, 19, PERSON, 0.6), Found(15, 19, TOWN, 0.7)) == [("TOWN", "Bath")]


def test_a_sure_name_beats_a_doubtful_one() -> None:
    (kept,) = resolve(TEXT, [Found(3, 8, PERSON, 0.4, doubtful=True), Found(3, 8, TOWN, 0.4)])
    assert not kept.doubtful


def test_words_left_of_a_number_are_not_hidden() -> None:
    assert _kept(Found(28, 44, REF, 0.5), Found(32, 44, PHONE, 0.7)) == [("PHONE", "07700 900123")]


def test_touching_spans_stay_apart() -> None:
    assert _kept(Found(15, 19, TOWN, 0.5), Found(20, 27, POSTCODE, 0.9)) == [("TOWN", "Bath"), ("POSTCODE", "BA1 9ZX")]


@st.composite
def _found(draw: st.DrawFn) -> Found:
    start = draw(st.integers(0, len(TEXT) - 1))
    end = draw(st.integers(start + 1, len(TEXT)))
    return Found(start, end, draw(st.sampled_from(TYPES)), draw(st.floats(0.4, 1)), draw(st.booleans()))


@given(st.lists(_found(), max_size=8))
def test_no_overlap_and_every_digit_that_was_covered_still_is(found: list[Found]) -> None:
    kept = resolve(TEXT, found)
    assert all(one.end <= other.start for one, other in pairwise(kept))
    covered = {place for item in kept for place in range(item.start, item.end)}
    wanted = {place for item in found for place in range(item.start, item.end) if TEXT[place].isdigit()}
    assert wanted <= covered


@given(st.lists(_found(), max_size=8), st.randoms())
def test_the_order_in_which_things_are_found_does_not_matter(found: list[Found], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert resolve(TEXT, shuffled) == resolve(TEXT, found)
