"""What a process leaves behind when it crashes: nothing of its memory, in which there is what somebody typed."""

from __future__ import annotations

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4  # <linux/prctl.h>


def leave_no_core() -> None:
    """Switch core dumps off for this process, and for those it starts.

    Linux hands a core to a collector (systemd-coredump, apport) whatever the limit says; there the process is marked
    as one that is never dumped, which also keeps other programs of the same user out of its memory. A process that
    is started from here must call this for itself: starting takes the mark away.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
