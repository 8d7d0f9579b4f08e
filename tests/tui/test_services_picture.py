"""The picture with every service in it is of the program as it is, on servers that run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import installing
from tests.servers.fixtures import need
from tests.tui.test_screenshots import SCREENSHOTS, words

sys.path.insert(0, str(SCREENSHOTS))

from services import NAME


def _timeless(svg: Path) -> list[str]:
    """Its words without numbers, which are of the moment, and the blanks they move."""
    return [" ".join(re.sub(r"\d+", "#", line).split()) for line in words(svg)]


@pytest.mark.servers
@pytest.mark.xdist_group("services")
@pytest.mark.timeout(240)
def test_it_is_not_stale(tmp_path: Path) -> None:
    for name in installing.SERVERS:
        need(installing.missing(name))
    subprocess.run([sys.executable, SCREENSHOTS / "services.py", "--svg", tmp_path], check=True, timeout=200)
    assert _timeless(tmp_path / f"{NAME}.svg") == _timeless(SCREENSHOTS / f"{NAME}.svg"), (
        "run screenshots/services.py"
    )
    assert (SCREENSHOTS / f"{NAME}.png").stat().st_size > 50_000
