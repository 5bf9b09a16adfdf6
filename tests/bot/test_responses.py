"""Every sentence the assistant says: it is there, it is plain, and no word of it stands in Python."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from conversation import QUESTIONS
from conversation.danger import card_response
from conversation.state import Card, Done, Ending
from referrals import Status
from tests.support.plain_words import not_said
from understanding.rulepack import load_pack

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = ROOT / "bot" / "domain"
RESPONSES: dict[str, list[dict[str, Any]]] = {}
for _path in sorted(DOMAIN.rglob("*.yml")):
    RESPONSES |= yaml.safe_load(_path.read_text(encoding="utf-8")).get("responses", {})
TEXTS = [(name, variant["text"]) for name, variants in RESPONSES.items() for variant in variants]

# Jargon, the field's and ours. Words that hurt are in tests/support/plain_words.py.
JARGON = re.compile(
    r"consent|threshold|referrer|slot|\bintent\b|\berror|risk score|the case\b|cases\b|client|service user"
    r"|safeguarding concern|multi-agency|signpost",
    re.IGNORECASE,
)


def _named_in_code() -> set[str]:
    sources = [
        *(ROOT / "conversation").glob("*.py"),
        *(ROOT / "actions").glob("talk*.py"),
        *(ROOT / "conversation").glob("*.yml"),
    ]
    found = {
        name for path in sources for name in re.findall(r"\butter_[a-z0-9_]+\b(?!\{)", path.read_text(encoding="utf-8"))
    }
    return {name for name in found if not name.endswith("_")} - {"utter_message"}  # a method of rasa-sdk


def test_every_response_named_in_code_is_written() -> None:
    assert _named_in_code() - set(RESPONSES) == set()


def test_every_response_made_up_from_a_value_is_written() -> None:
    made = {f"utter_status_{status}" for status in Status}
    made |= {f"utter_end_{how}" for how in get_args(Ending) if how != "referred"}
    made |= {f"utter_done_{done}" for done in get_args(Done) if done}
    made |= {f"utter_suggest_{level}" for level in "ncse"}
    made |= {
        f"utter_not_sent_{why}" for why in ("not_agreed", "danger_open", "envelope_missing", "refused", "try_again")
    }
    made |= {f"{question.asks}" for question in QUESTIONS.values()}
    made |= {"utter_ask_sign_alone", "utter_ask_sign_officer", "utter_ask_agree_contact_careful"}
    assert made - set(RESPONSES) == set()


@pytest.mark.parametrize("pack", ["families-2022", "families-2015"])
def test_every_red_flag_has_its_card_for_each_way_it_interrupts(pack: str) -> None:
    for flag in load_pack(pack).red_flag_list:
        for interrupt in {flag.interrupt} | ({"E"} if flag.emergency else set()):
            card = Card(id=flag.id, interrupt=interrupt, words="", because=(), turn="t_1")
            (variant,) = RESPONSES[card_response(card)]
            assert variant["custom"] == {"card": flag.id, "interrupt": interrupt}
            assert "Do:" in variant["text"]
            assert "Do not:" in variant["text"]


def test_a_flag_nobody_wrote_a_card_for_gets_the_general_one() -> None:
    unknown = Card(id="RF99", interrupt="E", words="", because=(), turn="t_1")
    assert card_response(unknown, set(RESPONSES)) == "utter_card_emergency"
    same_day = unknown.model_copy(update={"interrupt": "S"})
    assert RESPONSES[card_response(same_day, set(RESPONSES))][0]["custom"] == {"card": "SAME_DAY", "interrupt": "S"}


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_no_word_is_used_that_hurts_or_hides(name: str, text: str) -> None:
    assert not not_said(text), name
    assert not JARGON.search(text), name


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_sentences_are_short(name: str, text: str) -> None:
    longest = max(len(sentence.split()) for sentence in _sentences(text))
    assert longest <= 28, name


def test_all_of_it_reads_at_the_age_of_eleven_or_below() -> None:
    text = " ".join(text for _, text in TEXTS)
    sentences, words = _sentences(text), re.findall(r"[A-Za-z']+", text)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59  # Flesch and Kincaid
    assert grade <= 6  # a US grade is the age less five


def test_agreement_is_asked_in_separate_questions_that_say_the_claim_is_not_affected() -> None:
    for name in ("utter_ask_agree_contact", "utter_ask_agree_contact_careful", "utter_ask_agree_share"):
        (variant,) = RESPONSES[name]  # read aloud: one wording, with a version
        assert "claim is not affected" in variant["text"]
        assert "Is that OK with you?" in variant["text"]


def test_every_ending_without_a_referral_says_that_the_claim_is_not_affected() -> None:
    for how in set(get_args(Ending)) - {"referred"}:
        for variant in RESPONSES[f"utter_end_{how}"]:
            assert "claim is not affected" in variant["text"], how


def test_a_reference_is_said_only_where_a_referral_is_kept() -> None:
    for name, text in TEXTS:
        if "{reference}" in text:
            assert name == "utter_referral_sent" or name.startswith("utter_status_"), name


def _sentences(text: str) -> list[str]:
    parts = re.split(r"(?<=[.?!:])[\s\"”]+|\n", text)
    return [part for part in parts if re.search(r"[A-Za-z]", part)]
