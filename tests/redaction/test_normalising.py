import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from redaction import MessageEmpty, MessageTooLong, as_plain_words, normalise
from redaction.normalising import MAX_LENGTH, read, read_plain
from redaction.types import TOKEN


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Kelly\tMarsh\r\nrang", "Kelly Marsh\nrang"),
        ("０７７００ ９００１２３", "07700 900123"),
        ("٠٧٧٠٠ ٩٠٠١٢٣", "07700 900123"),
        ("Ke\u200bl\u00adly", "Kelly"),
        ("\u202eKelly\u202c", "Kelly"),
        ("Kelly\U000e0041\U000e007f", "Kelly"),
        ("Ke\ufe0flly \ud800x", "Kelly x"),
        ("K\u0336e\u0336l\u0336l\u0336y", "Kelly"),
        ("0\ufe0f\u20e37\ufe0f\u20e3", "07"),
        ("Zoe\u0308", "Zoë"),
        ("\u1100\u1161\u11a8", "각"),
        ("ﬁt", "fit"),
        ("a\u2028b\u00a0c", "a\nb c"),
        ("two  spaces\n\nstay", "two  spaces\n\nstay"),
    ],
)
def test_what_is_read(typed: str, plain: str) -> None:
    assert normalise(typed) == plain


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", "\u200b\u200d", "\x00\x07", "\u2800"])
def test_nothing_to_read(typed: str) -> None:
    with pytest.raises(MessageEmpty):
        normalise(typed)


def test_too_long() -> None:
    assert len(normalise("a" * MAX_LENGTH)) == MAX_LENGTH
    with pytest.raises(MessageTooLong):
        normalise("a" * (MAX_LENGTH + 1))


def test_too_long_once_written_out() -> None:
    with pytest.raises(MessageTooLong):
        normalise("\ufdfa" * 2_000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/give_agreement", "give_agreement"),
        ("  / / /stop", "stop"),
        ("and/or", "and/or"),
        ("[PERSON 1] rang", "(PERSON 1) rang"),
        ("[ person_2 ] [Nhs 3] [POSTCODE]", "( person_2 ) (Nhs 3) (POSTCODE)"),
        ("[see note]", "[see note]"),
    ],
)
def test_commands_and_tokens_become_words(text: str, words: str) -> None:
    assert as_plain_words(text) == words


def test_a_full_width_slash_is_a_slash() -> None:
    assert as_plain_words(normalise("／give_agreement")) == "give_agreement"


def test_only_slashes_is_nothing_to_read() -> None:
    with pytest.raises(MessageEmpty):
        read_plain(" /// ")


def test_places_point_into_the_original() -> None:
    typed = "  /\u200bKe\u0301lly rang"
    reading = read_plain(typed)
    start = reading.text.index("Kélly")
    assert typed[slice(*reading.original_span(start, start + 5))] == "Ke\u0301lly"


@given(st.text(max_size=60))
@example("e\u200d\u0301")
@example("\u1100\u200b\u1161")
@example("ｶﾞ")
def test_reading_again_changes_nothing(typed: str) -> None:
    try:
        once = normalise(typed)
    except MessageEmpty:
        return
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFKC", once)


@given(st.text(min_size=1, max_size=60))
def test_every_letter_has_a_place_in_order(typed: str) -> None:
    try:
        reading = read(typed)
    except MessageEmpty:
        return
    assert len(reading.text) == len(reading.places)
    assert all(0 <= start < end <= len(typed) for start, end in reading.places)
    assert list(reading.places) == sorted(reading.places)


@given(st.text(alphabet="[]PERSON 12_perso\u200b/", max_size=30))
def test_no_token_and_no_command_can_be_typed(typed: str) -> None:
    try:
        plain = read_plain(typed).text
    except MessageEmpty:
        return
    assert not TOKEN.search(plain)
    assert not plain.lstrip().startswith("/")
