"""What is in our memory stays there: no core file, and no other process of the user's reads it."""

import ctypes
import sys

_PR_SET_DUMPABLE = 4
"""prctl(2)."""


def keep_private() -> None:
    """Say to the kernel that this process is not to be dumped or traced. Linux only; elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
