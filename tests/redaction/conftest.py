from pathlib import Path

import pytest

from redaction import Redactor, build_models


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    build_models(folder)
    return folder


@pytest.fixture(scope="session")
def redactor(model_dir: Path) -> Redactor:
    return Redactor.load(model_dir)
