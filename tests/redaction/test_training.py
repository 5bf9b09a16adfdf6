import random
from pathlib import Path

import numpy as np
import pytest

import encoder
from redaction import Redactor
from redaction.tagger import LABELS, NameTagger
from redaction.training.corpora import NameSwapper, in_case, label, read_clauses
from redaction.training.evaluate import evaluate
from redaction.training.notes import KEPT_APART, MarkedNote, read_notes, unmark
from redaction.words import words_of

NLU_DATA = Path(__file__).parents[2] / "nlu_data"
NOTE = unmark(
    "n-1", "[[Kelly Marsh|PERSON]] of [[9 Tannery Yd|ADDRESS]] rang, [[Kelly Marsh|PERSON]]'s lad in [[Bath|TOWN]]"
)


def test_marks_are_taken_out_and_their_places_kept() -> None:
    assert NOTE.text == "Kelly Marsh of 9 Tannery Yd rang, Kelly Marsh's lad in Bath"
    assert [(NOTE.text[start:end], kind) for start, end, kind in NOTE.marks] == [
        ("Kelly Marsh", "PERSON"),
        ("9 Tannery Yd", "ADDRESS"),
        ("Kelly Marsh", "PERSON"),
        ("Bath", "TOWN"),
    ]


def test_labels_leave_out_what_is_a_name_of_another_kind() -> None:
    names = {0: "O", 1: "PERSON", 2: "TOWN", 3: "ORG", -1: "?"}
    labels = [names[number] for number in label(NOTE).labels]
    assert dict(zip([word.text for word in words_of(NOTE.text)], labels, strict=True)) == {
        "Kelly": "PERSON",
        "Marsh": "PERSON",
        "of": "O",
        "9": "?",
        "Tannery": "?",
        "Yd": "?",
        "rang": "O",
        "lad": "O",
        "in": "O",
        "Bath": "TOWN",
    }


def test_swapped_people_are_the_same_all_through() -> None:
    for seed in range(20):
        other = NameSwapper(random.Random(seed)).swap(NOTE)
        surfaces = [other.text[start:end] for start, end, _ in other.marks]
        assert surfaces[0] == surfaces[2]
        assert surfaces[1] == "9 Tannery Yd"
        assert " rang, " in other.text


def test_another_letter_case_moves_nothing() -> None:
    assert in_case(NOTE, "upper").marks == NOTE.marks
    longer = MarkedNote("n", "Straße", ())
    assert in_case(longer, "upper").text == "Straße"


def test_the_notes_kept_apart_are_never_learnt_from() -> None:
    learnt = {note.id.rsplit("-", 1)[0] for note in read_notes(NLU_DATA / "notes", kept_apart=False)}
    tested = {note.id.rsplit("-", 1)[0] for note in read_notes(NLU_DATA / "notes", kept_apart=True)}
    assert tested == KEPT_APART
    assert not learnt & KEPT_APART
    assert not {clause.id.rsplit("-", 1)[0] for clause in read_clauses(NLU_DATA / "signs")} & KEPT_APART


@pytest.mark.parametrize("case", ["as typed", "lower", "upper"])
def test_no_worse_than_its_model_card(redactor: Redactor, case: str) -> None:
    tally = evaluate(redactor, read_notes(NLU_DATA / "notes", kept_apart=True), case)
    assert tally.masked["PERSON"] / tally.marked["PERSON"] > 0.93
    assert tally.masked.total() / tally.marked.total() > 0.92
    assert tally.needless / tally.hidden < 0.05


def test_probabilities(model_dir: Path) -> None:
    tagger = NameTagger.load(encoder.load(model_dir / "encoder"))
    text = "Kelly rang"
    scores = tagger.scores(text, words_of(text))
    assert scores.shape == (2, len(LABELS))
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)
    assert scores.argmax(axis=1).tolist() == [1, 0]
    assert tagger.scores("", []).shape == (0, len(LABELS))


def test_a_head_of_another_shape_is_refused(model_dir: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "head.npz", w0=np.zeros((3, 2)), w1=np.zeros(2))
    with pytest.raises(ValueError, match="train it again"):
        NameTagger.load(encoder.load(model_dir / "encoder"), tmp_path / "head.npz")
