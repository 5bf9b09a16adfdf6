"""The listener on the real encoder and the committed weights: the sentences it must get right."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understanding import HeadsInvalid, Heard, Listener, RulePack, suggest

NOTE = "[PERSON 1], 3 months behind w rent, lad wont go in to school"


def statuses(heard: Heard) -> dict[str, str]:
    return {sign.id: sign.status for sign in heard.signs}


def test_two_signs_in_one_note(listener: Listener, pack: RulePack) -> None:
    heard = listener.hear(NOTE)
    signs = {sign.id: sign for sign in heard.signs}
    assert {"RNT1", "EDU1"} <= signs.keys()
    assert (signs["RNT1"].status, signs["RNT1"].words) == ("present", "3 months behind w rent")
    assert (signs["EDU1"].status, signs["EDU1"].words) == ("present", "lad wont go in to school")
    assert (heard.interrupt, heard.child_or_pregnancy) == ("none", True)
    assert "lad" in heard.child_words
    suggestion = suggest(pack, heard.signs, True, heard.red_flags)
    assert (suggestion.level, suggestion.headings, suggestion.missing) == ("N", (1, 9), ("headings",))


@pytest.mark.parametrize(
    ("text", "sign", "flags", "interrupt"),
    [
        ("he had his hands round my neck last week", "DAB3", {"RF6", "RF7"}, "S"),
        ("says shes got the tablets ready and doesnt want to be here", "SUI2", {"RF3"}, "E"),
        ("he said he'd kill me", "DAB4", {"RF6"}, "S"),
    ],
)
def test_danger_interrupts(listener: Listener, text: str, sign: str, flags: set[str], interrupt: str) -> None:
    heard = listener.hear(text)
    assert statuses(heard)[sign] == "present"
    assert flags <= {flag.id for flag in heard.red_flags}
    assert heard.interrupt == interrupt


@pytest.mark.parametrize(
    "text",
    [
        "the kids are killing me",
        "I could murder a tea",
        "he'll kill me if I forget the milk",
        "dying on my feet",
        "driving me up the wall",
        "I'd die without her",
        "no, nothing like that",
        "I work with addicts",
        "it was like Shameless",
        "change of address form please",
    ],
)
def test_ordinary_words_do_not_interrupt(listener: Listener, text: str) -> None:
    heard = listener.hear(text)
    assert heard.interrupt == "none"
    assert heard.red_flags == ()


@pytest.mark.parametrize(
    ("text", "sign", "status"),
    [
        ("he's never hit me", "DAB2", "negated"),
        ("my ex used to hit me, he's been gone ten years", "DAB2", "past"),
        ("my neighbours lad is running drugs", "EXP1", "other_family"),
    ],
)
def test_what_is_denied_past_or_anothers_is_heard_and_does_not_interrupt(
    listener: Listener, text: str, sign: str, status: str
) -> None:
    heard = listener.hear(text)
    assert statuses(heard)[sign] == status
    assert heard.interrupt == "none"


def test_a_denial_does_not_hide_what_stands_beside_it(listener: Listener) -> None:
    heard = listener.hear("he's never hit me but she has the tablets ready to end it tonight")
    assert ("DAB2", "negated") in {(sign.id, sign.status) for sign in heard.signs}
    assert heard.interrupt == "E"


def test_somebody_who_can_hear_is_noticed(listener: Listener) -> None:
    assert listener.hear("says all is fine but he is sat next to her on speaker").watched
    assert not listener.hear(NOTE).watched


@pytest.mark.parametrize(
    "text", ["", "   ", "😀😀", "שלום עליכם", "[PERSON 1]", "/give_agreement", "\u202eabc", "a" * 5000]
)
def test_odd_texts_are_heard_without_danger(listener: Listener, text: str) -> None:
    assert listener.hear(text).interrupt == "none"


@given(st.text(max_size=120))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_words_are_always_an_exact_part_of_the_text(listener: Listener, text: str) -> None:
    heard = listener.hear(text)
    for sign in heard.signs:
        assert sign.words == text[sign.start : sign.end]
        assert 0 <= sign.confidence <= 1


def test_the_same_text_is_heard_the_same(listener: Listener) -> None:
    first = listener.hear(NOTE)
    listener.hear("something else between")
    assert listener.hear(NOTE) == first


def test_as_json_and_back(listener: Listener) -> None:
    heard = listener.hear(NOTE + ". she has the tablets ready to end it tonight")
    assert Heard.from_dict(json.loads(json.dumps(heard.as_dict()))) == heard


def test_a_pack_without_the_detectors_signs_is_refused(listener: Listener, pack: RulePack) -> None:
    smaller = RulePack(**(pack.model_dump() | {"sign_list": pack.sign_list[:5]}))
    with pytest.raises(HeadsInvalid, match="does not have"):
        Listener(listener._encoder, listener._heads, smaller)
