import pytest
from hypothesis import given
from hypothesis import strategies as st

from redaction import Identities
from redaction.types import ORG, PERSON, PHONE, TYPES


def _tokens(*surfaces: str) -> list[int]:
    """The number each name gets, said one after the other."""
    book = Identities()
    return [int(book.token_for(PERSON, surface)[8:-1]) for surface in surfaces]


@pytest.mark.parametrize(
    ("surfaces", "numbers"),
    [
        (("Kelly Marsh", "kelly", "MARSH", "Kelly", "Kelly marsh"), [1, 1, 1, 1, 1]),
        (("Kelly Marsh", "Kel", "K Marsh", "K. Marsh", "Kely Marsh"), [1, 1, 1, 1, 1]),
        (("Kelly", "Kelly Marsh", "Marsh"), [1, 1, 1]),
        (("Katherine Bell", "Kate", "Cath"), [1, 1, 1]),
        (("Zofia Wiśniewska", "zofia wisniewska"), [1, 1]),
        (("O’Neill", "oneill"), [1, 1]),
        (("Kelly Marsh", "Dean Marsh"), [1, 2]),
        (("Jayden", "Jaydon"), [1, 2]),
        (("Kelly Marsh", "Kelly Jones"), [1, 2]),
        (("Kelly Marsh", "Ms Marsh"), [1, 1]),
        (("Mrs Okafor", "Chidi Okafor"), [1, 2]),
        (("Mrs Okafor", "Mr Okafor"), [1, 2]),
    ],
)
def test_same_person_same_token(surfaces: tuple[str, ...], numbers: list[int]) -> None:
    assert _tokens(*surfaces) == numbers


@pytest.mark.parametrize("shared", ["Marsh", "marsh", "Ms Marsh"])
def test_a_name_that_fits_two_people_is_given_to_neither(shared: str) -> None:
    assert _tokens("Kelly Marsh", "Dean Marsh", shared, shared, "Dean") == [1, 2, 3, 3, 2]


def test_numbers_count_by_type() -> None:
    book = Identities()
    assert book.token_for(PHONE, "07700 900123") == "[PHONE 1]"
    assert book.token_for(ORG, "Hillcrest Primary") == "[ORG 1]"
    assert book.token_for(PHONE, "07700900123") == "[PHONE 1]"
    assert book.token_for(PHONE, "07700 900124") == "[PHONE 2]"


def test_who_is_who() -> None:
    book = Identities()
    for surface in ("kelly", "Kelly Marsh", "KELLY MARSH", "Dean"):
        book.token_for(PERSON, surface)
    assert book.lookup("[PERSON 1]") == ("kelly", "Kelly Marsh", "KELLY MARSH")
    assert book.people() == [("[PERSON 1]", "Kelly Marsh"), ("[PERSON 2]", "Dean")]
    assert book.lookup("[PERSON 9]") == ()


def test_restoring_takes_exact_tokens_only() -> None:
    book = Identities()
    book.token_for(PERSON, "Kelly Marsh")
    book.token_for(PERSON, "Dean")
    text = "[PERSON 1], [person 1], [PERSON 12], PERSON 1, [PERSON 2]"
    assert book.restore(text) == "Kelly Marsh, [person 1], [PERSON 12], PERSON 1, Dean"
    assert book.restore(text, ["[PERSON 2]"]) == "[PERSON 1], [person 1], [PERSON 12], PERSON 1, Dean"


def test_a_doubtful_name_is_settled_either_way() -> None:
    book = Identities()
    book.token_for(PERSON, "Zibble", doubtful=True)
    book.token_for(PERSON, "Wob", doubtful=True)
    assert book.doubtful() == [("[PERSON 1]", "Zibble"), ("[PERSON 2]", "Wob")]
    book.hide("Zibble")
    book.show("Wob")
    assert book.doubtful() == []
    assert book.people() == [("[PERSON 1]", "Zibble")]
    assert book.token_for(PERSON, "Dean") == "[PERSON 3]"


def test_found_for_sure_once_is_sure() -> None:
    book = Identities()
    book.token_for(PERSON, "Zibble", doubtful=True)
    book.token_for(PERSON, "Zibble")
    book.token_for(PERSON, "Zibble", doubtful=True)
    assert book.doubtful() == []


@pytest.mark.parametrize("surface", ["07700 900123", "BA2 9ZX", "kelly@example.com"])
def test_what_the_tripwire_stops_cannot_be_shown(surface: str) -> None:
    with pytest.raises(ValueError, match="stay hidden"):
        Identities().show(surface)


@pytest.mark.parametrize(("surface", "kind"), [("Kelly", "NAME"), ("...", PERSON), ("", PERSON)])
def test_what_cannot_be_hidden(surface: str, kind: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Identities().hide(surface, kind)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', "null"])
def test_anything_else_is_no_token_book(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own is one too
        Identities.from_json(text)


_NAMES = st.sampled_from(
    [
        "Kelly Marsh",
        "kelly",
        "Marsh",
        "Dean Marsh",
        "Dean",
        "Mrs Okafor",
        "Chidi Okafor",
        "K",
        "Kely",
        "Mo",
        "Mohamed Ali",
    ]
)


@given(st.lists(st.tuples(st.sampled_from(TYPES), _NAMES, st.booleans()), max_size=15))
def test_kept_and_read_again_it_is_the_same_book(said: list[tuple[str, str, bool]]) -> None:
    book = Identities()
    tokens = [book.token_for(kind, surface, doubtful=doubtful) for kind, surface, doubtful in said]
    again = Identities.from_json(book.to_json())
    assert again.to_json() == book.to_json() == book.copy().to_json()
    assert all(surface in again.lookup(token) for (_, surface, _), token in zip(said, tokens, strict=True))
    assert again.token_for(PERSON, "Somebody New") == book.token_for(PERSON, "Somebody New")


@given(st.lists(_NAMES, min_size=1, max_size=15))
def test_a_token_never_changes_hands(said: list[str]) -> None:
    book = Identities()
    held: dict[str, str] = {}
    for surface in said:
        token = book.token_for(PERSON, surface)
        first = held.setdefault(token, surface)
        assert book.lookup(token)[0] == first
