"""Prism as a referee: it stands between a client and a server, and holds what both say against a specification."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.servers import installing, ports
from tests.servers.processes import Process

HOST = "127.0.0.1"
SPECS = Path(__file__).parents[3] / "shared" / "specs"
"""Vendors' own specifications, where somebody laid them beside the checkout."""

_CALL = re.compile(r"\[HTTP SERVER\] (\S+ \S+)")
_VIOLATION = re.compile(r"\[VALIDATOR\].*?Violation: (\S+) (.*)")
_UNKNOWN = "Selected route not found"


class Violation(NamedTuple):
    """Something the specification does not have so."""

    call: str
    """`post /messages/1`; of calls at the same time it may be the other."""
    where: str
    """`request.body.content`, `response`."""
    what: str


@dataclass(frozen=True, slots=True)
class Referee:
    """It passes everything on, wrong or not, and remembers what was wrong."""

    url: str
    """Instead of the server's; without a slash at the end."""
    _log: Path

    def violations(self) -> list[Violation]:
        """All so far, of calls that the specification has: of our requests and of the server's answers."""
        return [found for found in self._found() if found.what != _UNKNOWN]

    def unknown(self) -> list[str]:
        """The calls so far that the specification does not have."""
        return [found.call for found in self._found() if found.what == _UNKNOWN]

    def _found(self) -> Iterator[Violation]:
        call = ""
        for line in self._log.read_text().splitlines():
            if asked := _CALL.search(line):
                call = asked[1]
            elif found := _VIOLATION.search(line):
                yield Violation(call, found[1], found[2])


@contextmanager
def refereeing(spec: Path, upstream: str) -> Iterator[Referee]:
    """Start one for that OpenAPI file in front of that server; end it afterwards."""
    program = installing.folder("prism") / "node_modules" / ".bin" / "prism"
    folder, port = Path(tempfile.mkdtemp(prefix="td-")), ports.free(HOST)
    words = ["proxy", str(spec), upstream, "-h", HOST, "-p", str(port), "--cors", "false"]
    process = Process([str(program), *words], folder / "log")
    try:
        process.wait_for(lambda: ports.is_open(HOST, port))
        yield Referee(f"http://{HOST}:{port}", folder / "log")
    finally:
        process.stop()
        shutil.rmtree(folder, ignore_errors=True)
