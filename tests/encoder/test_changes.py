"""Low-rank changes to the published weights."""

import json
from pathlib import Path

import numpy as np
import pytest

import encoder
from encoder.changes import merge
from encoder.weights import load_tensors, published_model

WEIGHT = "encoder.layer.0.attention.self.query.weight"


def _changes(path: Path, up: np.ndarray, down: np.ndarray) -> Path:
    np.savez(path, **{f"{WEIGHT}.up": up.astype(np.float16), f"{WEIGHT}.down": down.astype(np.float16)})
    return path


def test_a_change_is_added_to_its_own_weight_only(tmp_path: Path) -> None:
    tensors = load_tensors(published_model())
    file = _changes(tmp_path / "changes.npz", np.ones((384, 1)), np.full((1, 384), 0.5))
    merged = merge(tensors, file)
    np.testing.assert_allclose(merged[WEIGHT], tensors[WEIGHT] + 0.5)
    assert all(merged[name] is tensors[name] for name in tensors if name != WEIGHT)


@pytest.mark.parametrize(("up", "down"), [((3, 1), (1, 384)), ((384, 2), (1, 384))])
def test_changes_of_another_shape_are_refused(tmp_path: Path, up: tuple[int, int], down: tuple[int, int]) -> None:
    file = _changes(tmp_path / "changes.npz", np.ones(up), np.ones(down))
    with pytest.raises(encoder.EncoderDamaged, match=r"changes\.npz"):
        merge(load_tensors(published_model()), file)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "changes.npz").write_bytes(b"nothing")
    with pytest.raises(encoder.EncoderDamaged, match="restore"):
        merge(load_tensors(published_model()), tmp_path / "changes.npz")


def test_other_changes_make_another_build(tmp_path: Path) -> None:
    target = tmp_path / "encoder"
    first = _changes(tmp_path / "a.npz", np.ones((384, 1)), np.full((1, 384), 0.1))
    encoder.build(target, first)
    stamp = json.loads((target / "stamp.json").read_text())
    encoder.build(target, first)
    assert json.loads((target / "stamp.json").read_text()) == stamp
    encoder.build(target, _changes(tmp_path / "b.npz", np.ones((384, 1)), np.full((1, 384), 0.2)))
    assert json.loads((target / "stamp.json").read_text())["changes"] != stamp["changes"]
