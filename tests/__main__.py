"""`python -m tests`: every check, the tests last. More words go to pytest (`python -m tests -m long`)."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

_ROOT = Path(__file__).parent.parent


def _steps(words: list[str]) -> list[list[str]]:
    python = sys.executable
    steps = [
        [python, "-m", "ruff", "format", "--check", "."],
        [python, "-m", "ruff", "check", "."],
        [python, "-m", "mypy"],
        [python, "-m", "pytest", "-n", "4", "--dist", "loadgroup", *words],
    ]
    settings = tomllib.loads((_ROOT / "pyproject.toml").read_text())
    if "importlinter" in settings["tool"]:
        steps.insert(3, [str(Path(python).with_name("lint-imports"))])
    if os.environ.get("CI"):  # it waits for the one that the gate started in the background
        steps.insert(-1, [python, "-m", "tests.servers.installing"])
    return steps


def main() -> int:
    """Run all steps, whatever the earlier ones said; 0 only if every one was content."""
    failed = 0
    for step in _steps(sys.argv[1:]):
        name = " ".join([Path(step[0]).name, *step[1:]])
        print(f"== {name}", flush=True)
        if subprocess.run(step, cwd=_ROOT, stdin=subprocess.DEVNULL, check=False).returncode != 0:
            failed += 1
            print(f"== failed: {name}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
