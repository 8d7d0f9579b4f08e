"""The report that is on the screen, as a file."""

from datetime import tzinfo
from pathlib import Path

from tuidesk.desk import download
from tuidesk.desk.desk import Desk
from tuidesk.tui import when
from tuidesk.tui.screens.report_counts import Counted
from tuidesk.tui.screens.report_figures import span


def save_page(desk: Desk, counted: Counted, zone: tzinfo | None) -> Path:
    """One HTML page, where attachments are saved. Waits for the disk.

    Raises:
        TuideskError: the disk refuses.
    """
    from tuidesk.desk.report_html import html  # its templates take a while to load

    assert counted.pictures is not None
    name = "" if zone is None else str(zone)
    made = html(counted.report, counted.pictures, span=span, zone=zone, zone_name=name, made=desk.clock.now())
    since, until = (when.local(at, zone) for at in (counted.range.since, counted.range.until - 1))
    return download.keep(desk, f"report-{since:%Y-%m-%d}-{until:%Y-%m-%d}.html", made.encode())
