"""What the name tagger learns from, and the head that came of it."""

import random
from pathlib import Path

import numpy as np
import pytest

import encoder
from redaction import Redactor
from redaction.evaluation.counting import STRUCTURED, count
from redaction.evaluation.run import hider
from redaction.evaluation.variants import in_cases
from redaction.tagger import LABELS, NameTagger
from redaction.training.corpora import in_case, label, read_clauses
from redaction.training.notes import PARTS, MarkedNote, part_of, read_notes, unmark
from redaction.training.variation import Variation, is_for_testing, mangle
from redaction.types import PERSON
from redaction.words import words_of

NLU_DATA = Path(__file__).parents[2] / "nlu_data"
NOTE = unmark(
    "n-1",
    "[[Kelly Marsh|PERSON]] of [[9 Tannery Yd|ADDRESS]] rang, [[Kelly|PERSON]]'s lads [[Ty|PERSON]] [[Jo|PERSON]] in "
    "[[Bath|TOWN]], tel [[07700 900123|PHONE]]",
)


def test_labels_say_kind_and_beginning_of_every_word() -> None:
    labelled = label(NOTE)
    said = [
        (word.text, LABELS[kind], begins)
        for word, kind, begins in zip(words_of(NOTE.text), labelled.labels, labelled.begins, strict=True)
    ]
    assert said[:6] == [
        ("Kelly", "PERSON", True),
        ("Marsh", "PERSON", False),
        ("of", "O", False),
        ("9", "ADDRESS", True),
        ("Tannery", "ADDRESS", False),
        ("Yd", "ADDRESS", False),
    ]
    assert ("Ty", "PERSON", True) in said
    assert ("Jo", "PERSON", True) in said
    assert said[-2:] == [("07700", "PHONE", True), ("900123", "PHONE", False)]


@pytest.mark.parametrize("part", ["training", "testing"])
def test_varied_people_are_the_same_all_through(part: str) -> None:
    for seed in range(20):
        other = Variation(random.Random(seed), part).vary(NOTE)  # type: ignore[arg-type]
        surfaces = [other.text[start:end] for start, end, _ in other.marks]
        assert surfaces[0].split()[0] == surfaces[2]
        assert " rang, " in other.text
        assert surfaces[-1] != "07700 900123"
        assert [kind for _, _, kind in other.marks] == [kind for _, _, kind in NOTE.marks]


def test_names_for_testing_are_never_trained_with() -> None:
    for seed in range(20):
        for part, wanted in (("training", False), ("testing", True)):
            other = Variation(random.Random(seed), part).vary(NOTE)  # type: ignore[arg-type]
            people = [other.text[start:end] for start, end, kind in other.marks if kind == PERSON]
            assert all(is_for_testing(word) == wanted for person in people for word in person.split())


def test_a_mangled_number_is_still_nearly_that_number() -> None:
    made = {mangle(random.Random(seed), "07700 900123") for seed in range(60)}
    assert len(made) > 10
    assert all(9 <= sum(letter.isdigit() or letter in "oO" for letter in number) <= 11 for number in made)
    assert mangle(random.Random(1), "no digits") == "no digits"


def test_another_letter_case_moves_nothing() -> None:
    assert in_case(NOTE, "upper").marks == NOTE.marks
    longer = MarkedNote("n", "Straße", ())
    assert in_case(longer, "upper").text == "Straße"


def test_the_notes_kept_apart_are_never_learnt_from() -> None:
    apart = PARTS["testing"] | PARTS["tuning"]
    learnt = {note.id.rsplit("-", 1)[0] for note in read_notes(NLU_DATA / "notes", "training")}
    learnt |= {clause.id.rsplit("-", 1)[0] for clause in read_clauses(NLU_DATA / "signs")}
    assert learnt
    assert not learnt & apart
    assert {note.id.rsplit("-", 1)[0] for note in read_notes(NLU_DATA / "notes", "testing")} == PARTS["testing"]
    assert part_of("nobody_yet") == "training"


@pytest.mark.slow
def test_no_worse_than_its_model_card(redactor: Redactor) -> None:
    for case, notes in in_cases(read_notes(NLU_DATA / "notes", "testing")):
        tally = count(notes, hider(redactor))
        assert tally.recall(PERSON).value > 0.95, case
        assert tally.recall().value > 0.95, case
        assert tally.recall(*STRUCTURED).value > 0.95, case
        assert tally.over_hidden().value < 0.025, case


def test_probabilities(model_dir: Path) -> None:
    tagger = NameTagger.load(model_dir)
    text = "Kelly rang"
    scores = tagger.scores(text, words_of(text))
    assert scores.shape == (2, len(LABELS) + 1)
    np.testing.assert_allclose(scores[:, :-1].sum(axis=1), 1, atol=1e-5)
    assert [LABELS[column] for column in scores[:, :-1].argmax(axis=1)] == ["PERSON", "O"]
    assert scores[0, -1] > 0.5
    assert tagger.scores("", []).shape == (0, len(LABELS) + 1)


def test_a_head_of_another_shape_is_refused(model_dir: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "head.npz", labels=np.array(LABELS), w0=np.zeros((3, 2)), w1=np.zeros(2))
    with pytest.raises(ValueError, match="train it again"):
        NameTagger.read_head(encoder.load(model_dir / "encoder-names"), tmp_path / "head.npz")
