"""One trained tiny model and one running tiny bot for the whole session: starting Rasa takes a third of a minute."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealing import new_id
from tests.bot_plumbing.desk import ROOT, TinySystem
from tests.support.system import free_ports

_TRAIN = """
import sys
from pathlib import Path
from bot.training import train
from thinkfamily.settings import read_settings
print(train(read_settings(model_dir=sys.argv[1]), root=Path(sys.argv[2])))
"""


@pytest.fixture(scope="session")
def tiny_root() -> Path:
    return Path(__file__).parent / "tiny"


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory, tiny_root: Path) -> Path:
    folder = tmp_path_factory.mktemp("models")
    done = subprocess.run(
        [sys.executable, "-c", _TRAIN, str(folder), str(tiny_root)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def system(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinySystem]:
    """Logs as much as can be switched on, as JSON: what must not be written has every chance to be."""
    bot_port, actions_port = free_ports(2)
    system = TinySystem(tmp_path_factory.mktemp("system"), bot_port, actions_port)
    system.settings = {"LOG_LEVEL": "DEBUG", "LOG_JSON": "true", "MODEL_DIR": str(models)}
    try:
        system.start("actions")
        system.start("bot")
        yield system
    finally:
        system.stop_all()


@pytest.fixture
def conversation() -> str:
    return new_id("c")
