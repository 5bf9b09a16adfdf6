"""The real action server, with one small action, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bot_plumbing.desk import TinySystem
from tests.support.system import free_ports


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinySystem]:
    bot_port, actions_port = free_ports(2)
    system = TinySystem(tmp_path_factory.mktemp("actions"), bot_port, actions_port)
    try:
        system.start("actions")
        yield system
    finally:
        system.stop_all()
