"""Hiding late, in everything that was stored: no whole word is left, and nothing else changes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redaction import TOKEN, Edit, Identities, Rewrite, Rewriting, TurnEdit, apply_edits, find_known
from redaction.rewriting import Words, moved_span, rewrite_event, typed_in_event

ROSE = "[PERSON 1]"


def hides(text: str, *words: str, turn: str = "t_1") -> Rewriting:
    """What hides the first place of each of `words` in the text of one turn."""
    edits = [Edit(text.index(word), text.index(word) + len(word), f"[PERSON {n}]") for n, word in enumerate(words, 1)]
    rewrite = Rewrite(frozenset({turn}), tuple(TurnEdit(turn, "text", edit) for edit in edits))
    return Rewriting(rewrite, {(turn, "text"): text})


@pytest.mark.parametrize(
    ("words", "text", "after"),
    [
        ("Rose", "rose, ROSE and Rose's", "[PERSON 1], [PERSON 1] and [PERSON 1]'s"),
        ("Rose", "roses, Rosemary, arose", "roses, Rosemary, arose"),
        ("Rose Pargeter", "rose  PARGETER; Rose", "[PERSON 1]; Rose"),
        ("O'Neill", "ONEILL o’neill", "[PERSON 1] [PERSON 1]"),
        ("oneill", "O'Neill", "[PERSON 1]"),
        ("Wiśniewska", "wisniewska", "[PERSON 1]"),
        ("wisniewska", "zażółć Wiśniewska", "zażółć [PERSON 1]"),
        ("Ana", "an a-level, Ana", "an a-level, [PERSON 1]"),
        ("12 High Street", "at 12 high-street.", "at [PERSON 1]."),
        ("AB123", "AB 123", "[PERSON 1]"),
        ("K", "vitamin k, K said", "vitamin k, [PERSON 1] said"),
        ("PERSON", "[PERSON 7] is a person", "[PERSON 7] is a [PERSON 1]"),
        ("7", "[PERSON 7] has 7", "[PERSON 7] has [PERSON 1]"),
        ("...", "...", "..."),
        ("Zoé", "Zoe\u0301 rang", "[PERSON 1] rang"),
        ("a.b", "a*b", "[PERSON 1]"),
    ],
)
def test_whole_words_are_found_however_they_are_written(words: str, text: str, after: str) -> None:
    assert apply_edits(text, list(Words({words: ROSE}).find(text))) == after


_WORD = st.sampled_from(["Rose", "rose", "Pargeter", "Rose Pargeter", "the", "rent", "roses", "[PERSON 4]", "Ana", "a"])
_TEXT = st.lists(st.tuples(_WORD, st.sampled_from([" ", ", ", "\n", "-", "'s "])), max_size=12).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)


@given(text=_TEXT, other=_TEXT)
def test_no_whole_word_is_left_nothing_else_changes_and_twice_is_once(text: str, other: str) -> None:
    words = Words({"Rose Pargeter": "[PERSON 1]", "Rose": "[PERSON 2]"})
    after = apply_edits(other, list(words.find(other)))
    bare = TOKEN.sub("\n", after)
    assert not re.search(r"\brose\b", bare, re.IGNORECASE)
    assert list(words.find(after)) == []
    # What is not hidden is what stood there before, in the same order.
    kept = re.sub(r"\brose\b(?:[\W_]{1,3}pargeter\b)?", "X", TOKEN.sub("X", other), flags=re.IGNORECASE)
    assert TOKEN.sub("X", after) == kept


@given(text=_TEXT.filter(lambda text: "Rose" in text), start=st.integers(0, 60), length=st.integers(1, 20))
def test_places_in_a_message_still_point_at_the_same_letters(text: str, start: int, length: int) -> None:
    edits = list(Words({"Rose": ROSE}).find(text))
    end = min(len(text), start + length)
    if start >= end:
        return
    first, last = moved_span(start, end, edits)
    after = apply_edits(text, edits)
    cut = [edit for edit in edits if edit.start < start < edit.end or edit.start < end < edit.end]
    if not cut:
        inside = [Edit(e.start - start, e.end - start, e.token) for e in edits if start <= e.start and e.end <= end]
        assert after[first:last] == apply_edits(text[start:end], inside)
    else:
        assert "[PERSON 1]" in after[first:last]


def user(text: str, **parsed: Any) -> dict[str, Any]:
    given = {"text": text, "intent": {"name": "tell", "confidence": 1.0}, "entities": [], "message_id": "m"} | parsed
    return {"event": "user", "text": text, "parse_data": given, "metadata": {"turn": "t_1", "officer": "a_1"}}


def test_a_message_and_what_was_heard_in_it_change_together() -> None:
    text = "I saw Rose Pargeter, 3 months behind w rent"
    sign = {
        "entity": "sign",
        "value": "RNT1",
        "about": "adult",
        "words": "3 months behind w rent",
        "start": 21,
        "end": 43,
    }
    cut = {"entity": "sign", "value": "X", "words": "saw Rose", "start": 2, "end": 10}
    flag = {"entity": "red_flag", "value": "RF6", "words": "rose pargeter, 3 months", "because": ["DVA9"]}
    event = user(text, entities=[sign, cut, flag], text_tokens=[[0, 1], [2, 5], [6, 10], [11, 19], [21, 22]])
    after = rewrite_event(event, hides(text, "Rose Pargeter"))
    new = "I saw [PERSON 1], 3 months behind w rent"
    assert after["text"] == after["parse_data"]["text"] == new
    sign, cut, flag = after["parse_data"]["entities"]
    assert new[sign["start"] : sign["end"]] == sign["words"] == "3 months behind w rent"
    assert new[cut["start"] : cut["end"]] == cut["words"] == "saw [PERSON 1]"
    assert flag["words"] == "[PERSON 1], 3 months"
    assert [new[a:b] for a, b in after["parse_data"]["text_tokens"]] == ["I", "saw", "[PERSON 1]", "[PERSON 1]", "3"]
    assert after["metadata"] == event["metadata"]
    assert "Rose" not in json.dumps(after)


def test_every_other_string_changes_but_no_key_id_or_code() -> None:
    text = "Child Wants rang"
    rewriting = hides(text, "Child", "Wants")
    state = {
        "question": {"id": "child", "n": 1, "about": ""},
        "asked": ["child", "wants"],
        "answers": {
            "wants": {"value": "child needs a coat", "how": "text", "turn": "t_1", "about": ""},
            "child": {"value": "yes", "how": "text", "turn": "t_1"},
        },
        "ledger": [{"id": "CHI1", "about": "child", "words": "Child rang", "history": [{"words": "CHILD rang"}]}],
        "facts": {"child_words": "child", "baby": False},
        "decision": "child",
    }
    after = rewriting.json(state)
    assert after["question"] == state["question"]
    assert after["asked"] == state["asked"]
    assert after["decision"] == "child"
    assert after["answers"]["wants"]["value"] == "[PERSON 1] needs a coat"
    assert after["answers"]["child"] == state["answers"]["child"]
    assert after["ledger"] == [
        {"id": "CHI1", "about": "child", "words": "[PERSON 1] rang", "history": [{"words": "[PERSON 1] rang"}]}
    ]
    assert after["facts"] == {"child_words": "[PERSON 1]", "baby": False}
    assert rewriting.json({"event": "slot", "name": "asked", "value": ["child"]})["value"] == ["child"]
    assert rewriting.json(after) == after


def test_a_press_keeps_its_codes_and_its_reason_changes_by_its_own_edits() -> None:
    value = {"do": "danger", "cards": ["RF6"], "done": "not_danger", "reason": "danger: rose said, Rose did"}
    press = {"question": "anytime", "n": 0, "value": value}
    event = user("", entities=[{"entity": "choice", "value": press}]) | {"text": None}
    typed = typed_in_event(event)
    assert typed == {("t_1", "reason"): value["reason"]}
    edit = TurnEdit("t_1", "reason", Edit(19, 23, ROSE))
    after = rewrite_event(event, Rewriting(Rewrite(frozenset({"t_1"}), (edit,)), typed))
    changed = after["parse_data"]["entities"][0]["value"]
    assert changed["value"] == value | {"reason": "danger: rose said, [PERSON 1] did"}
    assert (changed["question"], after["text"]) == ("anytime", None)


def test_in_a_turn_that_was_not_looked_through_words_are_hidden_wherever_they_stand() -> None:
    rewriting = hides("Rose rang", "Rose")
    other = user("then rose rang") | {"metadata": {"turn": "t_2"}}
    assert rewrite_event(other, rewriting)["text"] == "then [PERSON 1] rang"


def test_words_come_back_in_place_of_a_token_and_nobody_is_listed_under_it() -> None:
    rewriting = Rewriting(Rewrite(shown={"[PERSON 2]": "Rosebud"}), {})
    people = [{"token": "[PERSON 1]", "role": "parent"}, {"token": "[PERSON 2]", "role": "child"}]
    state = {
        "people": people,
        "details": ["[PERSON 2]", "[PHONE 1]"],
        "danger": [{"reason": "[PERSON 2] and [PERSON 1]"}],
    }
    assert rewriting.json(state) == {
        "people": people[:1],
        "details": ["[PHONE 1]"],
        "danger": [{"reason": "Rosebud and [PERSON 1]"}],
    }
    assert rewriting.typed("t_1", "text", "[PERSON 2] x [PERSON 22]") == "Rosebud x [PERSON 22]"


def test_two_that_are_one_are_listed_once() -> None:
    rewriting = Rewriting(Rewrite(renamed={"[PERSON 2]": "[PERSON 1]"}), {})
    people = [{"token": "[PERSON 2]", "role": "other"}, {"token": "[PERSON 1]", "role": "parent"}]
    assert rewriting.json(people, "people") == [{"token": "[PERSON 1]", "role": "parent"}]
    assert rewriting.json(people[:1], "people") == [{"token": "[PERSON 1]", "role": "other"}]
    assert rewriting.words("[PERSON 2] saw [PERSON 1]") == "[PERSON 1] saw [PERSON 1]"


@pytest.mark.parametrize("edits", [[(0, 4), (3, 6)], [(0, 99)], [(-1, 3)], [(2, 2)], [(5, 9)], [(5, 15)]])
def test_edits_that_do_not_fit_are_refused(edits: list[tuple[int, int]]) -> None:
    rewrite = Rewrite(frozenset({"t_1"}), tuple(TurnEdit("t_1", "text", Edit(a, b, ROSE)) for a, b in edits))
    with pytest.raises(ValueError, match=r"overlap|outside"):
        Rewriting(rewrite, {("t_1", "text"): "Rose [PERSON 2] rang"})


@pytest.mark.parametrize(
    ("told", "text", "after"),
    [
        ("Will", "Will rang. WILL said he will come", "[PERSON 1] rang. [PERSON 1] said he will come"),
        ("Zib", "Zib and zib", "[PERSON 1] and [PERSON 1]"),
        ("will", "he will", "he [PERSON 1]"),
        ("Zo", "zo and Zob", "[PERSON 1] and Zob"),
    ],
)
def test_what_the_officer_says_is_hidden_but_not_the_everyday_word(told: str, text: str, after: str) -> None:
    book = Identities()
    book.hide(told)
    assert apply_edits(text, find_known(text, book, lambda *_: [])) == after


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("kelly rang", True),
        ("Kel rang", True),
        ("kely rang", True),
        ("K says", True),
        ("at hill-crest primary", True),
        ("the rent is late", False),
        ("[PERSON 1] at [ORG 1]", False),
    ],
)
def test_the_models_read_only_what_may_name_somebody_known(text: str, asked: bool) -> None:
    book = Identities()
    book.token_for("PERSON", "Kelly Marsh")
    book.token_for("ORG", "Hillcrest Primary")
    asks: list[str] = []
    find_known(text, book, lambda kept, _: asks.append(kept) or [])
    assert asks == ([text] if asked else [])
