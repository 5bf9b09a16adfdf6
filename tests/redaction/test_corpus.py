"""The notes in nlu_data/notes: enough of them, well marked, and nobody real in them."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from redaction import TYPES
from redaction.training.notes import PARTS, MarkedNote, part_of, read_notes, unmark
from redaction.types import BANK, EMAIL, IP, LICENCE, NHS, NINO, OTHER, PASSPORT, PERSON, PHONE, UPN, UTR, VEHICLE

FOLDER = Path(__file__).parents[2] / "nlu_data" / "notes"
NOTES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yml"))}
ALL = [unmark(note["id"], note["text"], note.get("register", "")) for notes in NOTES.values() for note in notes]

# Ranges that Ofcom keeps for drama, without 0 or 44 in front; mobile numbers, and by area.
_DRAMA = re.compile(
    r"7700900|1632960|1174960|113496|114496|115496|116496|121496|131496|141496|151496|161496|2079460|191498|"
    r"2896496|2920180|3069990|8081570|909879"
)


def _surfaces(kind: str) -> list[tuple[str, str]]:
    return [(note.id, note.text[start:end]) for note in ALL for start, end, marked in note.marks if marked == kind]


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text.replace("o", "0").replace("O", "0"))


def test_there_are_enough_of_them_by_enough_writers() -> None:
    assert len(ALL) >= 2_500
    assert len(NOTES) >= 30
    assert set().union(*PARTS.values()) <= set(NOTES)
    tested = [note for part in ("testing",) for note in read_notes(FOLDER, part)]
    assert len(tested) >= 550
    assert Counter(note.id for note in ALL).most_common(1)[0][1] == 1


def test_parts_share_no_writer() -> None:
    assert not PARTS["testing"] & PARTS["tuning"]
    assert {part_of(writer) for writer in NOTES} == {"training", "tuning", "testing"}


def test_every_kind_is_marked_often_enough_to_measure_it() -> None:
    tested = Counter(kind for note in read_notes(FOLDER, "testing") for _, _, kind in note.marks)
    assert set(tested) == set(TYPES) - {OTHER}
    assert min(tested.values()) >= 12


def test_some_hold_nothing_personal() -> None:
    assert 0.1 < sum(not note.marks for note in ALL) / len(ALL) < 0.35


@pytest.mark.parametrize("writer", sorted(NOTES))
def test_marks_are_whole(writer: str) -> None:
    for raw in NOTES[writer]:
        note = unmark(raw["id"], raw["text"])
        assert not re.search(r"\[\[|\]\]|\|[A-Z]{2,}\b", note.text), note.id
        for start, end, kind in note.marks:
            surface = note.text[start:end]
            assert kind in TYPES, note.id
            assert surface == surface.strip(), note.id
            assert kind != PERSON or not re.search(r"['’]s$", surface), note.id


@pytest.mark.parametrize("writer", sorted(writer for writer in NOTES if "register" in NOTES[writer][0]))
def test_every_note_says_how_it_came(writer: str) -> None:
    assert {note["register"] for note in NOTES[writer]} <= {"officer", "phone", "email", "claimant"}


def test_telephone_numbers_are_kept_for_drama() -> None:
    for note, surface in _surfaces(PHONE):
        digits = _digits(surface)
        if len(digits) >= 10:
            assert _DRAMA.match(digits.removeprefix("44").removeprefix("0")), (note, surface)


def test_addresses_on_the_internet_lead_nowhere() -> None:
    for note, surface in _surfaces(EMAIL):
        if "@" not in surface and " at " not in surface:
            continue  # spelt out letter by letter, or said in pieces
        assert re.search(r"example|exmaple|exampl|localhost|invalid", surface, re.IGNORECASE), (note, surface)
    for note, surface in _surfaces(IP):
        assert re.search(r"192.{1,5}0.{1,5}2|198.{1,4}51.{1,4}100|203.{1,4}0.{1,4}113|\w+ \w+", surface), (
            note,
            surface,
        )


def test_numbers_of_people_were_never_given_out() -> None:
    for note, surface in _surfaces(NINO):
        if sum(letter.isdigit() for letter in surface) < 6:
            continue  # spoken, or said in pieces
        assert re.match(r"[QOq0o][QOq0o]|q.{0,3}q|queue|Q.{0,12}Q", surface, re.IGNORECASE), (note, surface)
    for note, surface in _surfaces(NHS):
        if len(_digits(surface)) < 10:
            continue
        assert re.match(r"9\W?9\W?9|nine|treble|triple", surface, re.IGNORECASE), (note, surface)


def test_every_kind_of_number_has_digits_or_is_spoken() -> None:
    for kind in (BANK, LICENCE, PASSPORT, UPN, UTR):
        for note, surface in _surfaces(kind):
            assert re.search(r"\d|\w+ \w+|\w+-\w+", surface), (note, surface)


def test_plates_hold_a_letter_that_is_never_used() -> None:
    plates = [(note, plate) for note, plate in _surfaces(VEHICLE) if re.fullmatch(r"[A-Z]{2}\d{2} ?[A-Z]{3}", plate)]
    assert len(plates) > 20
    assert not [(note, plate) for note, plate in plates if not re.search(r"[IQZ]", plate)]


def test_marks_are_taken_out_and_their_places_kept() -> None:
    note = unmark("n-1", "[[Kelly Marsh|PERSON]] of [[9 Tannery Yd|ADDRESS]] rang", "officer")
    assert note == MarkedNote(
        "n-1", "Kelly Marsh of 9 Tannery Yd rang", ((0, 11, PERSON), (15, 27, "ADDRESS")), "officer"
    )
