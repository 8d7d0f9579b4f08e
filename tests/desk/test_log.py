"""The log where it cannot be written."""

import errno
import io
import logging
from pathlib import Path

import pytest

from tests.config.files import home
from tuidesk.desk import log


class _Full(io.StringIO):
    def write(self, text: str) -> int:  # noqa: ARG002 - as every stream's
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_log_on_a_full_disk_writes_nothing_over_the_screen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    paths = home(tmp_path / "home")
    paths.make()
    root = logging.getLogger()
    before = list(root.handlers)
    log.start(paths)
    (handler,) = (handler for handler in root.handlers if handler not in before)
    assert isinstance(handler, logging.StreamHandler)
    try:
        kept = handler.setStream(_Full())
        assert kept is not None
        kept.close()
        logging.getLogger("tuidesk.account.shop").error("stored nothing")
    finally:
        root.removeHandler(handler)
        handler.close()
    assert capfd.readouterr().err == ""
