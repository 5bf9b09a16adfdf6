"""What is counted when hiding is measured."""

from collections.abc import Callable
from pathlib import Path

import pytest

from redaction import Redactor
from redaction.evaluation import evaluate_redaction
from redaction.evaluation.counting import Share, Tally, count
from redaction.evaluation.variants import with_other_names, with_slips
from redaction.redacted import Span
from redaction.training.notes import unmark

NOTE = unmark("n-1", "[[Mrs Kelly Marsh|PERSON]] of [[9 Tannery Yd|ADDRESS]] rang, tel [[07700 900123|PHONE]], no food")


def _hiding(*words: tuple[str, str, bool]) -> Callable[[str], list[Span]]:
    def hide(text: str) -> list[Span]:
        return [
            Span(text.index(word), text.index(word) + len(word), kind, f"[{kind} 1]", 0.9, doubtful)
            for word, kind, doubtful in words
        ]

    return hide


def test_a_mention_counts_only_when_all_of_it_is_hidden() -> None:
    tally = count([NOTE], _hiding(("Kelly", "PERSON", False), ("9 Tannery Yd", "ORG", False)))
    assert (tally.recall("PERSON").part, tally.recall("PERSON").whole) == (0, 1)
    assert tally.misses[0].hidden_part
    assert tally.recall("ADDRESS").value == 1
    assert tally.type_right("ADDRESS").value == 0
    assert [miss.type for miss in tally.misses] == ["PERSON", "PHONE"]


def test_a_title_may_be_hidden_or_not() -> None:
    for words in ("Mrs Kelly Marsh", "Kelly Marsh"):
        tally = count([NOTE], _hiding((words, "PERSON", False)))
        assert tally.recall("PERSON").value == 1
        assert tally.over_hidden().part == 0


def test_what_is_hidden_needlessly_is_counted_by_word_and_by_token() -> None:
    tally = count([NOTE], _hiding(("no food", "PERSON", True), ("07700 900123", "PHONE", False)))
    assert tally.over_hidden() == Share(1, 3)  # rang, tel, food; `of` and `no` say nothing either way
    assert tally.precision() == Share(1, 2)
    assert tally.doubtful() == Share(2, 13)
    assert tally.needless[0].words == "no food"


def test_intervals_hold_the_share_and_narrow_with_more() -> None:
    few, many = Share(9, 10).interval(), Share(900, 1000).interval()
    assert few[0] < many[0] < 0.9 < many[1] < few[1]
    assert Share(0, 0).interval() == (0.0, 1.0)


def test_slips_and_other_names_keep_their_marks() -> None:
    for note in (*with_slips([NOTE] * 30), *with_other_names([NOTE] * 30)):
        surfaces = {kind: note.text[start:end] for start, end, kind in note.marks}
        assert note.text.startswith(surfaces["PERSON"])
        assert note.text == f"{surfaces['PERSON']} of {surfaces['ADDRESS']} rang, tel {surfaces['PHONE']}, no food"
    slipped = [note.text[note.marks[2][0] : note.marks[2][1]] for note in with_slips([NOTE] * 30)]
    assert sum(surface != "07700 900123" for surface in slipped) > 20


@pytest.mark.slow
def test_the_report_names_every_miss(redactor: Redactor, model_dir: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "receptionist.yml").write_text(
        "- id: receptionist-01\n  register: officer\n  text: |-\n"
        "    [[Kelly Marsh|PERSON]] rang from the [[office|TOWN]], 3 months behind w rent\n",
        encoding="utf-8",
    )
    results = evaluate_redaction(model_dir, notes=notes, out=tmp_path / "out")
    assert results.cases["as typed"].mentions == {"PERSON": 1, "TOWN": 1}
    report = (tmp_path / "out" / "redaction.md").read_text(encoding="utf-8")
    assert "the «office»," in report
    assert "<table>" in (tmp_path / "out" / "redaction.html").read_text(encoding="utf-8")
    assert {path.name for path in (tmp_path / "out").glob("*.svg")} == {
        "redaction-by-case.svg",
        "redaction-by-type.svg",
        "redaction-by-writer.svg",
    }


def test_an_empty_tally_says_nothing_wrong() -> None:
    assert Tally().recall().value == 1.0
