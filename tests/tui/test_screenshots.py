"""The committed screenshots show the program as it is; what they show is whole, and is told by more than colour."""

import html
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tuidesk.domain.text import width

SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
sys.path.insert(0, str(SCREENSHOTS))

from make import LANGUAGES, SIZES, names, scene_names  # noqa: E402
from scenes import SCENES  # noqa: E402

FOLDERS = [f"{language}/{columns}x{lines}" for language in LANGUAGES for columns, lines in SIZES]
_CELL, _LINE, _TOP = 12.2, 24.4, 20.0
_TEXT = re.compile(r'<text class="terminal-r\d+" x="([^"]+)" y="([^"]+)"[^>]*>([^<]*)</text>')


@cache
def words(svg: Path) -> tuple[str, ...]:
    """The text of a screenshot, line by line, each sign in its column."""
    lines: dict[int, str] = {}
    for x, y, said in _TEXT.findall(svg.read_text("utf-8")):
        row, column = round((float(y) - _TOP) / _LINE), round(float(x) / _CELL)
        so_far = lines.get(row, "")
        lines[row] = so_far + " " * (column - width(so_far)) + html.unescape(said).replace("\xa0", " ")
    return tuple(lines.get(row, "").rstrip() for row in range(max(lines) + 1))


def standing(svg: Path) -> list[str]:
    """The same without the seconds that a reply is still held, which run whatever the clock says."""
    return [
        " ".join(re.sub(r"(leaves in )\d+|\d+(초 뒤 발송: z)", r"\1\2", line).split()) for line in words(svg)
    ]


def boxes(lines: tuple[str, ...]) -> list[str]:
    """What stands in a dialog, line by line, from border to border; panes have no corners."""
    cells = [[part for sign in line for part in (sign, *[""] * (width(sign) - 1))] for line in lines]
    found = []
    for top, row in enumerate(cells):
        if "┌" in row and "┐" in row:
            left, right = row.index("┌"), row.index("┐")
            for below in cells[top + 1 :]:
                if below[left : left + 1] != ["│"]:
                    break
                found.append("".join(below[left + 1 : right]))
    return found


@pytest.mark.timeout(480)
def test_they_are_not_stale(tmp_path: Path) -> None:
    stale: set[Path] | None = None
    for folder in (tmp_path / "once", tmp_path / "again"):
        # a picture that was taken while the machine was busy may be one of a moment before
        subprocess.run([sys.executable, SCREENSHOTS / "make.py", "--svg", folder], check=True, timeout=220)
        made = {path.relative_to(folder) for path in folder.rglob("*.svg")}
        there = {path.relative_to(SCREENSHOTS) for path in SCREENSHOTS.rglob("*.svg")}
        assert made == there - {Path("services-120x36.svg")}  # made by services.py, with servers
        differ = {name for name in made if standing(folder / name) != standing(SCREENSHOTS / name)}
        stale = differ if stale is None else stale & differ
        if not stale:
            break
    assert not stale, "run screenshots/make.py"
    for readme in names():
        assert (SCREENSHOTS / f"{readme}.png").stat().st_size > 50_000


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_wider_than_the_screen(folder: str) -> None:
    columns = int(folder.split("/")[1].split("x")[0])
    for name in scene_names():
        for line in words(SCREENSHOTS / folder / f"{name}.svg"):
            assert width(line) <= columns, (name, line)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_line_of_a_dialog_runs_into_its_border(folder: str) -> None:
    """What does not fit is wrapped, or ends in `…`; before the border there is a column, or a line that is full."""
    assert boxes(words(SCREENSHOTS / folder / "bulk.svg"))
    for name in scene_names():
        for line in boxes(words(SCREENSHOTS / folder / f"{name}.svg")):
            assert line.endswith((" ", "─", "…")) or "  " in line.strip(), (name, line)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_control_sign_is_drawn(folder: str) -> None:
    for name in scene_names():
        for line in words(SCREENSHOTS / folder / f"{name}.svg"):
            assert not re.search(r"[\x00-\x1f\u2400-\u2426\ufffd]", line), (name, line)


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_keys_of_the_composer_are_whole(folder: str) -> None:
    leave = {"en": "Esc leave", "ko": "Esc 나가기"}[folder[:2]]
    for name in ("note", "reply", "start", "public", "guard"):
        assert any(leave in line for line in words(SCREENSHOTS / folder / f"{name}.svg")), name


@pytest.mark.parametrize("folder", FOLDERS)
def test_scenes_differ_without_colour(folder: str) -> None:
    """A mark, a note, a public reply, a failure: each is said in signs or words."""
    for scene in SCENES:
        if scene.differs:
            one, other = (SCREENSHOTS / folder / f"{name}.svg" for name in (scene.name, scene.differs))
            assert words(one) != words(other), scene.name
    marked = words(SCREENSHOTS / folder / "marks.svg")
    assert sum(line[1:2] == "x" or line[2:3] == "x" for line in marked) == 3
    note, reply, public = (
        "\n".join(words(SCREENSHOTS / folder / f"{name}.svg")) for name in ("note", "reply", "public")
    )
    said = {"en": ("NOTE", "REPLY", "PUBLIC"), "ko": ("메모, 팀 전용", "고객에게 답장", "공개 답장")}[
        folder[:2]
    ]
    assert f":: {said[0]}" in note
    assert f"= {said[1]}" in reply
    assert f"= {said[2]}" in public
    assert f"= {said[1]}" not in note
    assert f"= {said[2]}" not in reply
