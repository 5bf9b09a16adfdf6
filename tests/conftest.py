"""What every test folder may use: the whole system, started once, and a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.system import System

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# No test here is about time: a slow machine must not fail one.
hypothesis.settings.register_profile("thinkfamily", deadline=None)
hypothesis.settings.load_profile("thinkfamily")


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Desk, bot, actions, relay and inbox, started once for all tests that only talk to them."""
    with System(tmp_path_factory.mktemp("system")).start() as running:
        yield running


def chromium_path() -> str | None:
    """The Chromium (or Chrome) of this machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Without one its tests are skipped, but not in CI."""
    path = chromium_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium: install the package chromium")
        pytest.skip("there is no Chromium on this machine: install the package chromium to run the browser tests")
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Headless Chromium. It ends with each module: while it runs, no asynchronous test can."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return Path(__file__).parents[1]
