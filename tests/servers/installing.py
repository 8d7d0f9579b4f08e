"""`python -m tests.servers.installing [NAME ...]`: bring what the tests' own servers need onto this machine.

Whatever is there already costs milliseconds; the others are installed side by side. It runs before there is
a venv of the project, so it needs the standard library alone.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BASE = Path(os.environ.get("TUIDESK_SERVERS") or "/var/tmp/tuidesk-servers")
"""A folder a server lies below."""

_POLICY = Path("/usr/sbin/policy-rc.d")
_COMPILER = {"CFLAGS": "-O1", "CXXFLAGS": "-O1", "JOBS": "2"}
"""For packages that build a library of their own: half the time, and fast enough for tests."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What one server is made of, in the words of the package clients."""

    apt: tuple[str, ...] = ()
    pip: tuple[str, ...] = ()
    """Into a venv of its own, `FOLDER/venv`."""
    npm: tuple[str, ...] = ()
    """Into `FOLDER/node_modules`."""


SERVERS = {
    "synapse": Needs(pip=("matrix-synapse==1.163.2",)),
    "rt": Needs(apt=("postfix", "dbconfig-no-thanks", "request-tracker5", "rt5-db-sqlite", "rt5-standalone")),
    "atproto": Needs(apt=("postgresql-15",), npm=("@atproto/dev-env@0.3.215",)),
    "mastodon_mock": Needs(pip=("mastodon_mock==0.6.1",)),
    "telegram-test-api": Needs(npm=("telegram-test-api@4.2.1",)),
    "oauth2-mock-server": Needs(npm=("oauth2-mock-server@8.2.3",)),
    "prism": Needs(npm=("@stoplight/prism-cli@5.16.0",)),
}


def folder(name: str) -> Path:
    """Where that server's own files lie."""
    return BASE / name


def missing(name: str) -> str | None:
    """Why that server cannot be started here; None when it can."""
    return None if _is_whole(name) else f"needs `python -m tests.servers.installing {name}`"


def install(names: Sequence[str]) -> list[str]:
    """Install these servers as far as they are missing. Return the names of those that failed."""
    BASE.mkdir(parents=True, exist_ok=True)
    with _alone():
        wanted = [name for name in names if not _is_whole(name)]
        if not wanted:
            return []
        with ThreadPoolExecutor(len(wanted) + 1) as pool:
            packages = pool.submit(_apt, wanted)
            parts = {name: pool.submit(_own_part, name) for name in wanted}
            failed = [name for name, part in parts.items() if not part.result()]
            for name in wanted:
                if name not in failed and (packages.result() or not SERVERS[name].apt):
                    _marker(name).write_text(_pinned(name))
        return [name for name in wanted if not _is_whole(name)]


def _is_whole(name: str) -> bool:
    try:
        marked = _marker(name).read_text()
    except OSError:
        return False
    return marked == _pinned(name) and not _absent(SERVERS[name].apt)


def _marker(name: str) -> Path:
    return folder(name) / "installed"


def _pinned(name: str) -> str:
    needs = SERVERS[name]
    return "\n".join([*needs.apt, *needs.pip, *needs.npm, ""])


def _absent(packages: Sequence[str]) -> list[str]:
    """Those of Debian's packages that are not installed."""
    if not packages:
        return []
    query = ["dpkg-query", "-W", "-f=${Package} ${Status}\n", *packages]
    told = subprocess.run(query, capture_output=True, text=True, check=False).stdout.splitlines()
    there = {line.split()[0] for line in told if line.endswith(" ok installed")}
    return [package for package in packages if package not in there]


@contextmanager
def _alone() -> Iterator[None]:
    """Whoever comes second waits, and finds the work done."""
    with (BASE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _apt(names: Sequence[str]) -> bool:
    """Get the Debian packages of all of them at once; none of them starts a service of its own."""
    absent = _absent(sorted({package for name in names for package in SERVERS[name].apt}))
    if not absent:
        return True
    made = not _POLICY.exists()
    if made:
        _POLICY.write_text("#!/bin/sh\nexit 101\n")
        _POLICY.chmod(0o755)
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=600", "-qq"]
    get = [*apt, "install", "-y", "--no-install-recommends", *absent]
    try:
        with _timed("apt"):
            return _ran([*apt, "update"], BASE, BASE / "apt.log") and _ran(get, BASE, BASE / "apt.log")
    finally:
        if made:
            _POLICY.unlink()


def _own_part(name: str) -> bool:
    """Install what does not come from Debian into the server's folder, from the beginning."""
    needs, home = SERVERS[name], folder(name)
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    steps: list[list[str]] = []
    if needs.pip:
        steps += [[sys.executable, "-m", "venv", "venv"], ["venv/bin/pip", "install", "-q", *needs.pip]]
    if needs.npm:
        (home / "package.json").write_text('{"private": true}\n')
        steps.append(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *needs.npm])
    if not steps:
        return True
    with _timed(name):
        return all(_ran(step, home, home / "install.log") for step in steps)


def _ran(command: Sequence[str], home: Path, log: Path) -> bool:
    """Run it in that folder; what it says goes to `log`, and to whoever looks on when it fails."""
    environment = {**os.environ, **_COMPILER, "DEBIAN_FRONTEND": "noninteractive"}
    with log.open("ab") as said:
        ended = subprocess.run(
            command,
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            check=False,
        )
    if ended.returncode:
        print(f"servers: {' '.join(command)} failed:\n{log.read_text(errors='replace')[-2000:]}", flush=True)
    return not ended.returncode


@contextmanager
def _timed(name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"servers: {name} {time.monotonic() - began:.0f} s", flush=True)


def main(words: Sequence[str]) -> int:
    """Install the named servers, or all; 0 when every one of them is there."""
    unknown = [word for word in words if word not in SERVERS]
    if unknown:
        print(f"servers: not known: {' '.join(unknown)}; known: {' '.join(SERVERS)}")
        return 2
    failed = install(words or list(SERVERS))
    if failed:
        print(f"servers: not installed: {' '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
