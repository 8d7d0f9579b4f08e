"""Canned replies in the shell: listed, shown, changed, taken in from others, sent with what they do."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from tests.cli.program import Home, demo
from tests.terminal import Terminal

LATE = """
[late]
title = "Late"
shortcut = "rl"
body = "Hi {{contact.first_name|there}}, order {{ask:order number}}: {{choose:refund,replacement}}."
then = { tag = ["sorry"], priority = "high" }
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return demo(tmp_path_factory.mktemp("canned"))


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    return Home(tmp_path)


def dana(home: Home) -> str:
    return str(
        next(row["n"] for row in home.json("list", "--limit", "99") if row["contact"]["name"] == "Dana Ortiz")
    )


def own(home: Home) -> str:
    return (home.folder / "config" / "canned.toml").read_text()


def test_a_reply_is_sent_filled_with_what_it_does(home: Home) -> None:
    home.write("canned.toml", LATE)
    number = dana(home)
    for missing in (
        [],
        ["--set", "order number=8841"],
        ["--set", "order number= ", "--set", "choose=refund"],
    ):
        refused = home.run("reply", number, "--canned", "late", *missing, code=2).stderr
        assert "{{choose:refund,replacement}}" in refused or "{{ask:order number}}" in refused
    whole = ["--set", "order number=8841", "--set", "choose=Replacement"]
    shown = home.run("canned", "show", "rl", "--for", number, *whole).stdout
    assert shown == "Hi Dana, order 8841: replacement.\n"
    rehearsed = home.run("reply", number, "--canned", "late", *whole, "--dry-run").stdout
    assert "| Hi Dana, order 8841: replacement." in rehearsed
    sent = home.json("reply", number, "--canned", "rl", *whole)
    assert [line["text"] for line in sent if line["type"] == "message"] == [
        "Hi Dana, order 8841: replacement."
    ]
    row = home.json("show", number)[0]
    assert "sorry" in row["tags"]
    assert row["priority"] == "high"
    (late,) = home.json("canned", "list")
    assert (late["name"], late["uses"], late["changed"], late["reopened"]) == ("late", 1, 0, 0)
    assert late["last_used"] is not None
    told = home.run("canned", "list").stdout
    assert told.split()[:6] == ["name", "short", "lang", "uses", "changed", "reopened"]


def test_what_comes_with_the_program_is_named_and_shown(tmp_path: Path) -> None:
    home = Home(tmp_path)
    told = home.run("canned", "list").stdout
    assert "on-it.en" in told
    assert "how-did-we-do.uz" in told
    shown = home.run("canned", "show", "on-it.en")
    assert "holding = true" in shown.stdout
    assert shown.stderr == "comes with tuidesk\n"


def test_what_cannot_be_sent_says_why(home: Home) -> None:
    home.write("canned.toml", LATE + '[macro]\nthen = { status = "complete" }\n')
    number = dana(home)
    assert "did you mean late" in home.run("reply", number, "--canned", "lat", code=1).stderr
    family = home.run("reply", number, "--canned", "how-did-we-do", code=1).stderr
    assert "did you mean how-did-we-do.en, how-did-we-do.ko, how-did-we-do.uz?" in family
    assert (
        "does not ask for sum"
        in home.run("reply", number, "--canned", "late", "--set", "sum=1", code=2).stderr
    )
    assert (
        "none of the options"
        in home.run("reply", number, "--canned", "late", "--set", "choose=x", code=2).stderr
    )
    assert "--set takes" in home.run("reply", number, "--canned", "late", "--set", "x", code=2).stderr
    assert "has no text" in home.run("reply", number, "--canned", "macro", code=2).stderr
    assert "either a text" in home.run("reply", number, "Hello", "--canned", "late", code=2).stderr
    assert "--canned NAME" in home.run("reply", number, code=2).stderr
    assert "{{ask:sum}}" in home.run("reply", number, "{{ask:sum}}", code=1).stderr, "not by hand either"


def test_add_edit_remove(empty: Home) -> None:
    empty.run(
        "canned", "add", "hi", "Hi {{contact.first_name|there}},", "--title", "Greeting", "--language", "en"
    )
    empty.run(
        "canned", "add", "bye", "--body", "-", "--status", "complete", "--tag", "a,b", stdin="Best,\nAna\n"
    )
    assert own(empty).endswith(
        '\n[bye]\nbody = """\nBest,\nAna\n"""\n\n[bye.then]\nstatus = "complete"\ntag = [\n    "a",\n    "b",\n]\n'
        '\n[hi]\ntitle = "Greeting"\nlanguage = "en"\nbody = "Hi {{contact.first_name|there}},"\n'
    )
    assert "there already: hi" in empty.run("canned", "add", "hi", "x", code=1).stderr
    empty.run("canned", "edit", "hi", "--shortcut", "h", "--title", "")
    assert empty.json("canned", "show", "h")[0]["title"] == ""
    assert "nothing to change" in empty.run("canned", "edit", "hi", code=2).stderr
    before = own(empty)
    assert "did you mean" in empty.run("canned", "edit", "hi", "Hi {{contact.nme}}", code=1).stderr
    assert "no such reply" in empty.run("canned", "edit", "hi", "{{canned:gone}}", code=1).stderr
    empty.run("canned", "add", "more", "x", "--dry-run")
    empty.run("canned", "remove", "hi", "--dry-run")
    assert own(empty) == before
    empty.run("canned", "add", "letter", "{{canned:hi}} …")
    assert "letter contains it" in empty.run("canned", "remove", "hi", code=1).stderr
    empty.run("canned", "remove", "hi", "letter")
    assert [one["name"] for one in empty.json("canned", "list")] == ["bye"]


def test_a_name_alone_is_edited_in_the_editor(empty: Home, tmp_path: Path) -> None:
    editor = tmp_path / "editor.py"
    empty.write("canned.toml", LATE)
    texts = empty.folder / "state" / "editor"

    def edited(program: str, told: str) -> None:
        editor.write_text(f"import pathlib, sys\npath = pathlib.Path(sys.argv[-1])\n{program}\n")
        env = {"EDITOR": f"{sys.executable} {editor}", "VISUAL": ""}
        with Terminal(empty.command("canned", "edit", "rl"), columns=200, env=env) as terminal:
            terminal.until(told)
            terminal.ended()

    edited("path.write_text(path.read_text().replace('Hi ', 'Dear ') + 'Bye\\n')", "late: written to")
    body = (
        "Dear {{contact.first_name|there}}, order {{ask:order number}}: {{choose:refund,replacement}}.\nBye\n"
    )
    (late,) = empty.json("canned", "list")
    assert (late["body"], late["then"]["tag"]) == (body, ["sorry"])
    edited("pass", "nothing has changed")
    edited("path.write_text('thrown away'); sys.exit(3)", "The editor ended with 3")
    assert not [*texts.glob("*.txt")]
    edited("path.write_text('half {{oops')", "what you wrote stays in")
    assert [file.read_text() for file in texts.glob("*.txt")] == ["half {{oops"]
    assert empty.json("canned", "list")[0]["body"] == body


def test_a_teams_reply_is_shown_with_its_source_and_is_not_changed(empty: Home) -> None:
    empty.write("config.toml", 'canned = ["team.toml"]\n')
    empty.write("team.toml", '[theirs]\nbody = "Hello"\n')
    (one,) = empty.json("canned", "list")
    assert (one["own"], one["source"]) == (False, str(empty.folder / "config" / "team.toml"))
    assert "not yours to change" in empty.run("canned", "edit", "theirs", "x", code=2).stderr
    assert "does not stand in" in empty.run("canned", "remove", "theirs", code=1).stderr


def test_mistakes_are_named_and_the_rest_is_listed(empty: Home) -> None:
    empty.write("canned.toml", '[good]\nbody = "x"\n[bad]\nbdy = "x"\n')
    done = empty.run("canned", "list", code=3)
    assert "good" in done.stdout
    assert "canned.toml: bad.bdy: unknown key; did you mean `body`?" in done.stderr
    assert "bad.bdy" in empty.run("canned", "add", "more", "x", code=1).stderr, "it is not rewritten"


HTML = "<p>Hi {{ticket.requester.first_name}},</p><p>#{{ticket.id}}</p>"
ZENDESK = {
    "macros": [
        {
            "title": "Refunds::It is late",
            "active": True,
            "actions": [
                {
                    "field": "comment_value_html",
                    "value": "<p>Hi {{ticket.requester.first_name}},</p><p>#{{ticket.id}}</p>",
                },
                {"field": "status", "value": "solved"},
                {"field": "current_tags", "value": "refund late"},
                {"field": "assignee_id", "value": "current_user"},
                {"field": "group_id", "value": "17"},
            ],
        },
        {
            "title": "Chat",
            "actions": [
                {"field": "comment_value", "value": ["channel:chat", "Plan {{ticket.ticket_field_1}}"]}
            ],
        },
        {
            "title": "Junk",
            "actions": [{"field": "status", "value": "solved"}, {"field": "priority", "value": "low"}],
        },
        {"title": "Old", "active": False, "actions": [{"field": "comment_value", "value": "x"}]},
        {
            "title": "Escalate",
            "actions": [
                {"field": "comment_value", "value": "look at this idiot"},
                {"field": "comment_mode_is_public", "value": "false"},
            ],
        },
        {
            "title": "If",
            "actions": [{"field": "comment_value", "value": "{% if a %}{{ticket.id}}{% endif %}"}],
        },
    ]
}
CHATWOOT = [
    {
        "id": 1,
        "account_id": 1,
        "short_code": "hello",
        "content": 'Hi {{ contact.first_name | default: "there" }}',
    },
    {
        "id": 2,
        "account_id": 1,
        "short_code": "plan",
        "content": "{{contact.custom_attribute.plan}} by {{agent.name}}",
    },
]


def test_zendesks_macros(empty: Home, tmp_path: Path) -> None:
    file = tmp_path / "macros.json"
    file.write_text(json.dumps(ZENDESK))
    done = empty.run("canned", "import", str(file), code=3)
    found = {one["name"]: one for one in empty.json("canned", "list")}
    assert sorted(found) == ["chat", "junk", "refunds-it-is-late"]
    late = found["refunds-it-is-late"]
    assert late["body"] == "Hi {{contact.first_name}},\n\n#{{conversation.number}}\n"
    assert (late["title"], late["tags"]) == ("It is late", ["Refunds"])
    assert late["then"] == {
        "status": "complete",
        "tag": ["refund", "late"],
        "untag": [],
        "assign": "me",
        "priority": None,
    }
    assert (found["chat"]["body"], found["chat"]["media"]) == ("Plan {{ask:ticket ticket field 1}}", ["chat"])
    assert (found["junk"]["body"], found["junk"]["then"]["priority"]) == ("", "low")
    for told in (
        "group_id",
        "(Old) is left out",
        "(Escalate) is left out",
        "note for the team",
        "(If) is left out",
    ):
        assert told in done.stderr


def test_chatwoots_canned_responses(empty: Home) -> None:
    empty.run("canned", "import", "-", stdin=json.dumps(CHATWOOT))
    found = {one["name"]: (one["body"], one["shortcut"]) for one in empty.json("canned", "list")}
    assert found == {
        "hello": ("Hi {{contact.first_name|there}}", "hello"),
        "plan": ("{{contact.plan}} by {{agent.name}}", "plan"),
    }
    assert "there already" in empty.run("canned", "import", "-", stdin=json.dumps(CHATWOOT), code=1).stderr
    again = empty.run("canned", "import", "-", "--replace", stdin=json.dumps(CHATWOOT))
    assert "nothing has changed" in again.stderr


def test_a_table_of_saved_replies(empty: Home, tmp_path: Path) -> None:
    file = tmp_path / "saved.csv"
    file.write_text(
        'Title;Message;Category\nThank you;"Thanks {{user}}\n\nAna";Nice\n환불;환불해 드렸습니다;\n;;\nNothing;;\n',
        "utf-8-sig",
    )
    done = empty.run("canned", "import", str(file), "--format", "sprout", code=3)
    found = {one["name"]: (one["title"], one["body"], one["tags"]) for one in empty.json("canned", "list")}
    assert found == {
        "thank-you": ("Thank you", "Thanks {{ask:user}}\n\nAna\n", ["Nice"]),
        "환불": ("환불", "환불해 드렸습니다", []),
    }
    assert "these are asked when it is used: user" in done.stderr
    assert "(Nothing) is left out" in done.stderr


def test_one_bad_entry_keeps_no_other_from_being_taken_in(empty: Home, tmp_path: Path) -> None:
    long = "x" * 200_000
    files = {
        "odd.csv": f'title,text\n"=cmd()","\x1b[31mred\x1b[0m"\nHuge,{long}\nNest,{{{{canned:gone}}}}\nLast,fine\n',
        "odd.json": json.dumps(
            {
                "payload": [
                    {"short_code": "last", "content": "fine"},
                    "no table",
                    {"short_code": "huge", "content": long},
                    {"short_code": "nest", "content": "{{canned:gone}}"},
                    {"short_code": "outer", "content": "{{canned:nest}}"},
                ]
            }
        ),
        "odd.toml": '[last]\nbody = "fine"\n[nest]\nbody = "{{canned:gone}}"\n[typo]\nbdy = "x"\n',
    }
    told = {
        "odd.csv": ("(Huge) is left out", "nest: it contains"),
        "odd.json": ("entry 2", "(huge) is left out", "nest: it contains", "outer: it contains"),
        "odd.toml": ("nest: it contains", "typo.bdy"),
    }
    for name, words in files.items():
        (tmp_path / name).write_text(words)
        done = empty.run("canned", "import", str(tmp_path / name), code=3)
        for one in told[name]:
            assert one in done.stderr, name
        found = {one["name"]: one["body"] for one in empty.json("canned", "list")}
        assert found.pop("cmd", "[31mred[0m") == "[31mred[0m", "no control is taken along"
        assert found == {"last": "fine"}, name
        empty.write("canned.toml", "")


def test_a_file_that_is_too_large_is_not_taken_in_by_half(empty: Home) -> None:
    table = b"title,text\nfirst,hello\n" + b"second,%s\n" % (b"x" * 50_000_000)
    assert "larger than 50 MB" in empty.run("canned", "import", "-", stdin=table, code=2).stderr


def test_what_is_exported_comes_back_as_it_was(empty: Home, tmp_path: Path) -> None:
    empty.write(
        "canned.toml",
        LATE + '[formula]\ntitle = "=cmd()"\nbody = "-1, \\"2\\"\\n{{{{x}}}}\\n"\nmedia = ["mail", "sms"]\n'
        'then = { assign = "-", status = "complete", untag = ["a"] }\n',
    )
    before = empty.json("canned", "list")
    for kind in ("csv", "json", "toml"):
        file = tmp_path / f"out.{kind}"
        file.write_text(empty.run("canned", "export", "--format", kind).stdout)
        empty.write("canned.toml", "")
        empty.run("canned", "import", str(file))
        assert empty.json("canned", "list") == before, kind
    rows = list(csv.reader(io.StringIO((tmp_path / "out.csv").read_text())))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "-", "+", "@")], (
        "no spreadsheet runs it"
    )
    assert "[late]" not in empty.run("canned", "export", "formula").stdout


def test_what_is_no_such_file(empty: Home, tmp_path: Path) -> None:
    odd = tmp_path / "odd"
    odd.write_bytes(b"\x00\xff")
    for words, told in {
        ("import", str(tmp_path / "none.csv")): "none.csv",
        ("import", str(odd)): "not text",
        ("import",): "takes a file",
        ("import", "-", "--format", "zendesk"): "not JSON",
        ("import", "-", "--format", "csv"): "no column has the text",
        ("import", "-"): "--format",
        ("export", "--format", "zendesk"): "import alone",
        ("show", "none"): "no canned reply none",
    }.items():
        done = empty.run("canned", *words, stdin="what is this", code=None)
        assert done.returncode in (1, 2)
        assert told in done.stderr, words


def test_a_holding_reply_by_the_shell(home: Home) -> None:
    number = dana(home)
    home.run("reply", number, "--canned", "on-it.en")
    row, *rest = home.json("show", number)
    assert (row["status"], rest[-1]["holding"]) == ("open", True), "what is shipped has a name as well"
    home.run("canned", "add", "soon", "We are on it.", "--holding", "--title", "Soon")
    assert home.json("canned", "show", "soon")[0]["holding"] is True
    assert "no canned reply on-it.en" in home.run("reply", number, "--canned", "on-it.en", code=1).stderr
    assert "holding reply" in home.run("canned", "list").stdout
    table = home.run("canned", "export", "soon", "--format", "csv").stdout
    assert "holding" in table.splitlines()[0]
    again = home.folder / "again.csv"
    again.write_text(table.replace("soon", "later"))
    home.run("canned", "import", str(again))
    assert [one["holding"] for one in home.json("canned", "list", "later")] == [True]
    home.run("reply", number, "--canned", "soon")
    row, *rest = home.json("show", number)
    ours = [one for one in rest if one["type"] == "message" and one["direction"] == "out"][-1]
    assert (row["status"], ours["holding"]) == ("open", True)
    assert "holding reply" in home.run("show", number).stdout
    home.run("canned", "edit", "soon", "--no-holding")
    home.run("reply", number, "--canned", "soon")
    assert home.json("show", number)[0]["status"] == "pending"


def test_a_survey_by_the_shell(home: Home) -> None:
    number = str(home.json("list", "complete")[0]["n"])
    waits = str(home.one()["n"])
    assert "complete" in home.run("reply", waits, "--canned", "how-did-we-do.en", code=1).stderr
    home.run("reply", number, "--canned", "how-did-we-do.en")
    row, *rest = home.json("show", number)
    assert row["status"] == "complete"
    assert [one["what"] for one in rest if one["type"] == "entry"][-1] == "surveyed"
    assert "asked for a rating, 1-5" in home.run("show", number).stdout
    assert "less than a day" in home.run("reply", number, "--canned", "how-did-we-do.en", code=1).stderr
    home.run("canned", "add", "nps", "0 to 10?", "--survey", "nps")
    asks = {"kind": "nps", "scale": "0-10", "every_days": 30, "within_days": 14}
    assert home.json("canned", "show", "nps")[0]["survey"] == asks
    for kind in ("csv", "json"):
        told = home.run("canned", "export", "nps", "--format", kind).stdout
        file = home.folder / f"again.{kind}"
        file.write_text(
            told.replace('"nps"', f'"nps-{kind}"', 1)
            if kind == "json"
            else told.replace("nps,", "nps-csv,", 1)
        )
        home.run("canned", "import", str(file))
        assert home.json("canned", "show", f"nps-{kind}")[0]["survey"] == asks
    assert "has the scale 0-10" in home.run("canned", "edit", "nps", "--scale", "1-5", code=1).stderr
    home.run("canned", "edit", "nps", "--survey", "")
    assert home.json("canned", "show", "nps")[0]["survey"] is None
