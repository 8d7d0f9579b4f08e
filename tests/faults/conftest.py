"""The program, copied once for all tests of faults."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.program import Program, copy_program, open_folder


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    with open_folder() as folder:
        yield copy_program(folder)


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder for one test's homes and disks, that everybody may enter."""
    with open_folder() as folder:
        yield folder
