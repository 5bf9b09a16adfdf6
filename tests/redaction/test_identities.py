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


def test_what_is_hidden_and_what_may_be_read_are_listed() -> None:
    book = Identities()
    for words, kind in (("Kelly Marsh", PERSON), ("Hillside", ORG)):
        book.hide(words, kind)
    assert book.hidden() == ["[PERSON 1]", "[ORG 1]"]
    book.show("Hillside")
    assert (book.hidden(), book.shown()) == (["[PERSON 1]"], ["Hillside"])
    book.hide("Hillside", ORG)
    assert (book.hidden(), book.shown()) == (["[PERSON 1]", "[ORG 1]"], [])


@pytest.mark.parametrize("text", ["[PERSON 1", "[person 1]", "[PERSON 01]", "[PERSON 1 ]", "[PERSON  1]", "PERSON 1"])
def test_what_only_looks_like_a_token_is_not_restored(text: str) -> None:
    book = Identities()
    book.token_for(PERSON, "Kelly Marsh")
    assert book.restore(text) == text
    assert book.lookup(text) == ()


def test_what_was_shown_is_hidden_again_under_its_own_token() -> None:
    book = Identities()
    for surface in ("Rose", "Rose Pargeter"):
        book.token_for(PERSON, surface)
    for surface in book.lookup("[PERSON 1]"):
        book.show(surface)
    assert book.people() == []
    assert book.hide("rose pargeter") == "[PERSON 1]"
    assert not book.is_shown("Rose")
    assert book.people() == [("[PERSON 1]", "Rose Pargeter")]


def test_what_is_hidden_as_another_kind_keeps_its_token() -> None:
    book = Identities()
    book.token_for(ORG, "Hillcrest Primary", doubtful=True)
    assert book.hide("hillcrest primary") == "[ORG 1]"
    assert book.doubtful() == []


def test_two_tokens_become_one_person_and_the_number_is_not_given_again() -> None:
    book = Identities()
    for surface in ("Kelly", "Kaz", "Dean"):
        book.token_for(PERSON, surface)
    book.set_role("[PERSON 2]", "parent")
    book.merge("[PERSON 2]", "[PERSON 1]")
    assert book.lookup("[PERSON 2]") == book.lookup("[PERSON 1]") == ("Kelly", "Kaz")
    assert book.people() == [("[PERSON 1]", "Kelly"), ("[PERSON 3]", "Dean")]
    assert book.token_for(PERSON, "kaz") == "[PERSON 1]"
    assert book.role("[PERSON 1]") == "parent"
    assert book.token_for(PERSON, "Ravi") == "[PERSON 4]"
    assert book.restore("[PERSON 2]") == "Kelly"


@pytest.mark.parametrize(
    "pair", [("[PERSON 1]", "[PERSON 1]"), ("[PERSON 1]", "[PHONE 1]"), ("[PERSON 9]", "[PERSON 1]")]
)
def test_only_two_people_can_be_one_person(pair: tuple[str, str]) -> None:
    book = Identities()
    book.token_for(PERSON, "Kelly")
    book.token_for(PHONE, "07700 900123")
    before = book.to_json()
    with pytest.raises(ValueError, match="two people"):
        book.merge(*pair)
    assert book.to_json() == before


def test_kept_row_by_row_it_is_the_same_book() -> None:
    book = Identities()
    for surface in ("Kelly", "Kaz", "Dean"):
        book.token_for(PERSON, surface, doubtful=True)
    book.merge("[PERSON 2]", "[PERSON 1]")
    book.show("Dean")
    book.set_role("[PERSON 1]", "parent")
    rows = book.to_rows()
    assert set(rows) == {"[PERSON 1]", "[PERSON 2]", "[PERSON 3]", "shown"}
    again = Identities.from_rows(dict(reversed(rows.items())))
    assert again.to_json() == book.to_json()
    assert again.role("[PERSON 1]") == "parent"
