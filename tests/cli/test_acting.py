"""What changes something: letters, states, undo, sync; and the exit codes that say what became of it."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.program import SHOP, Home, demo


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return demo(tmp_path_factory.mktemp("acting"))


def _sent(home: Home) -> int:
    """How many replies the demo's customers have, by its own ledger."""
    ledger = home.folder / "data" / "account" / "demo" / "ledger.jsonl"
    lines = ledger.read_text().splitlines() if ledger.exists() else []
    return sum(json.loads(line)["type"] == "reply" for line in lines)


def test_a_reply_is_delivered_before_the_command_ends(home: Home) -> None:
    number, before = home.one()["n"], _sent(home)
    done = home.run("reply", str(number), "It is on its way.", "--complete")
    assert "reply" in done.stdout
    assert _sent(home) == before + 1
    head, *rest = home.json("show", str(number))
    assert head["status"] == "complete"
    reply = [line for line in rest if line["type"] == "message"][-1]
    assert (reply["direction"], reply["state"], reply["from"]["me"]) == ("out", "sent", True)


def test_text_and_files_from_stdin_and_disk(home: Home, tmp_path: Path) -> None:
    number = home.one()["n"]
    file = tmp_path / "label.txt"
    file.write_text("a label")
    home.run("reply", str(number), "-", "--attach", str(file), "--pending", stdin="two\nlines 환불\n")
    reply = home.messages(number)[-1]
    assert reply["text"].startswith("two\nlines 환불")
    assert [file["name"] for file in reply["attachments"]] == ["label.txt"]
    assert home.json("show", str(number))[0]["status"] == "pending"
    assert "UTF-8" in home.run("reply", str(number), "-", stdin=b"\xff", code=2).stderr


def test_dry_run_says_what_it_would_do_and_does_nothing(home: Home, tmp_path: Path) -> None:
    before = home.run("export").stdout
    spool = home.folder / "data" / "spool"
    kept = sorted(spool.iterdir())
    number = str(home.one()["n"])
    file = tmp_path / "label.txt"
    file.write_text("a label")
    told = home.run("reply", number, "only a try", "--complete", "--attach", str(file), "--dry-run").stdout
    assert f"would reply to #{number}" in told
    assert f"would complete #{number}" in told
    assert "| only a try" in told
    assert "label.txt" in told
    home.run("complete", number, "--dry-run")
    home.run("snooze", number, "--until", "2h", "--dry-run")
    home.run("start", "x", "--account", "demo", "--to", "a@b.example", "--dry-run")
    assert home.run("export").stdout == before
    assert sorted(spool.iterdir()) == kept


def test_if_last_refuses_when_the_thread_moved(home: Home) -> None:
    row = home.one()
    number, last, before = str(row["n"]), row["last_message"], _sent(home)
    told = home.run(
        "reply", number, "stale", "--cc", "x@y.example", "--if-last", str(last - 1), code=1
    ).stderr
    assert _sent(home) == before
    assert f"kept as the draft of #{number}" in told
    (draft,) = (line for line in home.json("show", number) if line["type"] == "draft")
    assert draft["text"] == "stale"
    told = home.run("reply", number, "another", "--if-last", str(last - 1), code=1).stderr
    assert "not kept" in told
    (draft,) = (line for line in home.json("show", number) if line["type"] == "draft")
    assert draft["text"] == "stale"
    home.run("reply", number, "in time", "--if-last", str(last))
    assert _sent(home) == before + 1


def test_the_exit_code_says_what_became_of_a_letter(home: Home) -> None:
    number = str(home.one()["n"])
    failed = home.run("reply", number, "please #fail", code=1)
    assert "failed" in failed.stdout
    assert failed.stderr
    number = str(home.one("complete")["n"])
    assert "queued" in home.run("reply", number, "slowly #limit", code=4).stdout
    assert "no text" in home.run("reply", number, "  ", code=1).stderr
    assert home.run("reply", number, "x", "--to", "not an address <", code=2).stderr
    assert home.run("reply", "99999", "x", code=1).stderr


def test_a_letter_that_may_have_arrived_is_5(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    ledger = home.shop("shop", "--mode", "neither", "--die", "after-ledger")
    home.run("sync", "--once")
    done = home.run(
        "start", "Your parcel is here.", "--account", "shop", "--to", "dana", "--medium", "chat", code=5
    )
    assert "may have arrived" in done.stdout
    assert len(ledger.read_text().splitlines()) == 1
    row = home.one("check")
    assert row["trouble"] == "unknown"
    home.run("sync", "--once")
    assert len(ledger.read_text().splitlines()) == 1, "never again by itself"


def test_start_and_forward_make_conversations(home: Home, tmp_path: Path) -> None:
    (message,) = home.json(
        "start", "Hello", "--account", "demo", "--to", "Kim <kim@x.example>", "--subject", "Hi"
    )
    assert message["state"] == "sent"
    started = home.json("show", str(message["conversation"]))[0]
    assert (started["subject"], started["contact"]["handle"]) == ("Hi", "kim@x.example")
    number = home.json("search", "refund")[0]["n"]
    file = tmp_path / "invoice.pdf"
    file.write_text("%PDF")
    to = ("--to", "billing@acme.example", "--bcc", "boss@acme.example", "--attach", str(file))
    (passed,) = home.json("forward", str(number), *to, "please look")
    assert [file["name"] for file in passed["attachments"]] == ["invoice.pdf"]
    assert [who["handle"] for who in passed["bcc"]] == ["boss@acme.example"]
    linked = home.json("show", str(passed["conversation"]))[0]
    assert linked["parent"] == number
    assert home.run("start", "x", "--account", "nobody", "--to", "a@b.example", code=1).stderr


def test_a_start_is_checked_by_the_medium_of_its_account(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    caps = {"media": ["sms", "whatsapp"], "max_length": 20}
    ledger = home.shop("phone", "--mode", "keys", "--caps", json.dumps(caps))
    home.shop("answers", "--mode", "keys", "--caps", '{"performs": ["reply"]}')
    home.run("sync", "--once")
    start = ("start", "Hello", "--account", "phone", "--to")
    assert "no telephone number" in home.run(*start, "kim@x.example", code=2).stderr
    refused = home.run(*start, "+821055500117", "--medium", "mail", code=2)
    assert "no mail address" in refused.stderr
    refused = home.run(*start, "a@b.example", "--medium", "mail", code=1)
    assert "phone begins no conversation by mail, but by sms, whatsapp" in refused.stderr
    refused = home.run("start", "x" * 21, "--account", "phone", "--to", "+821055500117", code=1)
    assert "1 longer than the 20 that sms takes" in refused.stderr
    refused = home.run("start", "x", "--account", "answers", "--to", "kim", code=1)
    assert "answers cannot open a conversation" in refused.stderr
    assert not ledger.read_text()
    (said,) = home.json(*start, "Kim <+82 10-5550-0117>")
    assert [who["handle"] for who in said["to"]] == ["+821055500117"]
    assert home.json("show", str(said["conversation"]))[0]["medium"] == "sms"
    (said,) = home.json(*start, "+821055500117", "--medium", "whatsapp")
    assert home.json("show", str(said["conversation"]))[0]["medium"] == "whatsapp"


def test_what_a_phone_took_is_passed_on_by_mail_or_refused(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    events = tmp_path / "events.jsonl"
    asked = {
        "type": "received",
        "id": "1",
        "at": "2026-11-20T12:50:00Z",
        "conversation": "c",
        "medium": "sms",
    }
    asked |= {"from": {"name": "Kim", "handle": "+821055500117"}, "text": "Where is it?"}  # type: ignore[dict-item]
    events.write_text(json.dumps(asked) + "\n")
    home.shop("phone", "--mode", "keys", "--events", str(events), "--caps", '{"performs": ["reply"]}')
    home.run("sync", "--once")
    number = str(home.one()["n"])
    refused = home.run("forward", number, "Yours?", "--to", "legal@ortiz.example", code=1)
    assert "cannot be passed on: no account here can begin a conversation" in refused.stderr
    ledger = home.shop("support", "--mode", "keys", "--caps", '{"media": ["mail"]}')
    home.run("sync", "--once")
    assert "no mail address" in home.run("forward", number, "x", "--to", "+821055500118", code=2).stderr
    home.run("forward", number, "Yours?", "--to", "legal@ortiz.example")
    (line,) = (json.loads(line) for line in ledger.read_text().splitlines())
    assert line["text"].startswith("Yours?\n\nOn 2026-11-20 ")
    assert line["text"].endswith("Kim wrote:\n> Where is it?")


def test_a_note_is_for_the_team(home: Home) -> None:
    number = home.one()["n"]
    home.run("note", str(number), "-", stdin="asked billing")
    note = home.messages(number)[-1]
    assert (note["direction"], note["text"].strip()) == ("note", "asked billing")


def test_states_of_several_conversations_are_one_step_and_taken_back_as_one(home: Home) -> None:
    numbers = [row["n"] for row in home.json("list", "open", "--limit", "3")]
    words = [str(number) for number in numbers]
    done = home.run("complete", words[0], "99999", "-", code=3, stdin=f"{words[1]} #{words[2]}\n")
    assert "#99999" in done.stderr
    assert [home.json("show", word)[0]["status"] for word in words] == ["complete"] * 3
    assert "would take back" in home.run("undo", "--dry-run").stdout
    assert "took back" in home.run("undo").stdout
    assert [home.json("show", word)[0]["status"] for word in words] == ["open"] * 3
    home.run("complete", "99998", "99999", code=1)
    home.run("complete", "-", code=2)


def test_every_state_and_its_forms(home: Home) -> None:
    number = str(home.one("unassigned")["n"])

    def now(*words: str) -> dict[str, object]:
        (line,) = home.json(*words)
        return line

    assert now("pending", number, "--for", "billing")["pending_for"] == "billing"
    assert now("reopen", number)["status"] == "open"
    snoozed = now("snooze", number, "--until", "2031-01-02T03:04:05Z", "--firm")
    assert (snoozed["snoozed_until"], snoozed["snooze_firm"]) == ("2031-01-02T03:04:05Z", True)
    assert now("snooze", number, "--until", "tomorrow 9")["status"] == "snoozed"
    assert now("snooze", number, "--until", "reply")["snoozed_until"] is None
    home.run("snooze", number, "--until", "1999-01-01T00:00:00Z", code=1)
    home.run("snooze", number, "--until", "whenever", code=2)
    assert now("assign", number, "me")["assignee"] == {
        "name": "Ana",
        "handle": "ana@acme.example",
        "me": True,
    }
    assert now("assign", number, "sam")["assignee"]["name"] == "Sam"  # type: ignore[index] # a person
    assert now("assign", number, "-")["assignee"] is None
    assert now("priority", number, "urgent")["priority"] == "urgent"
    assert {"vip", "late"} <= set(now("tag", number, "+vip", "--add", "late")["tags"])  # type: ignore[call-overload]
    left = now("tag", number, "-vip", "--remove", "late")["tags"]
    assert isinstance(left, list)
    assert not {"vip", "late"} & set(left)
    home.run("tag", number, code=2)


def test_undo_of_nothing_is_refused(tmp_path: Path) -> None:
    home = demo(tmp_path / "home")
    assert "nothing" in home.run("undo", code=1).stderr


def test_sync_holds_the_lock_delivers_for_others_and_ends_at_once(tmp_path: Path) -> None:
    home = demo(tmp_path / "home")
    syncing = home.start("sync")
    try:
        _until_said(syncing, "syncing demo")
        _until_said(syncing, "up to date")
        number = home.one()["n"]
        home.run("reply", str(number), "through the holder")
        assert home.messages(number)[-1]["state"] == "sent"
        assert _sent(home) == 1
        once = home.run("sync", "--once")
        assert f"process {syncing.pid}" in once.stderr, "it is said who does the work"
        home.run("reply", str(number), "later #limit", code=4)
        assert "still going out" in home.run("sync", "--once", code=4).stderr
        waiting = home.start("sync")
        _until_said(waiting, str(syncing.pid))
        _ends(waiting, signal.SIGINT)
    finally:
        _ends(syncing, signal.SIGTERM)


def test_sync_once_goes_on_by_itself_when_the_holder_ends(tmp_path: Path) -> None:
    home, awake = Home(tmp_path / "home"), tmp_path / "awake"
    shop = f"{sys.executable} {SHOP} --ledger {tmp_path}/ledger --mode keys"
    command = ["sh", "-c", f"test -e {awake} && exec {shop}; exec sleep 60"]
    home.account("slow", f'kind = "pipe"\ncommand = {json.dumps(command)}\nanswer_s = 50\n')
    syncing = home.start("sync")
    _until_said(syncing, "syncing slow")
    try:
        once = home.start("sync", "--once")
        _until_said(once, str(syncing.pid))
        awake.touch()
    finally:
        _ends(syncing, signal.SIGTERM)
    once.communicate(timeout=20)
    assert once.returncode == 0
    assert home.json("accounts")[0]["caught_up"]


def _until_said(process: "subprocess.Popen[str]", words: str) -> None:
    assert process.stderr is not None
    heard = ""
    for line in process.stderr:
        heard += line
        if words in line:
            return
    raise AssertionError(f"{words!r} was never said: {heard!r}")


def _ends(process: "subprocess.Popen[str]", with_signal: signal.Signals) -> None:
    begun = time.monotonic()
    process.send_signal(with_signal)
    try:
        assert process.wait(10) == 0
        assert time.monotonic() - begun < 2.0
    finally:
        process.kill()
        process.communicate()


def test_sync_once_says_which_account_failed(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert "no account" in home.run("sync", "--once", code=1).stderr
    home.account("broken", 'kind = "pipe"\ncommand = ["/bin/false"]\n')
    assert "broken" in home.run("sync", "--once", code=1).stderr
    home.account("demo", 'kind = "demo"\nlive = false\n')
    assert "broken" in home.run("sync", "--once", code=3).stderr
    assert home.json("list")


def test_backup_is_a_whole_store_of_its_own(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite3"
    assert home.run("backup", str(target)).stdout.strip() == str(target)
    assert target.stat().st_mode & 0o777 == 0o600
    home.run("backup", str(target), code=1)
    other = Home(tmp_path / "other")
    (other.folder / "data").mkdir(mode=0o700)
    target.rename(other.folder / "data" / "store.sqlite3")
    assert len(other.json("list", "all", "--limit", "500")) == len(home.json("list", "all", "--limit", "500"))


def test_setup_asks_on_the_terminal_and_writes_the_account(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    done = home.run("setup", "demo", stdin="\n")
    file = home.folder / "config" / "accounts" / "demo.toml"
    assert done.stdout.strip() == str(file)
    assert 'kind = "demo"' in file.read_text()
    home.run("setup", "demo", code=1)
    assert json.loads(home.run("doctor", "--json").stdout.splitlines()[0])["type"] == "finding"
    assert "ExecStart=" in home.run("service", "--dry-run").stdout


def test_a_setup_that_is_broken_off_says_that_nothing_was_written(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    command = home.command("setup", "maildir")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as setup:
        assert setup.stderr is not None
        assert b"mail address" in setup.stderr.read(18)
        setup.send_signal(signal.SIGINT)
        assert b"nothing was written" in setup.stderr.read()
    assert setup.returncode == 130
    assert list((home.folder / "config" / "accounts").iterdir()) == []


_DANA = (
    '{"type": "received", "id": "m1", "conversation": "c1", "at": "2026-11-20T12:50:00Z", "medium": "chat", '
    '"from": {"name": "Dana", "handle": "dana"}, "text": "Where is my parcel?"}\n'
)


def _shop(folder: Path, *words: str) -> Home:
    """A home with one conversation, #1 with dana, on a shop that answers so."""
    folder.mkdir(exist_ok=True)
    home = Home(folder / "home")
    (folder / "events.jsonl").write_text(_DANA)
    home.shop("shop", "--mode", "keys", "--events", str(folder / "events.jsonl"), *words)
    home.run("sync", "--once")
    return home


def test_a_copy_that_was_not_taken_is_said_and_is_not_all_of_it(tmp_path: Path) -> None:
    home = _shop(tmp_path, "--refuse", "boss", "--warn", "cut at 500")
    told = home.run("reply", "1", "hi", "--cc", "boss", code=3)
    assert "reply to #1: done" in told.stdout
    assert "reply to #1: not taken by the channel: boss" in told.stderr
    assert "reply to #1: cut at 500" in told.stderr
    assert "boss" in home.run("reply", "1", "again", "--cc", "boss", "--json", code=3).stderr


def test_a_reply_that_the_customers_address_did_not_take_is_not_called_done(tmp_path: Path) -> None:
    home = _shop(tmp_path, "--refuse", "dana")
    told = home.run("reply", "1", "hi", "--complete", code=1)
    assert "done" not in told.stdout
    assert "reply to #1: failed" in told.stdout
    assert told.stderr.count("not taken for dana") == 2  # the reply, and the complete that went with it
    home.write("config.toml", 'after_reply = "open"\n')
    assert home.run("reply", "1", "alone", code=1).stdout == "reply to #1: failed\n"


def test_a_warning_alone_is_told_and_fails_nothing(tmp_path: Path) -> None:
    home = _shop(tmp_path, "--warn", "cut at 500")
    assert "reply to #1: cut at 500" in home.run("reply", "1", "hi").stderr
    assert "note on #1: cut at 500" in home.run("note", "1", "hi").stderr


def test_what_may_have_arrived_is_said_to_be_settled_in_the_desk(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    (tmp_path / "events.jsonl").write_text(_DANA)
    home.shop(
        "shop", "--mode", "neither", "--events", str(tmp_path / "events.jsonl"), "--die", "after-ledger"
    )
    home.run("sync", "--once")
    assert "`g k`" in home.run("reply", "1", "hi", code=5).stderr


def test_sync_once_says_of_each_account_how_it_ended_and_that_once(tmp_path: Path) -> None:
    for name in map(str, range(5)):
        home = _shop(tmp_path / name)
        home.account("typo", 'kind = "pipe"\ncomand = ["x"]\n')
        told = home.run("sync", "--once", code=3).stderr
        assert told.count("shop: up to date") == 1
        assert told.count("typo: ") == 1
        assert told.count("comand: unknown key") == 1


@pytest.mark.parametrize("name", ["me", "Ana", "ana", "ANA@acme.example", "second@acme.example"])
def test_an_agent_is_known_by_name_and_address(tmp_path: Path, name: str) -> None:
    home = _shop(tmp_path)
    agent = 'name = "Ana"\naddresses = ["ana@acme.example", "Second@acme.example"]'
    home.write("config.toml", f"[agent]\n{agent}\n")
    home.run("assign", "-", name, stdin="1\n")
    assigned = home.one()["assignee"]
    assert (assigned["name"], assigned.get("me")) == ("Ana", True)
    assert "(known: me)" in home.run("assign", "1", "Bob", code=2).stderr


def test_a_dry_run_in_json_is_json(tmp_path: Path) -> None:
    home = _shop(tmp_path)
    letter, move = home.json("reply", "1", "hi", "--complete", "--dry-run")
    assert (letter["type"], letter["text"], letter["to"]) == (
        "would",
        "hi",
        [{"name": "Dana", "handle": "dana"}],
    )
    assert move == {"type": "would", "what": "complete #1"}
    assert home.json("list")[0]["status"] == "open"


def test_a_text_that_the_channel_would_cut_does_not_leave(tmp_path: Path) -> None:
    home = _shop(tmp_path, "--most", "10")
    assert "2 longer than the 10 that shop takes" in home.run("reply", "1", "twelve signs", code=1).stderr
    assert not (home.folder / "shop.ledger").read_text()
    home.run("reply", "1", "ten signs.")
    home.run("note", "1", "a note may be as long as it likes")


def test_a_reply_whose_snooze_is_refused_does_not_leave_later_either(tmp_path: Path) -> None:
    home = _shop(tmp_path)
    assert "is past" in home.run("reply", "1", "hi", "--snooze", "2020-01-01T00:00:00Z", code=1).stderr
    home.run("sync", "--once")
    assert not (home.folder / "shop.ledger").read_text()
    assert len(home.messages(1)) == 1


def test_who_interrupts_a_delivery_is_told_that_it_is_recorded(tmp_path: Path) -> None:
    home = _shop(tmp_path, "--late", "4")
    replying = home.start("reply", "1", "hi")
    until = time.monotonic() + 10
    while not (home.folder / "shop.ledger").read_text() and time.monotonic() < until:
        time.sleep(0.05)
    replying.send_signal(signal.SIGINT)
    _, told = replying.communicate(timeout=30)
    assert replying.returncode == 130
    assert "reply to #1: recorded" in told
    assert "Traceback" not in told
    assert home.messages(1)[-1]["state"] in ("unknown", "sending", "sent")


def test_sync_says_what_is_wrong_in_the_hours(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.write("config.toml", '[hours]\nzone = "Europe/Belrin"\nweek = { mon = ["09:00-17:00"] }\n')
    assert "did you mean Europe/Berlin?" in home.run("sync", "--once", code=1).stderr
