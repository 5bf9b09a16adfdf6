"""A process that crashes leaves nothing of its memory behind."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECRET = "Zebedeth Quillingworth"

# Any command will do: all of them start in the same way.
_PROTECTED = "from thinkfamily.cli import main; main(['account', '--help'], standalone_mode=False)"
_CRASH = "import os, signal; words = ' '.join(['Zebedeth', 'Quillingworth']); os.kill(os.getpid(), {number})"


def _allow_cores() -> None:
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def crash(folder: Path, before: str, number: int) -> subprocess.CompletedProcess[bytes]:
    """A process in ``folder`` that may dump core, does ``before``, and is ended by a signal."""
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", f"{before}\n{_CRASH.format(number=number)}"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=_allow_cores,
        capture_output=True,
        check=False,
    )


def left(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV], ids=["abort", "segfault"])
def test_a_crash_leaves_no_core(tmp_path: Path, number: signal.Signals) -> None:
    done = crash(tmp_path, _PROTECTED, number)
    assert done.returncode == -number
    assert left(tmp_path) == {}
    assert b"Current thread" in done.stderr  # what faulthandler writes: places, no values
    assert b"Zebedeth" not in done.stderr


def test_without_protection_a_core_with_the_words_is_left(tmp_path: Path) -> None:
    """The test above could not fail on a machine that writes no cores: this one says so."""
    pattern = Path("/proc/sys/kernel/core_pattern")
    if not pattern.exists() or pattern.read_text(encoding="utf-8").startswith(("|", "/")):
        pytest.skip("this machine writes no core into the working folder")
    if resource.getrlimit(resource.RLIMIT_CORE)[1] != resource.RLIM_INFINITY:
        pytest.skip("cores are switched off for this test run")
    assert crash(tmp_path, "", signal.SIGABRT).returncode == -signal.SIGABRT
    assert SECRET.encode() in b"".join(left(tmp_path).values())


def test_it_is_never_dumped_whatever_collects_dumps() -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux has collectors that pass the limit by")
    program = f"{_PROTECTED}\nimport ctypes, resource\n"
    program += "print('state', ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "state 0 0 0"
