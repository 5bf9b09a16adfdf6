"""Signs over a conversation: what gathers, what a denial changes, and what nothing but a reason lowers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding import Heard, SignHeard, correct, load_pack, merge
from understanding.heard import STATUSES

PACK = load_pack()
IDS = ["RNT1", "EDU1", "DAB2", "SUI2"]


def said(sign_id: str, status: str, words: str = "words", said_by: str = "person") -> SignHeard:
    level = PACK.sign(sign_id).level
    return SignHeard(sign_id, status, words, 0, len(words), 0.9, "adult", said_by, level)  # type: ignore[arg-type]


def message(*signs: SignHeard, watched: bool = False) -> Heard:
    return Heard(signs, (), "none", False, "", False, watched)


def status_after(*messages: Heard) -> dict[str, str]:
    entries: list[dict[str, object]] = []
    for heard in messages:
        entries = merge(entries, heard)
    return {str(entry["id"]): str(entry["status"]) for entry in entries}


def test_signs_gather() -> None:
    first, second = message(said("RNT1", "present")), message(said("EDU1", "present"))
    assert status_after(first, second) == {"RNT1": "present", "EDU1": "present"}


@pytest.mark.parametrize("later", ["negated", "past"])
def test_a_later_denial_changes_the_status_and_history_keeps_the_first(later: str) -> None:
    entries = merge(merge([], message(said("RNT1", "present", "owes rent"))), message(said("RNT1", later, "all paid")))
    assert (entries[0]["status"], entries[0]["words"], entries[0]["turn"]) == (later, "all paid", 2)
    assert entries[0]["history"] == [{"status": "present", "words": "owes rent", "turn": 1}]


def test_a_denial_while_watched_lowers_nothing_and_is_kept() -> None:
    entries = merge(merge([], message(said("RNT1", "present"))), message(said("RNT1", "negated", "no"), watched=True))
    assert entries[0]["status"] == "present"
    assert entries[0]["history"][-1]["status"] == "negated"


def test_a_denial_by_the_one_who_may_cause_harm_lowers_nothing() -> None:
    later = message(said("EDU1", "negated", "he goes every day", said_by="suspected"))
    assert status_after(message(said("EDU1", "present")), later) == {"EDU1": "present"}


@pytest.mark.parametrize("danger", ["DAB2", "SUI2"])
def test_danger_is_not_lowered_by_hearing_alone(danger: str) -> None:
    assert status_after(message(said(danger, "present")), message(said(danger, "negated"))) == {danger: "present"}


@pytest.mark.parametrize("other", ["other_family", "hypothetical"])
def test_talk_of_others_or_of_ifs_lowers_nothing(other: str) -> None:
    assert status_after(message(said("RNT1", "present")), message(said("RNT1", other))) == {"RNT1": "present"}


def test_a_fresh_worry_after_a_denial_counts_again() -> None:
    assert status_after(message(said("RNT1", "negated")), message(said("RNT1", "present"))) == {"RNT1": "present"}


def test_a_person_can_lower_danger_with_a_reason() -> None:
    entries = merge([], message(said("DAB2", "present")))
    lowered = correct(entries, "DAB2", "negated", "misheard, it was a film", 2)
    assert (lowered[0]["status"], lowered[0]["reason"]) == ("negated", "misheard, it was a film")
    assert lowered[0]["history"][0]["status"] == "present"
    assert entries[0]["status"] == "present"


@pytest.mark.parametrize(("sign", "status", "reason"), [("DAB2", "negated", " "), ("DAB2", "gone", "because")])
def test_a_correction_needs_a_reason_and_a_status(sign: str, status: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r"reason|status"):
        correct(merge([], message(said("DAB2", "present"))), sign, status, reason, 2)  # type: ignore[arg-type]


def test_a_sign_never_heard_cannot_be_corrected() -> None:
    with pytest.raises(KeyError):
        correct([], "DAB2", "negated", "because", 2)


signs = st.builds(said, st.sampled_from(IDS), st.sampled_from(STATUSES), st.sampled_from(["a", "b"]))
messages = st.builds(lambda some, watched: message(*some, watched=watched), st.lists(signs, max_size=4), st.booleans())


@given(st.lists(messages, max_size=6))
def test_every_status_ever_said_is_kept(talk: list[Heard]) -> None:
    entries: list[dict[str, object]] = []
    for heard in talk:
        entries = merge(entries, heard)
    for heard in talk:
        for sign in heard.signs:
            entry = next(entry for entry in entries if entry["id"] == sign.id)
            statuses = {entry["status"], *(item["status"] for item in entry["history"])}  # type: ignore[attr-defined]
            assert sign.status in statuses


@given(st.lists(messages, max_size=6), messages)
def test_danger_once_present_stays(talk: list[Heard], last: Heard) -> None:
    before = status_after(*talk)
    after = status_after(*talk, last)
    for danger in ("DAB2", "SUI2"):
        if before.get(danger) == "present":
            assert after[danger] == "present"


@given(st.lists(messages, max_size=5))
def test_entries_are_json_and_merging_changes_nothing_given(talk: list[Heard]) -> None:
    entries: list[dict[str, object]] = []
    for heard in talk:
        before = json.dumps(entries)
        merged = merge(entries, heard)
        assert json.dumps(entries) == before
        entries = merged
    assert json.loads(json.dumps(entries)) == entries
