from pathlib import Path

import pytest

import encoder
from redaction import Redactor


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    encoder.build(folder / "encoder")
    return folder


@pytest.fixture(scope="session")
def redactor(model_dir: Path) -> Redactor:
    return Redactor.load(model_dir)
