"""What is in the program's memory stays there."""

import subprocess
import sys


def _said(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_a_process_that_holds_secrets_is_not_dumped_or_traced() -> None:
    code = (
        "import ctypes; from tuidesk.desk import memory; dumpable = lambda: ctypes.CDLL(None).prctl(3, 0, 0, 0, 0);"
        "before = dumpable(); memory.keep_private(); print(before, dumpable())"
    )
    assert _said(code).split() == ["1", "0"]


def test_a_crash_leaves_no_core_file() -> None:
    code = (
        "import resource, sys; sys.argv = ['tuidesk', '--help']; from tuidesk.__main__ import main; main();"
        "print('core', resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    assert _said(code).splitlines()[-1] == "core 0"
