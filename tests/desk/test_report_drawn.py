"""The page of a report in a browser: it asks nobody, nothing sticks out, and it prints."""

import json
import re
from html import escape, unescape

import pytest

from tests.desk import reported
from tests.desk.browser import Browser, browser
from tests.desk.test_report_html import HOSTILE, page
from tuidesk.words import LANGUAGES

__all__ = ["browser"]

_CANARY = "http://canary.example/x.png"
_WIDTHS = {"phone": 375, "tablet": 768, "desk": 1280, "paper": 695}
"""In CSS pixels; paper is A4 less its margins."""
_LOOK = """
<script>
const found = {};
function look(frame) {
  const page = frame.contentDocument, root = page.documentElement, wrong = [];
  const say = (what, node) => wrong.push(what + ": " + node.textContent.trim().slice(0, 40));
  if (root.scrollWidth > root.clientWidth) wrong.push("the page is wider than its window");
  const paper = frame.title.endsWith("paper");
  for (const node of page.body.querySelectorAll("*")) {
    const box = node.getBoundingClientRect();
    if ((paper || !node.closest(".wide")) && box.right > root.clientWidth + 1) say("sticks out", node);
  }
  for (const cell of page.querySelectorAll(".heat td, .heat th"))
    if (cell.scrollWidth > cell.clientWidth + 1) say("wider than its cell", cell);
  for (const drawing of page.querySelectorAll("svg")) {
    const whole = drawing.getBoundingClientRect();
    const texts = [...drawing.querySelectorAll("text")];
    const boxes = texts.map(text => text.getBoundingClientRect());
    boxes.forEach((box, at) => {
      if (box.left < whole.left - 1 || box.right > whole.right + 1 || box.top < whole.top - 2
          || box.bottom > whole.bottom + 2) say("outside the picture", texts[at]);
      boxes.slice(at + 1).forEach((other, more) => {
        const wide = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        const high = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
        if (wide > 1 && high > 5) say("over each other", texts[at]);
      });
    });
  }
  found[frame.title] = wrong;
}
window.onload = () => {
  document.querySelectorAll("iframe").forEach(look);
  const told = document.createElement("pre");
  told.id = "told";
  told.textContent = JSON.stringify(found);
  document.body.replaceChildren(told);
};
</script>
"""


def _seen(browser: Browser, pages: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong with each page at each width."""
    frames = []
    for name, text in pages.items():
        for place, width in _WIDTHS.items():
            shown = text.replace("@media print", "@media all") if place == "paper" else text
            frames.append(
                f'<iframe title="{name} {place}" srcdoc="{escape(shown)}" '
                f'style="width: {width}px; height: 900px; border: 0"></iframe>'
            )
    dom = browser.read(f"<!DOCTYPE html><meta charset=utf-8><body>{''.join(frames)}{_LOOK}</body>")
    told = re.search('<pre id="told">(.*?)</pre>', dom, re.DOTALL)
    assert told is not None
    found: dict[str, list[str]] = json.loads(unescape(told[1]))
    assert len(found) == len(frames)
    return {name: wrong for name, wrong in found.items() if wrong}


def test_nothing_sticks_out_in_any_language(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {}
    for language in LANGUAGES:
        monkeypatch.setattr("tuidesk.words._language", language)
        pages[language] = page(reported.report("support", "shop", by="account"))
        pages[f"{language}, long"] = page(drawn=reported.pictures(weeks=104))
    assert _seen(browser, pages) == {}


def test_nothing_that_customers_write_sticks_out(browser: Browser) -> None:
    long = "W" * 5_000
    pages = {
        "words": page(reported.report(long, by="tag"), reported.pictures(hostile=long)),
        "signs": page(reported.report(by="tag"), reported.pictures(hostile="".join(HOSTILE))),
    }
    assert _seen(browser, pages) == {}


def test_what_sticks_out_would_be_seen(browser: Browser) -> None:
    wide = page().replace("overflow-wrap: anywhere", "").replace("Dana was quick", "W" * 500)
    assert any(name.startswith("wide") for name in _seen(browser, {"wide": wide}))


def test_it_asks_nobody(browser: Browser) -> None:
    hostile = f'<img src="{_CANARY}"><script src="{_CANARY}"></script><style>@import "{_CANARY}"</style>'
    browser.read(page(reported.report(hostile, by="tag"), reported.pictures(hostile=hostile)))
    assert [one for one in browser.asked if "canary" in one] == []
    browser.read(f'<!DOCTYPE html><img src="{_CANARY}">')
    assert _CANARY in browser.asked


def test_its_own_rules_keep_it_from_asking(browser: Browser) -> None:
    """Even if something had got into it."""
    broken = page().replace(
        "<header>",
        f'<header><img src="{_CANARY}"><style>body {{ background: url({_CANARY}) }}</style>'
        f'<script>document.title = "ran"</script>',
    )
    dom = browser.read(broken)
    assert "<title>ran" not in dom
    assert [one for one in browser.asked if "canary" in one] == []


def test_it_prints_on_a4(browser: Browser) -> None:
    pdf = browser.printed(page(reported.report("support", "shop", by="account")))
    boxes = {
        tuple(round(float(number)) for number in box.split())
        for box in re.findall(rb"/MediaBox \[(.*?)\]", pdf)
    }
    assert boxes == {(0, 0, 595, 842)}
    assert 5 <= len(re.findall(rb"/Type /Page\b(?!s)", pdf)) <= 9
