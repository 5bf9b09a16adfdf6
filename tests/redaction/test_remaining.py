"""What can still point to a family is found in the ways in which officers write, and not in ordinary talk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redaction import TYPES
from redaction.remaining import Remaining, _patterns, remaining


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("lad is 14, wont go in", "age", "14"),
        ("her daughter aged 6", "age", "6"),
        ("[PERSON 2] (14) is home all day", "age", "14"),
        ("mum [PERSON 1], 34, on UC", "age", "34"),
        ("a 3 year old and a baby", "age", "3"),
        ("15yo at home", "age", "15"),
        ("baby is 6 weeks old", "age", "6 weeks old"),
        ("shes 17 and pregnant", "age", "17"),
        ("she turned 18 in the week", "age", "18"),
        ("a man in his late seventies", "age", "in his late seventies"),
        ("he's in Year 9 now", "school_year", "Year 9"),
        ("yr 11 exams coming", "school_year", "yr 11"),
        ("in Y6 at [ORG 1]", "school_year", "Y6"),
        ("she starts reception after summer", "school_year", "reception"),
        ("got 4 kids at home", "children", "4 kids"),
        ("five young children in one room", "children", "five young children"),
        ("single mum of three", "children", "mum of three"),
        ("3 under 5", "children", "3 under 5"),
        ("expecting twins", "twins", "twins"),
        ("the triplets are poorly", "twins", "triplets"),
        ("lost his job in March", "when", "March"),
        ("since sept 2021 no money", "when", "sept 2021"),
        ("came here in 2015", "when", "2015"),
        ("her dad died just before Christmas", "when", "Christmas"),
        ("evicted last May", "when", "May"),
        ("a Somali lady", "origin", "Somali"),
        ("they are polish", "origin", "polish"),
        ("polish family upstairs", "origin", "polish"),
        ("fled Syria with nothing", "origin", "Syria"),
        ("needs a Tigrinya interpreter", "origin", "Tigrinya"),
        ("uses British sign language", "origin", "sign language"),
        ("they live on the Traveller site", "origin", "Traveller"),
        ("they are jehovah's witnesses", "faith", "jehovah's witnesses"),
        ("a Sikh gentleman", "faith", "Sikh"),
        ("her dad is a vicar", "job", "vicar"),
        ("she works as a paramedic", "job", "paramedic"),
        ("partner was a prison officer", "job", "prison officer"),
        ("ex army", "job", "army"),
        ("son has cerebral palsy", "health", "cerebral palsy"),
        ("mum's deaf", "health", "deaf"),
        ("he is going blind", "health", "blind"),
        ("dad had a stroke", "health", "stroke"),
        ("she has MS", "health", "MS"),
        ("born with one arm", "health", None),
        ("lost his leg at work", "health", "leg"),
        ("the only black family in the village", "only_one", "only black family in the village"),
        ("one of the few Chinese families on the estate", "only_one", "one of the few Chinese families on the estate"),
        ("lives above the chip shop", "landmark", "the chip shop"),
        ("flat opposite the old mill", "landmark", "the old mill"),
        ("next to Tesco", "landmark", "Tesco"),
        ("he is quite famous round here", "known", "famous"),
        ("it was in the local paper", "known", None),
        ("son plays for [ORG 2] academy", "known", None),
        ("the mayor's son", "known", "the mayor"),
    ],
)
def test_it_is_found(text: str, kind: str, words: str | None) -> None:
    found = [detail for detail in remaining(text) if detail.kind == kind]
    assert found, remaining(text)
    assert words is None or [detail.words for detail in found] == [words]


@pytest.mark.parametrize(
    "text",
    [
        "3 months behind w rent, owes £840",
        "rent is 14 weeks in arrears",
        "12 week wait for a boiler, 2 years on the list",
        "UC is 5 weeks late, got 20 quid left till friday",
        "she may need help, it may take a while",
        "march them out, he said",
        "needs to polish the form up before sending",
        "the school rang, told by the hospital to wait",
        "headteacher rang, nurse came on tuesday, police officer called",
        "waited at reception desk",
        "solicitor letter came, vet bill unpaid",
        "the only thing in the fridge is milk",
        "only one in the house with a job",
        "the blinds are broken, roller blind fell",
        "turned a blind eye",
        "a stroke of luck",
        "Ms called back",
        "tell me more, me and him",
        "house is cold, no food in, heating off",
        "he shouts at her and takes the money",
        "on the phone to DWP for 2 hours",
        "1 in 4 do not pay",
        "year or two ago",
        "year 2 of the tenancy",
        "they saw 2 people at the door",
        "[PERSON 14] and [PERSON 9] live at [ADDRESS 15]",
        "she is [PERSON 14]",
        "TV licence not paid",
        "council tax £1,200 since 2 letters came",
        "under pressure, over the limit, behind with everything",
        "the lad is 2 months behind at school",
        "we are 4 weeks short",
        "",
    ],
)
def test_ordinary_talk_is_left_alone(text: str) -> None:
    assert remaining(text) == ()


def test_each_detail_is_said_once_from_left_to_right() -> None:
    note = "[PERSON 1] is 14, in Year 9, has a twin. Year 9 is hard. twin is 14."
    assert remaining(note) == (
        Remaining("age", "14"),
        Remaining("school_year", "Year 9"),
        Remaining("twins", "twin"),
    )


def test_a_detail_inside_a_longer_one_is_not_said_again() -> None:
    assert [detail.kind for detail in remaining("the only deaf child in the village")] == ["only_one"]


def test_every_kind_is_found_by_a_pattern_that_can_be_read() -> None:
    assert {kind for kind, _ in _patterns()} == {
        "age", "school_year", "children", "twins", "when", "origin", "faith", "job", "health", "only_one", "landmark",
        "known",
    }  # fmt: skip


@given(st.lists(st.sampled_from(TYPES)), st.integers(1, 99))
def test_tokens_point_to_nobody(kinds: list[str], number: int) -> None:
    text = " and ".join(f"[{kind} {number}]" for kind in kinds)
    assert remaining(text) == ()


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    assert all(detail.words for detail in remaining(text))
