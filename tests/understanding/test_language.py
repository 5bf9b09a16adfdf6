"""Patterns, cue words, figures of speech and status."""

from __future__ import annotations

import pytest

from understanding import PackInvalid
from understanding.clauses import Span, split
from understanding.language import Cues, StatusRules, hide_figures
from understanding.language.patterns import compile_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("won't go", "he wont go", True),
        ("won't go", "he won’t  go", True),
        ("won't go", "he won't\ngo", True),
        ("rent", "parents", False),
        ("hands ~ neck", "hands round my bare neck", True),
        ("hands ~ neck", "hands one two three four five neck", False),
        ("(a|b) c", "B C", True),
        ("{child} sleeps", "my son sleeps", True),
    ],
)
def test_pattern_language(pattern: str, text: str, matches: bool) -> None:
    assert (compile_pattern(pattern).search(text) is not None) is matches


@pytest.mark.parametrize("pattern", ["{nothing_like_it} x", "(open"])
def test_a_wrong_pattern_says_so(pattern: str) -> None:
    with pytest.raises(PackInvalid, match="Correct it"):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    "text",
    [
        "the kids are killing me",
        "I could murder a tea",
        "he'll kill me if I forget the milk",
        "dying on my feet",
        "driving me up the wall",
        "I'd die without her",
        "I'm starving",
        "it was like Shameless",
    ],
)
def test_figures_of_speech_are_blanked_and_places_stay(text: str) -> None:
    hidden = hide_figures(text)
    assert len(hidden) == len(text)
    assert len(hidden.split()) <= 3


@pytest.mark.parametrize(
    "text", ["he'll kill me if he finds out I was here", "he said he'd kill me", "the kids are starving"]
)
def test_the_same_words_meant_are_left(text: str) -> None:
    assert hide_figures(text) == text


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("he hits me when he is drunk", [set()]),
        ("he's never hit me", [{"negated"}]),
        ("no, nothing like that", [{"negated"}]),
        ("I'm not suicidal, just fed up", [{"negated"}, set()]),
        ("rent is all up to date", [{"negated"}]),
        ("my ex used to hit me, he's been gone ten years", [{"past"}, {"past"}]),
        ("she was in a refuge six years ago", [{"past"}]),
        ("my neighbours lad is running drugs", [{"other_family"}]),
        ("what happens if I miss the appointment", [{"hypothetical"}]),
        ("he won't go in to school", [set()]),
        ("she can't stop crying", [set()]),
        ("never know what mood he is in", [set()]),
        ("not as strong as she used to be", [set()]),
    ],
)
def test_status_from_cue_words(text: str, statuses: list[set[str]]) -> None:
    assert [set(found) for found in StatusRules.shipped().of_clauses(text, split(text))] == statuses


@pytest.mark.parametrize(
    ("text", "phrase", "negated"),
    [
        ("he has not ever hit me", "hit me", True),
        ("he won't stop hitting me", "hitting me", False),
        ("he hit me", "hit me", False),
    ],
)
def test_negators_just_before_a_phrase(text: str, phrase: str, negated: bool) -> None:
    start = text.index(phrase)
    span = Span(start, start + len(phrase))
    assert StatusRules.shipped().negated_before(text, split(text)[0], span) is negated


@pytest.mark.parametrize(
    ("text", "cue", "found"),
    [
        ("lad wont go in to school", "child", True),
        ("shes 7 months gone", "pregnant", True),
        ("the rent is due in June", "pregnant", False),
        ("no kids", "child", False),
        ("my kids are all grown up", "child", False),
        ("that lad on the phone was rude", "child", False),
        ("baby is 5 weeks old", "baby", True),
        ("he is sat next to her on speaker", "watched", True),
        ("hi its [PERSON 1] here", "watched", False),
        ("he has got a knife to my throat", "danger_now", True),
        ("they told her to ring 999", "danger_now", False),
        ("took an overdose last year", "overdose_taken", False),
        ("she's taken all her tablets", "overdose_taken", True),
        ("she has taken her meds today", "overdose_taken", False),
        ("where is she living now", "finding_someone", True),
        ("electoral register form", "sexual_risk_near_children", False),
    ],
)
def test_cues(text: str, cue: str, found: bool) -> None:
    assert (cue in {hit.name for hit in Cues.shipped().find(text)}) is found
