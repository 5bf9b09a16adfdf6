"""How long the system takes to be ready, and the memory of each process: the README's table.

    .venv/bin/python -m benchmarks.start_up

Times are of one machine at one moment; the memory figures move little. Linux only (reads /proc).
"""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path

from tests.support.system import System

PROCESSES = ("desk", "bot", "actions", "relay", "inbox")


def resident_mib(pid: int) -> float:
    """Resident memory of one process, MiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def main() -> None:
    """Start twice (the second start finds its accounts and keys), print one table."""
    with tempfile.TemporaryDirectory() as folder:
        times, memory = [], {}
        for _ in range(2):
            system = System(Path(folder))
            began = time.monotonic()
            system.start()
            times.append(time.monotonic() - began)
            memory = {name: resident_mib(system.pid(name)) for name in PROCESSES}
            system.stop()
    print(f"ready after {times[0]:.0f} s (first start), {times[1]:.0f} s (second start)")
    print("| process | memory, MiB |\n|---|---|")
    for name, mib in memory.items():
        print(f"| {name} | {mib:.0f} |")
    print(f"| all | {sum(memory.values()):.0f} |")


if __name__ == "__main__":
    main()
