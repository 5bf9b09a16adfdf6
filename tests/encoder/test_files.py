import json
import shutil
from pathlib import Path

import pytest

import encoder
from encoder import weights


def test_building_again_changes_nothing(built: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in built.iterdir()}
    assert encoder.build(built) == built
    assert {path.name: path.stat().st_mtime_ns for path in built.iterdir()} == before


def test_only_the_three_files_are_left(built: Path) -> None:
    assert sorted(path.name for path in built.iterdir()) == ["encoder.onnx", "stamp.json", "tokenizer.json"]


def test_an_old_build_is_made_again(built: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(built, tmp_path / "encoder")
    stamp = json.loads((copy / "stamp.json").read_text())
    (copy / "stamp.json").write_text(json.dumps(stamp | {"recipe": 0}))
    encoder.build(copy)
    assert json.loads((copy / "stamp.json").read_text()) == stamp


def test_never_built(tmp_path: Path) -> None:
    with pytest.raises(encoder.EncoderMissing, match="script/setup"):
        encoder.load(tmp_path)


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json"])
def test_an_altered_file_is_refused(built: Path, tmp_path: Path, name: str) -> None:
    copy = shutil.copytree(built, tmp_path / "encoder")
    (copy / name).write_bytes((copy / name).read_bytes() + b" ")
    with pytest.raises(encoder.EncoderDamaged, match="script/setup"):
        encoder.load(copy)


@pytest.mark.parametrize("stamp", ["", "{}", "[1]", '{"recipe": 1}'])
def test_a_stamp_that_says_nothing_is_refused(built: Path, tmp_path: Path, stamp: str) -> None:
    copy = shutil.copytree(built, tmp_path / "encoder")
    (copy / "stamp.json").write_text(stamp)
    with pytest.raises(encoder.EncoderDamaged):
        encoder.load(copy)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "model.safetensors"
    other.write_bytes(b"not the published weights")
    with pytest.raises(encoder.EncoderDamaged, match="published"):
        weights.load_tensors(weights.PublishedModel(other, tmp_path / "tokenizer.json"))


def test_weights_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "no_such_weights_package")
    with pytest.raises(encoder.EncoderMissing, match="script/setup"):
        encoder.build(tmp_path)
