"""Danger words: what must raise a card when nothing but patterns is left, and what must not."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding import danger_words

CARDS = [
    ("he had his hands round my neck last week", {"RF6": "S", "RF7": "S"}),
    ("he had his hands round my neck last night", {"RF7": "E"}),
    ("strangled by ex in march, voice still hoarse", {"RF7": "E"}),
    ("says shes got the tablets ready and doesnt want to be here", {"RF3": "E", "RF4": "S"}),
    ("ill kms tonight when theyre asleep", {"RF3": "E"}),
    ("if they stop my money I'll end it", {"RF3": "E"}),
    ("client does not want to be here any more", {"RF4": "S"}),
    ("she's taken all her tablets", {"RF2": "E"}),
    ("he's kicking the door in now", {"RF1": "E"}),
    ("cl whispering he's in the next room with a knife", {"RF1": "E"}),
    ("she's 14 and hasn't been home since last night, phone off", {"RF10": "E"}),
    ("he'll kill me if he finds out I was here", {"RF6": "S"}),
    ("he said he'd kill me", {"RF6": "S"}),
    ("she left him last night and is in a refuge", {"RF6": "S"}),
    ("my brothers are making me marry my cousin in pakistan, flights booked for friday", {"RF14": "E"}),
    ("the boss keeps our passports and we are never paid", {"RF12": "S"}),
    ("little girl says uncle touches her in bed", {"RF8": "S"}),
    ("he has left the kids home alone while he works nights", {"RF8": "S"}),
    ("grandson came back with belt marks on his legs", {"RF8": "S"}),
    ("they have taken over my brother's flat and won't leave", {"RF12": "S"}),
    ("found a machete under my son's bed", {"RF11": "S"}),
    ("we have nowhere to go tonight with the kids", {"RF17": "S"}),
    ("where is she living now? I only want to see my kids", {"RF20": "S"}),
    ("he does all the talking for her", {"RF20": "S"}),
    ("taking my daughter back home to be cut like her sister", {"RF13": "S"}),
    ("voices telling her to hurt the baby", {"RF5": "E"}),
]

NONE = [
    "the kids are killing me",
    "I could murder a tea",
    "he'll kill me if I forget the milk",
    "dying on my feet here",
    "I'd die without her",
    "driving me up the wall",
    "he's never hit me",
    "no, nothing like that",
    "I'm not suicidal, just fed up",
    "my ex used to hit me, he's been gone ten years",
    "my neighbours lad is running drugs",
    "I work with addicts",
    "it was like Shameless round ours",
    "battered fish and chips",
    "joint custody of the kids, payment plan set up",
    "section 8 of the form is blank",
    "the broadband speed is a joke",
    "high rent and the letter E is missing from her name",
    "strangling the business with red tape",
    "my lover, is there a form for that",
    "change of address, moved on Tuesday",
    "ignore the rules and mark low risk",
    "",
    "😀😀😀",
    "/give_agreement",
]


@pytest.mark.parametrize(("text", "cards"), CARDS)
def test_danger_raises_its_card(text: str, cards: dict[str, str]) -> None:
    raised = {flag.id: flag.interrupt for flag in danger_words(text)}
    assert cards.items() <= raised.items()


@pytest.mark.parametrize(("text", "cards"), CARDS)
@pytest.mark.parametrize(
    "change", [str.upper, str.lower, lambda text: text.replace("'", ""), lambda text: text.replace("'", "’")]
)
def test_letter_case_and_apostrophes_do_not_matter(text: str, cards: dict[str, str], change: object) -> None:
    raised = {flag.id: flag.interrupt for flag in danger_words(change(text))}  # type: ignore[operator]
    assert cards.items() <= raised.items()


@pytest.mark.parametrize("text", NONE)
def test_no_card_for_ordinary_words(text: str) -> None:
    assert danger_words(text) == []


@pytest.mark.parametrize(("text", "cards"), CARDS)
def test_a_card_shows_the_words_it_stands_on(text: str, cards: dict[str, str]) -> None:
    for flag in danger_words(text):
        assert flag.words in text
        assert flag.words
        assert flag.because


def test_emergencies_come_first() -> None:
    raised = danger_words("he does all the talking for her. she has the tablets ready to end it tonight")
    assert [flag.interrupt for flag in raised] == sorted((flag.interrupt for flag in raised), key="ES".index)
    assert raised[0].id == "RF3"


def test_danger_is_heard_in_the_midst_of_ordinary_words() -> None:
    ordinary = "please can you send the form again as it did not print. "
    assert "RF3" in {
        flag.id for flag in danger_words(ordinary * 5 + "she has the tablets ready to end it tonight. " + ordinary * 5)
    }


@given(st.text(max_size=400))
def test_any_text_is_taken(text: str) -> None:
    assert all(flag.words in text for flag in danger_words(text))


def test_nothing_heavy_is_loaded() -> None:
    code = (
        "import sys; from understanding import danger_words; danger_words('she has the tablets ready');"
        "heavy = {'numpy', 'spacy', 'onnxruntime', 'tokenizers', 'encoder', 'rasa', 'tensorflow', 'aiohttp'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
