"""The committed screenshots show the program as it is."""

import html
import re
import subprocess
import sys
from pathlib import Path

SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"


def words(svg: Path) -> list[str]:
    """The text of a screenshot, line by line."""
    found = re.findall(r'<text [^>]*\by="([^"]+)"[^>]*>([^<]*)</text>', svg.read_text("utf-8"))
    lines: dict[float, list[str]] = {}
    for y, text in found:
        lines.setdefault(float(y), []).append(html.unescape(text).replace("\xa0", " ").strip())
    return [" ".join(part for part in lines[y] if part) for y in sorted(lines)]


def test_they_are_not_stale(tmp_path: Path) -> None:
    subprocess.run([sys.executable, SCREENSHOTS / "make.py", "--svg", tmp_path], check=True, timeout=100)
    made = sorted(path.name for path in tmp_path.glob("*.svg"))
    assert made == sorted(path.name for path in SCREENSHOTS.glob("*.svg"))
    for name in made:
        assert words(tmp_path / name) == words(SCREENSHOTS / name), (
            f"run screenshots/make.py: {name} is stale"
        )
        assert (SCREENSHOTS / name).with_suffix(".png").stat().st_size > 50_000
