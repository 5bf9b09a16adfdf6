import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import encoder
from encoder.runtime import _windows


def test_offsets_point_into_the_text(loaded: encoder.Encoder) -> None:
    text = "  Zoë O’Neill\n£40 owed 👩‍👧  "
    offsets = loaded.encode([text])[0].offsets
    pieces = [text[start:end] for start, end in offsets]
    assert pieces[:2] == ["Zoë", "O"]
    assert "".join(pieces) == "".join(text.split())


def test_close_meanings_are_closer_than_far_ones(loaded: encoder.Encoder) -> None:
    rent, arrears, swim = (
        item.sentence
        for item in loaded.encode(["behind with the rent", "owes rent to the landlord", "the kids like swimming"])
    )
    assert rent @ arrears > rent @ swim + 0.2


@pytest.mark.parametrize("text", ["", "  \n", "\u200b"])
def test_nothing_to_read_is_no_pieces_and_a_zero_vector(loaded: encoder.Encoder, text: str) -> None:
    made = loaded.encode([text])[0]
    assert made.offsets == []
    assert made.layers.shape == (0, encoder.LAYERS_WIDTH)
    assert not made.sentence.any()


def test_no_text_gives_no_result(loaded: encoder.Encoder) -> None:
    assert loaded.encode([]) == []


def test_a_long_text_loses_nothing(loaded: encoder.Encoder) -> None:
    text = "She said the landlord came round again. " * 120 + "Kelly"
    made = loaded.encode([text])[0]
    assert made.offsets[-1] == (len(text) - 5, len(text))
    assert (np.abs(made.layers).sum(axis=1) > 0).all()
    assert np.linalg.norm(made.sentence) == pytest.approx(1, abs=1e-5)


def test_a_result_does_not_depend_on_its_neighbours(loaded: encoder.Encoder) -> None:
    alone = loaded.encode(["mum is ill"])[0]
    among = loaded.encode(["mum is ill", "a much longer text about something else " * 20])[0]
    np.testing.assert_array_equal(alone.layers, among.layers)
    np.testing.assert_array_equal(alone.sentence, among.sentence)


def test_typed_end_marks_are_text(loaded: encoder.Encoder) -> None:
    assert len(loaded.encode(["[SEP]"])[0].offsets) == 3


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_encoded(loaded: encoder.Encoder, text: str) -> None:
    made = loaded.encode([text])[0]
    assert len(made.offsets) == len(made.layers)
    assert np.isfinite(made.layers).all()
    assert all(0 <= start < end <= len(text) for start, end in made.offsets)


@given(st.integers(0, 3000))
def test_windows_cover_every_piece_once(count: int) -> None:
    kept = [place for window in _windows(count) for place in range(window.keep_from, window.keep_to)]
    assert kept == list(range(count))
    assert all(w.first <= w.keep_from and w.keep_to <= w.last <= w.first + 254 for w in _windows(count))
