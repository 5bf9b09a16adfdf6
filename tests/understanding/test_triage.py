"""The evaluation contract: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from understanding import Listener, triage_lines


def hide_name(text: str) -> str:
    return text.replace("Kelly Marsh", "[PERSON 1]")


def answers(listener: Listener, *lines: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in triage_lines(lines, listener, hide_name)]


def line(text: object, line_id: object = "1") -> str:
    return json.dumps({"id": line_id, "text": text})


def test_the_promised_line(listener: Listener) -> None:
    (answer,) = answers(listener, line("Kelly Marsh, 3 months behind w rent, lad wont go in to school"))
    assert list(answer) == ["id", "signs", "red_flags", "interrupt", "headings", "level", "missing"]
    signs = {sign["id"]: sign for sign in answer["signs"]}
    assert {"RNT1", "EDU1"} <= signs.keys()
    assert all(list(sign) == ["id", "status", "words", "confidence"] for sign in answer["signs"])
    assert (answer["interrupt"], answer["headings"], answer["level"]) == ("none", [1, 9], "N")
    assert answer["missing"] == ["headings"]
    assert "Kelly" not in json.dumps(answer)


def test_danger(listener: Listener) -> None:
    (answer,) = answers(listener, line("she has the tablets ready to end it tonight"))
    assert (answer["interrupt"], answer["level"]) == ("E", "E")
    assert "RF3" in answer["red_flags"]


@pytest.mark.parametrize("text", ["", "  ", "please send me another copy of the form"])
def test_nothing_in_it(listener: Listener, text: str) -> None:
    (answer,) = answers(listener, line(text))
    assert (answer["interrupt"], answer["level"], answer["missing"]) == (
        "none",
        "N",
        ["headings", "child_or_pregnancy"],
    )


@pytest.mark.parametrize(
    ("bad", "line_id"),
    [("not json", None), ("[1]", None), ('{"text": "x"}', None), ('{"id": 7}', 7), ('{"id": 7, "text": 3}', 7)],
)
def test_a_bad_line_is_answered_and_the_run_goes_on(listener: Listener, bad: str, line_id: object) -> None:
    first, second = answers(listener, bad, line("all fine", "2"))
    assert list(first) == ["id", "error"]
    assert first["id"] == line_id
    assert second["id"] == "2"
    assert "signs" in second


def test_what_redaction_cannot_do_is_an_error_that_quotes_nothing(listener: Listener) -> None:
    def fails(text: str) -> str:
        raise RuntimeError(text)

    (answer,) = [json.loads(out) for out in triage_lines([line("Kelly Marsh")], listener, fails)]
    assert list(answer) == ["id", "error"]
    assert "Kelly" not in answer["error"]


def test_blank_lines_are_passed_over_and_order_is_kept(listener: Listener) -> None:
    assert [answer["id"] for answer in answers(listener, line("a", 1), "\n", line("b", 2), line("c", 3))] == [1, 2, 3]
