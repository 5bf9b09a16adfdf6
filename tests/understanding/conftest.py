"""One pack and one listener for all tests here; the encoder is built once a machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from encoder import build
from understanding import Listener, RulePack, load_pack

MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture(scope="session")
def pack() -> RulePack:
    return load_pack()


@pytest.fixture(scope="session")
def listener(pack: RulePack) -> Listener:
    build(MODELS / "encoder")
    return Listener.load(MODELS, pack)
