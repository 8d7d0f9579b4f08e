"""A user without rights, and an interpreter that this user can start."""

import os
import shutil
import subprocess
import sys
from functools import cache

import pytest

NOBODY = 65534


@cache
def python_for(user: int | None) -> str:
    """An interpreter of this version that `user` can start; None is whoever runs the tests.

    A virtual environment, and the interpreter that it was made from, may lie where only their owner can look.
    """
    version = f"python3.{sys.version_info.minor}"
    for candidate in (
        os.path.realpath(sys.executable),
        shutil.which(version, path="/usr/bin:/usr/local/bin"),
    ):
        if candidate is None:
            continue
        try:
            subprocess.run([candidate, "-I", "-c", ""], user=user, check=True, capture_output=True, cwd="/")
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    pytest.skip(f"user {user} cannot start {sys.executable}: it lies in a folder that is closed to others")
