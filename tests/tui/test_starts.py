"""`c` and `f` on the screen: by which account, in which medium, and to whom a conversation begins."""

import asyncio
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.tui.desks import keys, screen, text, until
from tests.tui.run import on_screen
from tests.tui.shops import account, ledger, question, shop
from tests.tui.test_canned import picker
from tests.tui.test_routes import caught_up
from tuidesk.config.paths import Paths
from tuidesk.desk import read
from tuidesk.tui.app import DeskApp
from tuidesk.tui.keyboard import DEAF_S

DANA = {"name": "Dana", "handle": "dana@ortiz.example"}
KIM = {"name": "Kim", "handle": "+821055500117"}
ORDER = {"name": "order news", "text": "Your order is late.", "template": "HX1", "media": ["whatsapp"]}


def add(paths: Paths, folder: Path, name: str, *told: dict[str, Any], **caps: Any) -> None:
    """One more account."""
    file = paths.accounts / f"{name}.toml"
    file.write_text(account(folder, *told, name=name, **caps))
    file.chmod(0o600)


def phone(folder: Path, **caps: Any) -> Paths:
    """A telephone, on which Kim has written, and nothing else."""
    told = question(1, medium="whatsapp", **{"from": KIM})
    able = {"media": ["sms", "whatsapp"], "max_length": 20, "unit": "utf16", **caps}
    return shop(folder, told, name="phone", **able)


def several(folder: Path) -> Paths:
    """The telephone, mail, a chat, and an account that only answers."""
    paths = phone(folder, windows={"whatsapp": 3600}, canned=[ORDER])
    add(paths, folder, "support", question(2, medium="mail", **{"from": DANA}), media=["mail"])
    add(paths, folder, "rooms", question(3, medium="chat", **{"from": {"name": "Lee", "handle": "@lee:x.org"}}),
        media=["chat"])  # fmt: skip
    add(paths, folder, "answers", question(4, medium="form"), performs=["reply"])
    return paths


async def at_customer(app: DeskApp, pilot: Pilot[int], name: str) -> None:
    """The customer of that name is looked at, and every account is known."""
    await caught_up(app, len(app.desk.accounts))
    await keys(pilot, "g", "r")
    queue = app.desk_screen.queue
    for _ in range(10):
        await until(lambda: queue.row is not None)
        if queue.row is not None and queue.row.name == name:
            break
        await keys(pilot, "j")
    await until(lambda: queue.row is not None and queue.row.name == name)


async def begin(app: DeskApp, pilot: Pilot[int]) -> None:
    composer = app.desk_screen.composer
    await keys(pilot, "c")
    await until(lambda: composer.is_open and composer.has_focus_within)


def flat(app: DeskApp) -> str:
    """What the screen shows, without its borders and the ends of its lines."""
    return " ".join(word for word in text(app).split() if word.isascii())


async def into_text(app: DeskApp, pilot: Pilot[int], words: str) -> None:
    app.desk_screen.composing.focus()
    await keys(pilot, *words)


@on_screen
async def test_one_medium_is_the_accounts_own_with_its_number_and_its_limits(tmp_path: Path) -> None:
    async with screen(phone(tmp_path, media=["sms"])) as (app, pilot):
        await at_customer(app, pilot, "Kim")
        await begin(app, pilot)
        shown = text(app)
        assert "phone, sms" in shown
        assert "via sms" in shown
        assert "20 chars left" in shown
        assert "leaves 5 s after send" in shown
        assert "Cc" not in shown
        assert "Subject" not in shown
        assert "< > choose" not in shown
        await keys(pilot, *"dana@b.example")
        await into_text(app, pilot, "Hello")
        await keys(pilot, "ctrl+s")
        await until(lambda: "is no telephone number" in flat(app))
        assert ledger(tmp_path, "phone") == []


@on_screen
async def test_who_is_looked_at_is_offered_as_they_are_called_there(tmp_path: Path) -> None:
    async with screen(phone(tmp_path, media=["sms"])) as (app, pilot):
        await at_customer(app, pilot, "Kim")
        await begin(app, pilot)
        await until(lambda: "Right takes Kim <+821055500117>" in text(app))
        assert app.desk_screen.composer.written().to == "", "nobody is written to who was not chosen"
        await keys(pilot, "right")
        assert app.desk_screen.composer.written().to == "Kim <+821055500117>"
        await into_text(app, pilot, "We called you")
        await keys(pilot, "ctrl+s")
        await until(lambda: len(app.desk.read(read.page, "all", 0, 9).result()) == 2)
        begun = max(app.desk.read(read.page, "all", 0, 9).result(), key=lambda row: row.n)
        assert (begun.account, begun.medium, begun.name) == ("phone", "sms", "Kim")


@on_screen
async def test_left_and_right_go_through_accounts_and_media_and_only_those_that_can(tmp_path: Path) -> None:
    async with screen(several(tmp_path)) as (app, pilot):
        composer = app.desk_screen.composer
        await at_customer(app, pilot, "Dana")
        await begin(app, pilot)
        await until(lambda: "support, mail" in text(app))  # by which Dana can be written to
        assert "Subject" in text(app)
        await keys(pilot, "right", "shift+tab")
        assert composer.written().to == "Dana <dana@ortiz.example>"
        seen = {(composer.account, composer.medium)}
        for _ in range(4):
            await keys(pilot, "right")
            seen.add((composer.account, composer.medium))
        assert seen == {("support", "mail"), ("rooms", "chat"), ("phone", "sms"), ("phone", "whatsapp")}
        assert composer.written().to == "Dana <dana@ortiz.example>", "round and back"
        await keys(pilot, "right")
        assert composer.written().to == "", "what Dana is called by mail is nobody elsewhere"


@on_screen
async def test_ctrl_r_lists_the_ways_with_their_limits_and_takes_who_is_offered(tmp_path: Path) -> None:
    async with screen(several(tmp_path), (80, 24)) as (app, pilot):
        composer = app.desk_screen.composer
        await at_customer(app, pilot, "Kim")
        await begin(app, pilot)
        assert (composer.account, composer.medium) == ("phone", "sms")
        await keys(pilot, "ctrl+r")
        await until(lambda: "By which way does it begin?" in text(app))
        assert "whatsapp to Kim <+821055500117>, via phone, templates" in flat(app)
        assert "via answers" not in text(app)
        await asyncio.sleep(DEAF_S + 0.1)
        await keys(pilot, "2")
        await until(lambda: composer.medium == "whatsapp")
        assert composer.written().to == "Kim <+821055500117>"
        kept = app.desk.read
        await until(lambda: kept(read.draft, 0, "start").result() is not None)
        draft = kept(read.draft, 0, "start").result()
        assert draft is not None
        assert (draft.account, draft.medium) == ("phone", "whatsapp")
        await keys(pilot, "escape")
        await until(lambda: not composer.is_open)
        await begin(app, pilot)
        assert (composer.account, composer.medium) == ("phone", "whatsapp"), "as it was left"


@on_screen
async def test_beyond_its_window_only_a_template_begins(tmp_path: Path) -> None:
    paths = phone(tmp_path, media=["whatsapp"], max_length=60, windows={"whatsapp": 3600}, canned=[ORDER])
    async with screen(paths) as (app, pilot):
        await at_customer(app, pilot, "Kim")
        await begin(app, pilot)
        await until(lambda: "only templates are taken" in flat(app))  # before anything is typed
        await keys(pilot, "right")
        await into_text(app, pilot, "hello")
        await keys(pilot, "ctrl+s")
        await until(lambda: "takes nothing but a template (order news)" in flat(app))
        assert app.desk_screen.composer.text == "hello"
        await keys(pilot, "ctrl+u", "ctrl+t")
        await until(lambda: "templates first" in text(app))
        await until(lambda: "order news" in text(app))
        dialog = await picker(app)
        await until(lambda: bool(dialog._found))
        await keys(pilot, "enter")
        await until(lambda: app.desk_screen.composer.text == "Your order is late.")
        await keys(pilot, "ctrl+s")
        await until(lambda: len(ledger(tmp_path, "phone")) == 1)
        (sent,) = ledger(tmp_path, "phone")
        assert (sent["type"], sent["medium"], sent["template"]) == ("start", "whatsapp", "HX1")


@on_screen
async def test_without_templates_a_window_is_asked_about_and_a_long_text_is_refused(tmp_path: Path) -> None:
    async with screen(phone(tmp_path, media=["whatsapp"], windows={"whatsapp": 3600})) as (app, pilot):
        await at_customer(app, pilot, "Kim")
        await begin(app, pilot)
        await keys(pilot, "right")
        await into_text(app, pilot, "far more than twenty signs")
        assert "6 TOO MANY" in text(app)
        await keys(pilot, "ctrl+s")
        await until(lambda: "it will most likely be refused" in flat(app))
        await keys(pilot, "ctrl+s")
        await until(lambda: "6 longer than the 20 that whatsapp takes" in flat(app))
        assert ledger(tmp_path, "phone") == []


@on_screen
async def test_a_chat_takes_any_name_without_blanks_and_has_no_subject(tmp_path: Path) -> None:
    told = question(1, medium="chat", **{"from": {"name": "Lee", "handle": "@lee:x.org"}})
    async with screen(shop(tmp_path, told, name="rooms", media=["chat"])) as (app, pilot):
        await at_customer(app, pilot, "Lee")
        await begin(app, pilot)
        await keys(pilot, *"two words")
        await into_text(app, pilot, "Hello")
        await keys(pilot, "ctrl+s")
        await until(lambda: "has a blank in it" in flat(app))
        await keys(pilot, "ctrl+u", *"@dana:example.org", "ctrl+s")
        await until(lambda: len(ledger(tmp_path, "rooms")) == 1)
        (sent,) = ledger(tmp_path, "rooms")
        assert (sent["medium"], [who["handle"] for who in sent["to"]]) == ("chat", ["@dana:example.org"])
        assert "subject" not in sent


@on_screen
async def test_where_no_account_can_begin_one_c_says_so(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, performs=["reply"])) as (app, pilot):
        await caught_up(app, 1)
        await keys(pilot, "c")
        await until(lambda: "No account that was reached so far can begin a conversation." in text(app))
        assert not app.desk_screen.composer.is_open


@on_screen
async def test_f_goes_by_the_mail_of_another_account_and_says_what_goes_along(tmp_path: Path) -> None:
    async with screen(several(tmp_path)) as (app, pilot):
        composer = app.desk_screen.composer
        await at_customer(app, pilot, "Customer 4")
        await keys(pilot, "f")
        await until(lambda: composer.is_open and composer.has_focus_within)
        assert "via mail, as support" in text(app)
        assert "quotes what Customer 4 wrote at " in text(app)
        await keys(pilot, *"legal@ortiz.example")
        await into_text(app, pilot, "Yours?")
        await keys(pilot, "ctrl+s")
        await until(lambda: len(app.desk.read(read.page, "all", 0, 9).result()) == 5)
        sent = max(app.desk.read(read.page, "all", 0, 9).result(), key=lambda row: row.n)
        assert (sent.account, sent.medium, sent.handle) == ("support", "mail", "legal@ortiz.example")


@on_screen
async def test_f_says_before_anything_is_typed_that_no_account_can(tmp_path: Path) -> None:
    async with screen(shop(tmp_path, performs=["reply"])) as (app, pilot):
        await at_customer(app, pilot, "Customer 1")
        await keys(pilot, "f")
        await until(lambda: "cannot be passed on: no account here can begin a conversation" in flat(app))
        assert not app.desk_screen.composer.is_open
