"""Import, export and follow: JSON lines in, out, and as things happen."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Home, Object, demo
from tests.shared import samples

AT = "2026-11-20T12:{:02}:00Z"


def _received(number: int, conversation: str = "c1", **more: Any) -> Object:
    return {
        "type": "received",
        "id": f"m{number}",
        "at": AT.format(number),
        "medium": "chat",
        "conversation": conversation,
        "from": {"name": "Dana", "handle": "dana"},
        "text": f"message {number}",
        **more,
    }


def _lines(*objects: Object) -> str:
    return "".join(json.dumps(obj, ensure_ascii=False) + "\n" for obj in objects)


def _exported(home: Home, *words: str) -> list[Object]:
    return [json.loads(line) for line in home.run("export", *words).stdout.splitlines()]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_what_is_imported_is_a_desk_that_sends_nothing(home: Home) -> None:
    done = home.run("import", "-", stdin=_lines(_received(1), _received(2), _received(3, "c2")))
    assert "3 lines taken in, 0 skipped" in done.stderr
    rows = home.json("list")
    assert [(row["account"], row["unread"]) for row in rows] == [("imported", 2), ("imported", 1)]
    assert home.run("reply", str(rows[0]["n"]), "hello", code=1).stderr
    assert home.json("search", "message")


def test_broken_lines_are_named_and_the_others_are_taken_in(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    parts = [
        _lines(_received(1)).encode(),
        b"not json\n",
        b"\xff\xfe\n",
        b'{"type": "unheard"}\n',
        b"\n",
        _lines(
            {"type": "received", "id": "x"}, {"type": "draft", "desk": {"n": 1, "conversation": 9}}
        ).encode(),
        _lines(_received(2))[:-1].encode(),
    ]
    file.write_bytes(b"".join(parts))
    tried = home.run("import", str(file), "--dry-run", code=3)
    assert "would take in 3 lines and skip 4" in tried.stderr, "what only the store can tell is not told"
    assert not (home.folder / "data").exists()
    done = home.run("import", str(file), code=3)
    assert [line.split(":")[0] for line in done.stderr.splitlines()[:-1]] == [
        f"line {number}" for number in (2, 3, 4, 6, 7)
    ]
    assert "2 lines taken in, 5 skipped" in done.stderr
    assert [message["text"] for message in home.messages(1)] == ["message 1", "message 2"]
    assert home.run("import", "-", stdin="nothing good\n", code=1).stderr
    assert home.run("import", str(tmp_path / "missing"), code=1).stderr


def test_a_repeat_is_harmless(home: Home) -> None:
    events = [
        _received(1),
        {"type": "sent", **{k: v for k, v in _received(2).items() if k != "type"}},
        {"type": "status", "conversation": "c1", "at": AT.format(5), "status": "complete"},
        {"type": "tagged", "conversation": "c1", "at": AT.format(6), "add": ["vip"]},
        {
            "type": "note",
            "id": "n1",
            "conversation": "c1",
            "at": AT.format(7),
            "by": {"name": "S", "handle": "s"},
        }
        | {"text": "a note"},
    ]
    home.run("import", "-", stdin=_lines(*events))
    before = _exported(home)
    home.run("import", "-", stdin=_lines(*events))
    assert _exported(home) == before
    row = home.one("complete")
    assert row["tags"] == ["vip"]


def test_an_event_waits_for_what_it_names(home: Home) -> None:
    status = {"type": "status", "conversation": "c1", "at": AT.format(30), "status": "pending"}
    home.run("import", "-", stdin=_lines(status))
    assert [line["type"] for line in _exported(home)] == ["status"]
    home.run("import", "-", stdin=_lines(_received(1)))
    assert home.one("pending")["n"] == 1


def test_unknown_fields_are_kept_on_export(home: Home) -> None:
    home.run("import", "-", stdin=_lines(_received(1, shelf={"row": [1, "둘"]}, account="ACME Corp!")))
    (message,) = [line for line in _exported(home) if line["type"] == "received"]
    assert message["shelf"] == {"row": [1, "둘"]}


def test_into_an_account_by_name(home: Home) -> None:
    assert "nowhere" in home.run("import", "-", "--account", "nowhere", code=1).stderr
    home.shop("shop", "--mode", "keys")
    home.run("import", "-", "--account", "shop", stdin=_lines(_received(1)))
    assert home.one()["account"] == "shop"


def _busy(folder: Path) -> Home:
    """The demo's desk with everything an agent can leave behind in it."""
    home = demo(folder)
    first, second, third, fourth = (str(row["n"]) for row in home.json("list", "--limit", "4"))
    home.run("reply", first, "an answer", "--complete")
    home.run("reply", second, "no #fail", code=1)
    home.run("note", third, "a note")
    home.run("forward", third, "--to", "billing@acme.example")
    home.run("tag", third, "+vip")
    home.run("snooze", fourth, "--until", "2031-01-02T03:04:05Z", "--firm")
    home.run("undo")
    home.run("snooze", fourth, "--until", "2031-01-02T03:04:05Z")
    home.run("assign", fourth, "me")
    return home


def test_an_export_imported_into_an_empty_desk_gives_the_same_desk(tmp_path: Path) -> None:
    first = _busy(tmp_path / "first")
    told = first.run("export").stdout
    types = {json.loads(line)["type"] for line in told.splitlines()}
    wanted = [
        "conversation",
        "contact",
        "received",
        "sent",
        "note",
        "status",
        "assigned",
        "tagged",
        "snoozed",
        "undone",
        "outbox",
    ]
    assert not set(wanted) - types
    second = Home(tmp_path / "second")
    second.run("import", "-", stdin=told)
    assert second.run("export").stdout == told
    for view in ("open", "pending", "snoozed", "complete", "check"):
        mine, theirs = (home.json("list", view, "--limit", "500") for home in (second, first))
        assert mine == theirs, view
    assert second.json("search", "refund") == first.json("search", "refund")
    number = str(first.one("check")["n"])
    assert second.json("show", number) == first.json("show", number)


def test_an_export_imported_beside_other_things_keeps_its_links(tmp_path: Path) -> None:
    first = _busy(tmp_path / "first")
    told = first.run("export").stdout
    second = Home(tmp_path / "second")
    second.run("import", "-", stdin=_lines(_received(1), _received(2, "other")))
    second.run("import", "-", stdin=told)
    once = second.run("export").stdout
    second.run("import", "-", stdin=told)
    assert second.run("export").stdout == once, "a repeat adds nothing"
    assert (
        len(second.json("list", "all", "--limit", "500"))
        == len(first.json("list", "all", "--limit", "500")) + 2
    )
    forwarded = next(row for row in second.json("list", "all", "--limit", "500") if row["parent"])
    entries = [line for line in second.json("show", str(forwarded["parent"])) if line["type"] == "entry"]
    assert [line["linked"] for line in entries if line["what"] == "forwarded"] == [forwarded["n"]]


def test_drafts_that_were_sent_come_in_once(tmp_path: Path) -> None:
    first = demo(tmp_path / "first")
    number = str(first.one()["n"])
    first.run("reply", number, "kept", "--if-last", "1", code=1)
    first.run("reply", number, "kept")
    told = first.run("export").stdout
    assert '"archived_at": "2' in told
    second = Home(tmp_path / "second")
    for _ in range(2):
        second.run("import", "-", stdin=told)
    assert second.run("export").stdout == told


def test_canned_replies_in_a_draft_and_their_use_are_the_same_desk_again(tmp_path: Path) -> None:
    first = demo(tmp_path / "first")
    first.write("canned.toml", '[late]\nbody = "Write {{{{contact.name}}}} there."\n')
    mails = [str(line["n"]) for line in first.json("list", "--limit", "99") if line["medium"] == "mail"]
    first.run("reply", mails[0], "--canned", "late")
    first.run("--plain", stdin=f"{mails[1]}\ncanned late\n.\nno\n")
    told = first.run("export").stdout
    lines = [json.loads(line) for line in told.splitlines()]
    assert [line["canned"] for line in lines if line["type"] == "canned_used"] == ["late"]
    kept = [line["desk"]["recipients"]["canned"] for line in lines if line["type"] == "draft"]
    assert [["late", "Write {{contact.name}} there."]] in kept
    second = Home(tmp_path / "second")
    second.run("import", "-", stdin=told)
    assert second.run("export").stdout == told


def test_what_a_channel_says_of_a_conversation_and_a_picture_is_the_same_desk_again(tmp_path: Path) -> None:
    first = Home(tmp_path / "first")
    picture = {"name": "box.jpg", "size": 9, "type": "image/jpeg", "ref": "r", "alt": "a torn box"}
    terms: Object = {"type": "terms", "conversation": "c1", "at": AT.format(5), "refuses": "it is encrypted"}
    terms |= {"window_ends": AT.format(59), "fields": {"Queue": "Support", "Order": 8841}}
    first.run("import", "-", stdin=_lines(_received(1, attachments=[picture]), terms, _received(2, "c2")))
    told = first.run("export").stdout
    heads = {line["conversation"]: line for line in map(json.loads, told.splitlines()) if "status" in line}
    assert {name: heads["c1"][name] for name in ("refuses", "window_ends", "fields")} == {
        "refuses": "it is encrypted",
        "window_ends": AT.format(59),
        "fields": {"Queue": "Support", "Order": "8841"},
    }
    assert not {"refuses", "window_ends", "fields"} & set(heads["c2"])
    second = Home(tmp_path / "second")
    second.run("import", "-", stdin=told)
    assert second.run("export").stdout == told
    assert second.json("list") == first.json("list")
    assert second.json("show", "1") == first.json("show", "1")


def test_a_letter_still_on_its_way_comes_in_as_unknown(tmp_path: Path) -> None:
    first = demo(tmp_path / "first")
    number = str(first.one()["n"])
    first.run("reply", number, "wait #limit", code=4)
    told = first.run("export").stdout
    second = Home(tmp_path / "second")
    second.account("demo", 'kind = "demo"\nlive = false\n')
    second.run("import", "-", stdin=told)
    second.run("sync", "--once")
    assert second.json("show", number)[0]["trouble"] == "unknown"
    assert not (second.folder / "data" / "account" / "demo" / "ledger.jsonl").exists()


def test_export_of_one_account_into_a_new_file(tmp_path: Path) -> None:
    home = demo(tmp_path / "home")
    home.run("import", "-", stdin=_lines(_received(1)))
    file = tmp_path / "out.jsonl"
    home.run("export", "--account", "imported", str(file))
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["type"] for line in lines] == ["contact", "conversation", "received"]
    assert file.stat().st_mode & 0o777 == 0o600
    home.run("export", str(file), code=1)


def test_an_export_from_elsewhere_cannot_send_files_or_point_outside(home: Home, tmp_path: Path) -> None:
    other = demo(tmp_path / "other")
    other.run("reply", str(other.one()["n"]), "wait #limit", code=4)
    secret = tmp_path / "secret"
    secret.write_text("mine")
    lines = _exported(other)
    for line in lines:
        if line["type"] == "outbox":
            line["out"]["files"] = [{"name": "x", "type": "text/plain", "path": str(secret)}]
        if line["type"] == "received":
            line["desk"]["source"] = "../../config/config.toml"
    home.run("import", "-", stdin=_lines(*lines))
    kept = _exported(home)
    assert not any("files" in line["out"] for line in kept if line["type"] == "outbox")
    assert not any("source" in line["desk"] for line in kept if line["type"] == "received")


def _next(process: "subprocess.Popen[str]") -> Object:
    assert process.stdout is not None
    made: Object = json.loads(process.stdout.readline())
    return made


def test_follow_tells_what_changes_and_goes_on_where_it_ended(home: Home) -> None:
    home.run("import", "-", stdin=_lines(_received(1)))
    following = home.start("follow")
    try:
        time.sleep(0.5)
        home.run("import", "-", stdin=_lines(_received(2)))
        told = [_next(following), _next(following)]
    finally:
        following.terminate()
        following.communicate()
    assert {line["type"] for line in told} == {"conversation", "message"}
    assert all(line["seq"] > 0 for line in told)
    message = next(line for line in told if line["type"] == "message")
    assert (message["id"], message["text"], message["conversation"]) == ("m2", "message 2", 1)
    again = home.start("follow", "--since", str(min(line["seq"] for line in told) - 1))
    try:
        assert [_next(again), _next(again)] == told
    finally:
        again.terminate()
        again.communicate()


def test_follow_ends_quietly_when_nobody_reads(home: Home) -> None:
    home.run("import", "-", stdin=_lines(_received(1)))
    following = home.start("follow", "--since", "0")
    assert following.stdout is not None
    assert following.stdout.readline()
    following.stdout.close()
    home.run("import", "-", stdin=_lines(_received(2)))
    home.run("import", "-", stdin=_lines(_received(3)))
    assert following.wait(10) == 0
    assert following.stderr is not None
    assert following.stderr.read() == ""
    following.stderr.close()


def test_real_mail_survives_export_and_import(tmp_path: Path) -> None:
    """Ids that repeat and lie, senders without an address, reports on mails nobody has: 100 odd mails."""
    maildir = tmp_path / "Maildir"
    for part in ("cur", "new", "tmp"):
        (maildir / part).mkdir(parents=True)
    for number, mail in enumerate(sorted(samples("mail", "mikel-mail", "emails").rglob("*.eml"))):
        (maildir / "new" / f"{number}.mail").write_bytes(mail.read_bytes())
    first = Home(tmp_path / "first")
    first.account("local", f'kind = "maildir"\npath = "{maildir}"\naddress = "support@acme.example"\n')
    first.run("sync", "--once")
    told = first.run("export").stdout
    second, third = Home(tmp_path / "second"), Home(tmp_path / "third")
    second.run("import", "-", stdin=told)
    assert second.run("export").stdout == told
    third.run("import", "-", stdin=_lines(_received(1)))
    for _ in range(2):
        third.run("import", "-", stdin=told)
        rows = third.json("list", "all", "--limit", "500")
        assert len(rows) == len(first.json("list", "all", "--limit", "500")) + 1


def test_half_an_export_is_none_and_a_whole_one_is_not_written_over(tmp_path: Path) -> None:
    home = demo(tmp_path / "home")
    file = tmp_path / "all.jsonl"
    command = " ".join(home.command("export", str(file)))
    cut = subprocess.run(
        ["bash", "-c", f"ulimit -f 64; {command}"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (cut.returncode, cut.stderr) == (1, f"tuidesk: cannot write {file}: File too large\n")
    assert not file.exists()
    home.run("export", str(file))
    whole = file.read_bytes()
    assert "exists already" in home.run("export", str(file), code=1).stderr
    assert file.read_bytes() == whole


def _triaged(folder: Path) -> Home:
    """A desk with stars, silence, spam and merges, one of them split again, one taken back."""
    home = Home(folder)
    lines = [_received(number, f"c{number}") for number in range(1, 8)]
    home.run("import", "-", stdin=_lines(*lines))
    home.run("star", "1", "2")
    home.run("mute", "2")
    home.run("spam", "3")
    home.run("spam", "7")
    home.run("spam", "7", "--off")
    home.run("merge", "4", "5", "--into", "6")
    home.run("split", "4")
    home.run("merge", "1", "2")
    home.run("undo")
    home.run("complete", "6")
    return home


def test_stars_silence_spam_and_merges_are_the_same_desk_again(tmp_path: Path) -> None:
    first = _triaged(tmp_path / "first")
    told = first.run("export").stdout
    types = {json.loads(line)["type"] for line in told.splitlines()}
    assert {"starred", "muted", "spam", "merged", "split", "undone"} <= types
    second = Home(tmp_path / "second")
    second.run("import", "-", stdin=told)
    assert second.run("export").stdout == told
    for view in ("open", "complete", "all"):
        assert second.json("list", view) == first.json("list", view), view
    assert second.json("show", "5") == first.json("show", "5")
    assert second.json("show", "5")[0]["n"] == 6


def test_merges_beside_other_conversations_name_the_numbers_of_here(tmp_path: Path) -> None:
    first = _triaged(tmp_path / "first")
    told = first.run("export").stdout
    second = Home(tmp_path / "second")
    second.run("import", "-", stdin=_lines(*(_received(number, f"o{number}") for number in (20, 21))))
    second.run("import", "-", stdin=told)
    once = second.run("export").stdout
    second.run("import", "-", stdin=told)
    assert second.run("export").stdout == once, "a repeat adds nothing"
    head, *items = second.json("show", "7")
    assert (head["n"], head["merged"]) == (8, [7])
    named = [(i["what"], i.get("into"), i.get("gone"), i.get("part")) for i in items if i["type"] == "entry"]
    assert ("merged", 8, None, 7) in named
    assert ("split", None, 6, None) in named


def test_a_circle_of_merges_in_a_file_is_no_circle_here(home: Home) -> None:
    home.run("import", "-", stdin=_lines(*(_received(number, f"c{number}") for number in (1, 2, 3))))
    lines = _exported(home)
    for line in lines:
        if line["type"] == "conversation":
            line["desk"]["merged_into"] = line["desk"]["n"] % 3 + 1
    other = Home(home.folder.parent / "other")
    other.run("import", "-", stdin=_lines(*lines))
    (row,) = other.json("list", "all")
    assert sorted(row["n"] for row in [row, *_parts(other, row["n"])]) == [1, 2, 3]


def _parts(home: Home, number: int) -> list[Object]:
    return [{"n": part} for part in home.json("show", str(number))[0]["merged"]]
