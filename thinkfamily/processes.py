"""All five processes under one manager (honcho): they start together and end together."""

from __future__ import annotations

import json
import shlex
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from honcho.manager import Manager
from honcho.printer import Printer

from thinkfamily.ports import take_port
from thinkfamily.settings import Settings

PROCESSES = ("inbox", "actions", "relay", "bot", "desk")
_READY_EVERY_SECONDS = 1.0
_SLOW_AFTER_SECONDS = 240.0


def check_ports(settings: Settings) -> None:
    """Raises :class:`thinkfamily.ports.PortInUse`, naming the setting to change, where a port is taken."""
    listeners = (
        ("DESK_PORT", settings.desk_host, settings.desk_port),
        ("INBOX_PORT", settings.inbox_host, settings.inbox_port),
        ("BOT_PORT", "127.0.0.1", settings.bot_port),
        ("ACTIONS_PORT", "127.0.0.1", settings.actions_port),
    )
    for name, host, port in listeners:
        take_port(f"THINKFAMILY_{name}", host, port).close()


def run_all(settings: Settings, announce: Callable[[], None], say: Callable[[str], None]) -> int:
    """Run every process until one ends or a signal comes; the exit status for the shell.

    ``announce`` is called once, when a warm-up turn has passed through the whole chain.
    """
    manager = Manager(Printer(sys.stdout, colour=sys.stdout.isatty()))
    for name in PROCESSES:
        command = shlex.join([sys.executable, "-m", "thinkfamily", name])
        manager.add_process(name, f"exec {command}")
    ended = threading.Event()
    watcher = threading.Thread(target=_announce_when_ready, args=(settings, announce, say, ended), daemon=True)
    watcher.start()
    manager.loop()
    ended.set()
    asked_to_stop = manager.returncode in (130, 143)
    return 0 if asked_to_stop else int(manager.returncode or 1)


def _announce_when_ready(
    settings: Settings, announce: Callable[[], None], say: Callable[[str], None], ended: threading.Event
) -> None:
    started = time.monotonic()
    told = ""
    warned = False
    while not ended.wait(_READY_EVERY_SECONDS):
        waiting = _waiting_for(settings)
        if not waiting:
            announce()
            return
        if waiting != told:
            say(f"waiting for {waiting}")
            told = waiting
        if not warned and time.monotonic() - started > _SLOW_AFTER_SECONDS:
            warned = True
            say(f"this is taking long: {waiting} is not ready yet; the lines above may say why")


def _waiting_for(settings: Settings) -> str:
    """The first process that is not ready, by name; empty when all are."""
    addresses = (
        ("inbox", f"http://127.0.0.1:{settings.inbox_port}/ready"),
        ("actions", f"{settings.actions_url}/ready"),
        ("bot", f"{settings.bot_url}/webhooks/desk/ready"),
        ("desk (a first turn through the whole chain)", f"http://127.0.0.1:{settings.desk_port}/ready"),
    )
    for name, address in addresses:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own loopback addresses
                json.load(answer)
        except (urllib.error.URLError, OSError, ValueError):
            return name
    return ""
