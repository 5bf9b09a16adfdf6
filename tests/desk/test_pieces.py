"""Small parts: what the screen shows, which danger the desk hears, whom a referral names, what is writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.cards import Cards
from bot.desk.danger_words import _PIECE, _pieces, hear_danger
from bot.desk.door import NotSent, check_readable
from bot.desk.sending import people_document
from bot.desk.shown import Part, Screen, answer_in_words, preview_parts
from conversation import NEVER_SHARED, ROLES, State
from redaction import Identities, Redactor
from referrals import Referrer
from tests.desk.servers import card, sign
from understanding import load_pack

PACK = load_pack()
WHO = Referrer(name="Olga", team="Welfare")


@pytest.fixture
def book(redactor: Redactor) -> Identities:
    book = Identities()
    redactor.redact("Kelly Marsh rang about her lad Jayden. tel 07700 900461", book)
    return book


def test_names_stand_in_the_place_of_tokens_with_their_role(book: Identities) -> None:
    state = State.model_validate({"people": [{"token": "[PERSON 1]", "role": "parent", "agreed": True}]})
    screen = Screen(book, state, PACK)
    assert screen.parts("[PERSON 1] and [PERSON 2] x") == (
        Part("Kelly Marsh", "[PERSON 1]", "PERSON 1, Parent"),
        Part(" and "),
        Part("Jayden", "[PERSON 2]", "PERSON 2"),
        Part(" x"),
    )


def test_only_exact_tokens_become_names(book: Identities) -> None:
    screen = Screen(book, State(), PACK)
    for words in ("PERSON 1", "[person 1]", "[PERSON 99]", "[PERSON  1]", "(PERSON 1)"):
        assert screen.parts(words) == (Part(words),)


@given(st.text())
def test_the_screen_loses_nothing_of_what_was_said(words: str) -> None:
    shown = Screen(Identities(), State(), PACK).parts(words)
    assert "".join(part.text for part in shown) == words


def test_the_preview_is_the_text_itself(redactor: Redactor) -> None:
    raw = "  re: Kelly  Marsh\r\n\ttel 07700 900461 "
    parts = preview_parts(raw, redactor.redact(raw))
    assert "".join(part.text for part in parts) == raw
    assert ("Kelly  Marsh", "PERSON 1") in [(part.text, part.label) for part in parts]


def test_signs_of_danger_cannot_be_waved_away_in_passing() -> None:
    known = {
        "ledger": [
            sign("RNT1", "behind"),
            sign("SUI2", "tablets", level="E"),
            sign("FOD1", "no food"),
            sign("EDU1", "wont go", status="negated"),
        ],
        "danger": [card("RF18", "S", because=["FOD1"])],
    }
    listed = Screen(Identities(), State.model_validate(known), PACK).signs()
    assert [(one.id, one.may_set_aside) for one in listed] == [
        ("RNT1", True),
        ("SUI2", False),
        ("FOD1", False),
        ("EDU1", False),
    ]


def test_answers_read_as_their_buttons() -> None:
    assert answer_in_words("child", "yes") == "Yes"
    assert answer_in_words("agree_agencies", ["school", "police"]) == "School or nursery, Police"
    assert answer_in_words("wants", "help with letters") == "help with letters"
    assert answer_in_words("wants", None) == ""


# Whom a referral names


def agreed(*people: tuple[str, str, bool], details: tuple[str, ...] = ()) -> State:
    listed = [{"token": token, "role": role, "agreed": yes} for token, role, yes in people]
    return State.model_validate({"people": listed, "details": details})


def test_a_referral_names_only_who_agreed(book: Identities) -> None:
    state = agreed(("[PERSON 1]", "parent", True), ("[PERSON 2]", "child", False), details=("[PHONE 1]",))
    document = people_document(state, book, WHO)
    assert [(person.token, person.name) for person in document.people] == [("[PERSON 1]", "Kelly Marsh")]
    assert [(detail.type, detail.value) for detail in document.details] == [("PHONE", "07700 900461")]


def test_a_referral_without_people_names_nobody(book: Identities) -> None:
    assert people_document(State(), book, WHO).people == ()


@given(st.sets(st.sampled_from(["[PERSON 1]", "[PERSON 2]"])), st.data())
def test_who_never_agrees_is_never_named(tokens: set[str], data: st.DataObject) -> None:
    book = Identities()
    for name in ("Kelly Marsh", "Bev Obi"):
        book.hide(name)
    people = [(token, data.draw(st.sampled_from(sorted(ROLES))), data.draw(st.booleans())) for token in sorted(tokens)]
    named = {person.token for person in people_document(agreed(*people), book, WHO).people}
    assert named == {token for token, role, yes in people if yes and role not in NEVER_SHARED}


def test_who_is_no_longer_known_is_not_named_by_token(book: Identities) -> None:
    with pytest.raises(NotSent, match="names_gone"):
        people_document(agreed(("[PERSON 7]", "parent", True)), book, WHO)
    with pytest.raises(NotSent, match="names_gone"):
        people_document(agreed(details=("[EMAIL 1]",)), book, WHO)


# Danger heard by the desk itself


def test_danger_is_heard_wherever_it_stands_in_a_long_paste() -> None:
    filler = "She asked about the change of address form. " * 100
    danger = "he is at the door now with a knife. "
    for paste in (danger + filler, filler + danger, filler + danger + filler):
        assert hear_danger(paste)[0].interrupt == "E"
    assert hear_danger(filler) == ()


@given(st.text(alphabet="ab. \n", max_size=4 * _PIECE))
def test_a_paste_is_cut_into_pieces_without_losing_a_letter(paste: str) -> None:
    pieces = list(_pieces(paste))
    assert "".join(pieces) == paste
    assert all(0 < len(piece) <= _PIECE for piece in pieces)


def test_every_card_says_who_to_call_and_what_to_do() -> None:
    for action_card in Cards(PACK).all():
        assert action_card.contacts
        assert action_card.do
        assert action_card.do_not
        assert all(sentence.endswith((".", "?", "!")) for sentence in action_card.do + action_card.do_not)


def test_a_card_that_is_not_known_is_an_emergency() -> None:
    assert Cards(PACK).get("RF99").id == "EMERGENCY"


# What is writing


@pytest.mark.parametrize(
    "words",
    [
        "behind with rent",
        "Zoë O’Brien, José, Łukasz",
        "3 × £40 = £120 ½ day",
        "50μg a day ℅ office №7",
        "pasted\x0bfrom\x0cWord \uf0b7 bullet",
        "two\ttabs\r\nlines \u200b\u202d",
        "12345",
    ],
)
def test_writing_is_readable(words: str) -> None:
    check_readable(words)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("\u200b", "no_words"),
        ("😀👍🏽", "no_words"),
        ("?!?", "no_words"),
        ("MZ\x90\0\x03", "not_text"),
        ("\x1b[31mred\x1b[0m\x07\x07", "not_text"),
        ("\ufffd\ufffd\ufffdab", "not_text"),
        ("Привет", "other_alphabet"),
        ("Kеlly", "other_alphabet"),  # the e is Cyrillic
        ("اسمها", "other_alphabet"),
        ("李小龙", "other_alphabet"),
    ],
)
def test_what_cannot_be_made_safe_is_refused(words: str, why: str) -> None:
    with pytest.raises(NotSent) as refused:
        check_readable(words)
    assert refused.value.why == why


@given(st.text())
def test_what_has_no_words_is_never_taken(words: str) -> None:
    try:
        check_readable(words)
    except NotSent:
        return
    assert any(character.isalnum() for character in words)
