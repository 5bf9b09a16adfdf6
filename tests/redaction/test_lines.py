import json

from redaction import Redactor, redact_lines


def _run(redactor: Redactor, *lines: object) -> list[dict[str, object]]:
    typed = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return [json.loads(line) for line in redact_lines(typed, redactor)]


def test_a_line(redactor: Redactor) -> None:
    (made,) = _run(redactor, {"id": 7, "text": "Zoë Marsh rang"})
    assert made["id"] == 7
    assert made["redacted"] == "[PERSON 1] rang"
    (span,) = made["spans"]  # type: ignore[misc]
    assert {key: span[key] for key in ("start", "end", "type", "token")} == {
        "start": 0,
        "end": 9,
        "type": "PERSON",
        "token": "[PERSON 1]",
    }
    assert 0 < span["score"] <= 1


def test_lines_share_people_only_within_a_conversation(redactor: Redactor) -> None:
    made = _run(
        redactor,
        {"id": 1, "text": "Kelly Marsh rang", "conversation": "a"},
        {"id": 2, "text": "Hodan Warsame rang", "conversation": "b"},
        {"id": 3, "text": "Hodan Warsame rang", "conversation": "a"},
        {"id": 4, "text": "Hodan Warsame rang"},
    )
    assert [line["redacted"] for line in made] == [
        "[PERSON 1] rang",
        "[PERSON 1] rang",
        "[PERSON 2] rang",
        "[PERSON 1] rang",
    ]


def test_a_bad_line_is_named_and_the_rest_goes_on(redactor: Redactor) -> None:
    made = _run(
        redactor,
        "{",
        "[1]",
        {"id": 1},
        {"id": 2, "text": 5},
        {"id": 3, "text": "a" * 30_001},
        "",
        {"id": 4, "text": " "},
        {"id": 5, "text": "rent is late"},
    )
    assert [line["id"] for line in made] == [None, None, 1, 2, 3, 4, 5]
    assert ["error" in line for line in made] == [True, True, True, True, True, False, False]
    assert made[-2] == {"id": 4, "redacted": "", "spans": []}
    assert made[-1] == {"id": 5, "redacted": "rent is late", "spans": []}
