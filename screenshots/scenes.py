"""What the screenshots show: for each the keys that lead there, from the queue.

A step is a key by Textual's name; words to type, behind a `"`; or something done to the screen. After each the screen
comes to rest.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from textual.pilot import Pilot

from tuidesk.tui.app import DeskApp
from tuidesk.tui.widgets.after_send import AfterSend

Deed = Callable[[DeskApp, Pilot[int]], Awaitable[None]]
Step = str | Deed

REPLY = (
    "Hi Dana,\n\nI am sorry about the wait. Billing confirms that the refund of order 8841 leaves today, and you "
    "will see it on your account on Monday."
)
CANNED = '''
[greeting]
shortcut = "hi"
title = "Greeting"
body = "Hi {{contact.first_name|there}},"

[refund-late]
shortcut = "rl"
title = "Refund is late"
tags = ["refund"]
body = """
{{canned:greeting}}

I am sorry about order {{ask:order number}}. We offer a {{choose:refund,replacement}}.
"""
then = { tag = ["refund"], status = "pending" }

[received]
shortcut = "in"
title = "We have it"
body = "Thank you, we have your message and look into it today."

[refund-ko]
shortcut = "ko"
title = "환불 안내"
language = "ko"
body = "안녕하세요, {{contact.first_name|고객}}님. 환불은 영업일 기준 3일 안에 처리됩니다."

[junk]
title = "Junk"
then = { tag = ["junk"], status = "complete" }
'''


@dataclass(frozen=True)
class Scene:
    name: str
    steps: tuple[Step, ...] = ()
    differs: str = ""
    """The scene that it must not be mistaken for, without colour."""


def at(name: str, medium: str = "mail") -> Deed:
    """The mark at the conversation of this customer."""

    async def go(app: DeskApp, _: Pilot[int]) -> None:
        queue = app.desk_screen.queue
        rows = queue.picture.rows.values() if queue.picture is not None else ()
        queue.go_to(next(row.n for row in rows if row and (row.name, row.medium) == (name, medium)))

    return go


def text(words: str) -> Deed:
    """What is being written."""

    async def put(app: DeskApp, _: Pilot[int]) -> None:
        app.desk_screen.composer.put(words)

    return put


async def lock(app: DeskApp, _: Pilot[int]) -> None:
    app.lock()


async def held_for(app: DeskApp, _: Pilot[int]) -> None:
    """The seconds for which a reply is still held back stand still: else they say how quick this machine is."""
    after = app.desk_screen.composer.query_one(AfterSend)
    after.stop()
    after._left = 9
    after.refresh()


async def history(app: DeskApp, pilot: Pilot[int]) -> None:
    """The keys go to the customer."""
    await pilot.press("tab" if app.desk_screen.panes == "three" else "h")


async def suggestion(app: DeskApp, pilot: Pilot[int]) -> None:
    """The mark at who may be the same person."""
    pane = app.desk_screen.customer
    for _ in range(30):
        await pilot.press("k")
    for _ in range(60):
        if pane.current is not None and pane.current.kind == "suggestion":
            return
        await pilot.press("j")


DANA = at("Dana Ortiz")

READING = (
    Scene("queue", ("j", "j")),
    Scene("queue-turned", ("j", "j", "v"), differs="queue"),
    Scene("prefix", ("g",)),
    Scene("marks", ("x", "j", "x", "j", "x"), differs="queue"),
    Scene("bulk", ("asterisk", "a", "e")),
    Scene("prefix-marks", ("asterisk",)),
    Scene("tags", (DANA, "l")),
    Scene("tags-typed", (DANA, "l", '"wai')),
    Scene("assign", (DANA, "a")),
    Scene("priority", (DANA, "P")),
    Scene("snooze", (DANA, "b")),
    Scene("snooze-mistake", (DANA, "b", '"whenever', "enter")),
    Scene("pending", (DANA, "p")),
    Scene("spam", (DANA, "exclamation_mark")),
    Scene("search", ("slash", '"is:opne refund')),
    Scene("search-completed", ("slash", '"is:', "tab")),
    Scene("search-results", ("slash", '"refund is:open', "enter")),
    Scene("search-nothing", ("slash", '"zebra', "enter")),
    Scene("empty", ("g", "d")),
    Scene("palette", ("colon",)),
    Scene("palette-argument", ("colon", '"snooze tomorrow 9')),
    Scene("help", ("question_mark",)),
    Scene("accounts", ("g", "a")),
    Scene("thread", (DANA, "enter")),
    Scene("thread-cjk", (at("Jun Park", "whatsapp"), "enter")),
    Scene("thread-files", (at("Grace Okafor", "messenger"), "enter")),
    Scene("source-missing", (DANA, "enter", "v")),
    Scene("why", (at("Marek Novák"), "w")),
    Scene("late", ("g", "l")),
    Scene("report", ("g", "t")),
    Scene("report-pictures", ("g", "t", "3", "tab"), differs="report"),
    Scene("report-definition", ("g", "t", "j", "j", "enter")),
    Scene("failed", (at("Ivy Chen"), "enter"), differs="thread"),
    Scene("pipe", (DANA, "vertical_line")),
    Scene("output", (DANA, "vertical_line", '"head -n 12', "enter")),
    Scene("customer", (DANA, "enter", history)),
    Scene("customer-note", (DANA, "enter", history, "N")),
    Scene("same-person", (DANA, "enter", history, suggestion, "enter")),
    Scene("quit", ("q",)),
    Scene("canned", (DANA, "m")),
    Scene("canned-preview", (DANA, "m", '"late')),
    Scene("canned-ask", (DANA, "m", '"late', "enter")),
    Scene("canned-choose", (DANA, "m", '"late', "enter", '"8841', "enter")),
)
WRITING = (
    Scene("start", ("c",)),
    Scene("forward", (at("Marek Novák"), "f")),
    Scene(
        "note",
        (at("Omar Haddad"), "n", text("Billing says that the second charge is a hold. Sam has the file.")),
    ),
    Scene("reply", (DANA, "r", text(REPLY)), differs="note"),
    Scene("route", (DANA, "r", "ctrl+r")),
    Scene("attach", (DANA, "r", "ctrl+f")),
    Scene("help-composer", (DANA, "r", "ctrl+g")),
    Scene("public", (at("Nils Aalto", "forum"), "r", text("It does."), "ctrl+s"), differs="reply"),
    Scene("guard", (at("Omar Haddad"), "r", text("The form is attached."), "ctrl+s")),
    Scene("after-send", (DANA, "r", "ctrl+s", held_for)),
    Scene("quit-sending", ("q",)),
    Scene("handover", ("colon", '"handover', "enter", "down", "enter")),
    Scene("lock", (lock,)),
)
PARTS = (READING, WRITING)
"""Each is stepped through in one run of the screen."""
SCENES = READING + WRITING
