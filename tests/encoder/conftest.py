from pathlib import Path

import pytest

import encoder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encoder.build(tmp_path_factory.mktemp("models") / "encoder")


@pytest.fixture(scope="session")
def loaded(built: Path) -> encoder.Encoder:
    return encoder.load(built, threads=1)
