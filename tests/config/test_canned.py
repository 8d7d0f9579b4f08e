"""Canned replies on disk: read from many places, named where wrong, written so that git and people like it."""

import os
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.config.files import home, write
from tuidesk.config.canned import Shelf, read_own, shipped, with_reply, write_own, written
from tuidesk.config.load import load
from tuidesk.config.paths import Paths
from tuidesk.domain.canned import Canned, Then, filled
from tuidesk.domain.survey import Survey
from tuidesk.errors import ConfigError, Refused
from tuidesk.words import LANGUAGES

LATE = '[late]\ntitle = "Refund is late"\nbody = """\nHi {{contact.first_name|there}},\n\nsorry.\n"""\n'


def library(paths: Paths) -> dict[str, Canned]:
    """What is read, which has nothing wrong."""
    read = Shelf(load(paths)).load()
    assert not read.problems
    return {reply.name: reply for reply in read.replies}


def problems(paths: Paths) -> list[str]:
    return [
        str(problem).replace(str(paths.config.parent), "") for problem in Shelf(load(paths)).load().problems
    ]


def test_a_reply_with_everything(tmp_path: Path) -> None:
    paths = home(tmp_path)
    write(
        paths.canned,
        '[late]\ntitle = "Late"\nshortcut = "rl"\nlanguage = "en"\nmedia = ["mail", "sms"]\ntags = ["money"]\n'
        'body = "Hi"\nattachments = ["terms.pdf"]\n'
        '[late.then]\nstatus = "complete"\ntag = ["refund"]\nuntag = ["new"]\nassign = "me"\npriority = "high"\n',
    )
    assert library(paths) == {
        "late": Canned(
            name="late",
            title="Late",
            shortcut="rl",
            language="en",
            media=("mail", "sms"),
            tags=("money",),
            body="Hi",
            attachments=(str(paths.config / "terms.pdf"),),
            then=Then("complete", ("refund",), ("new",), "me", "high"),
            source=str(paths.canned),
        )
    }
    assert Shelf(load(home(tmp_path / "none"))).load() == ((), ())


def test_a_teams_files_and_folders_are_read_and_the_own_one_wins(tmp_path: Path) -> None:
    paths = home(tmp_path)
    team = tmp_path / "team"
    write(team / "canned.toml", '[one]\nbody = "team"\n[two]\nbody = "team"\n')
    write(team / "canned" / "refunds" / "late.toml", '[three]\nbody = "team {{canned:two}}"\n')
    write(team / "canned" / ".git" / "x.toml", '[hidden]\nbody = "x"\n')
    more = write(tmp_path / "more.toml", '[two]\nbody = "more"\n')
    write(paths.config_toml, f'team = "{team}"\ncanned = ["{more}", "~/checkout"]\n')
    write(Path.home() / "checkout" / "a.toml", '[four]\nbody = "checkout"\n')
    write(paths.canned, '[one]\nbody = "own"\n')
    found = library(paths)
    assert {name: reply.body for name, reply in found.items()} == {
        "one": "own",
        "two": "more",
        "three": "team {{canned:two}}",
        "four": "checkout",
    }
    assert [found[name].own for name in ("one", "two", "three", "four")] == [True, False, False, False]
    assert found["two"].source == str(more), "where it comes from is known"


def test_every_mistake_names_file_and_entry_and_the_rest_goes_on(tmp_path: Path) -> None:
    paths = home(tmp_path)
    write(paths.config_toml, 'canned = ["team", "nowhere"]\n')
    write(
        paths.canned,
        'x = 1\n[late]\nbdy = "Hi"\n[typo]\nbody = "Hi\\n{{contact.frist_name}}"\n[good]\nbody = "Hi"\n[empty]\n'
        '["a b"]\nbody = "x"\n[loop]\nbody = "{{canned:loop}}"\n[lost]\nbody = "{{canned:gone}}"\n'
        '[act.then]\nstatus = "solved"\n',
    )
    write(paths.config / "team" / "a.toml", "[broken\n")
    write(
        paths.config / "team" / "b.toml",
        '[files]\nbody = "x"\nattachments = ["../../secret"]\n[two]\nbody = "x"\n',
    )
    write(paths.config / "team" / "c.toml", '[two]\nbody = "y"\n')
    assert [reply.name for reply in Shelf(load(paths)).load().replies] == ["good", "two"]
    told = problems(paths)
    for named in [
        "/config/canned.toml: x: must be a table",
        "/config/canned.toml: late.bdy: unknown key; did you mean `body`?",
        "/config/canned.toml: typo.body: line 2: there is no value called contact.frist_name; did you mean `conta",
        "/config/canned.toml: empty: says nothing",
        "/config/canned.toml: a b: a reply's name is",
        "/config/canned.toml: loop.body: these replies contain each other without end: loop > loop",
        "/config/canned.toml: lost.body: it contains {{canned:gone}}",
        "/config/canned.toml: act.then.status: must be one of: open, pending, complete",
        "/config/team/a.toml: not TOML",
        "/config/team/b.toml: files.attachments: the files of a reply",
        "/config/team/c.toml: two: another reply has this name: ",
        "/config/nowhere: there is no such file",
    ]:
        assert any(line.startswith(named) for line in told), (named, told)
    assert len(told) == 12


def test_a_file_that_others_may_write_is_refused(tmp_path: Path) -> None:
    paths = home(tmp_path)
    write(paths.canned, LATE, mode=0o666)
    assert "chmod go-w" in problems(paths)[0]
    with pytest.raises(ConfigError, match="chmod"):
        read_own(paths)


def test_the_file_that_is_written(tmp_path: Path) -> None:
    paths = home(tmp_path)
    paths.config.mkdir(mode=0o700)
    late = Canned(
        name="late",
        title="Late",
        media=("mail",),
        body='Hi "Dana",\n\n환불\\\n',
        then=Then("complete", ("refund",)),
    )
    write_own(paths, (late, Canned(name="short", body='a "b"')), "")
    assert paths.canned.read_text() == (
        "# Canned replies. Yours to edit; `tuidesk canned` writes it as well, and keeps no comments.\n"
        '\n[late]\ntitle = "Late"\nmedia = [\n    "mail",\n]\n'
        'body = """\nHi "Dana",\n\n환불\\\\\n"""\n\n'
        '[late.then]\nstatus = "complete"\ntag = [\n    "refund",\n]\n'
        '\n[short]\nbody = "a \\"b\\""\n'
    )
    assert paths.canned.stat().st_mode & 0o777 == 0o600
    own = read_own(paths)
    assert [reply.name for reply in own.replies] == ["late", "short"]
    assert not [name for name in os.listdir(paths.config) if name.startswith(".")]
    before = paths.canned.read_bytes()
    write_own(paths, own.replies, own.stamp)
    assert paths.canned.read_bytes() == before, "nothing changes by itself"


def test_a_new_reply_has_its_place_and_the_others_keep_theirs() -> None:
    kept = tuple(Canned(name=name, body="x") for name in ("b", "d", "c"))
    assert [one.name for one in with_reply(kept, Canned(name="a", body="x"))] == ["a", "b", "d", "c"]
    assert [one.name for one in with_reply(kept, Canned(name="e", body="x"))] == ["b", "d", "c", "e"]
    assert with_reply(kept, Canned(name="d", body="new"))[1].body == "new"


def test_what_was_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    paths = home(tmp_path)
    write(paths.canned, LATE)
    own = read_own(paths)
    write(paths.canned, LATE + '[other]\nbody = "by hand"\n')
    with pytest.raises(Refused, match="changed meanwhile"):
        write_own(paths, own.replies, own.stamp)
    with pytest.raises(Refused, match="changed meanwhile"):
        write_own(paths, own.replies, "")
    assert "by hand" in paths.canned.read_text()


def test_a_file_with_mistakes_is_not_rewritten(tmp_path: Path) -> None:
    paths = home(tmp_path)
    write(paths.canned, LATE + "[broken]\nbdy = 1\n")
    with pytest.raises(ConfigError, match=r"broken\.bdy"):
        read_own(paths)
    write(paths.canned, LATE)
    own = read_own(paths)
    for wrong in (Canned(name="a b", body="x"), Canned(name="x", body="{{"), Canned(name="x")):
        with pytest.raises(Refused):
            write_own(paths, (*own.replies, wrong), own.stamp)
    assert paths.canned.read_text() == LATE


def test_a_link_into_a_checkout_stays_one(tmp_path: Path) -> None:
    paths = home(tmp_path)
    real = write(tmp_path / "dotfiles" / "canned.toml", LATE)
    paths.config.mkdir(mode=0o700)
    paths.canned.symlink_to(real)
    own = read_own(paths)
    write_own(paths, with_reply(own.replies, Canned(name="more", body="x")), own.stamp)
    assert paths.canned.is_symlink()
    assert "[more]" in real.read_text()


_TEXT = some.text(alphabet=some.characters(exclude_categories=["Cs"]))


@given(_TEXT, _TEXT)
def test_any_text_comes_back(title: str, body: str) -> None:
    for said in (body, f"{body}\n", f'{body}"\n"""{title}\\'):
        reply = Canned(name="a.b", title=title, tags=(title,), body=said.replace("\r", "\n"))
        table = tomllib.loads(written([reply]))
        assert table["a.b"].get("title", "") == title
        assert table["a.b"].get("body", "") == reply.body


def test_a_thousand_replies_are_read_fast_and_again_at_once(tmp_path: Path) -> None:
    paths = home(tmp_path)
    write(paths.config_toml, 'canned = ["team"]\n')
    for n in range(1000):
        write(
            paths.config / "team" / f"{n // 50}" / f"reply-{n}.toml",
            f'[reply-{n}]\ntitle = "Reply {n}"\nlanguage = "en"\ntags = ["a", "b"]\nbody = """\n'
            + "Hi {{contact.first_name|there}},\n\nmany words about an order.\n" * 5
            + '"""\n[reply-'
            + str(n)
            + '.then]\nstatus = "pending"\ntag = ["x"]\n',
        )
    shelf = Shelf(load(paths))
    began = time.process_time()
    assert len(shelf.load().replies) == 1000
    first = time.process_time() - began
    began = time.process_time()
    assert len(shelf.load().replies) == 1000
    again = time.process_time() - began
    print(f"{first:.3f} s, then {again:.3f} s")
    assert first < 2
    assert again < first / 3
    changed = paths.config / "team" / "3" / "reply-150.toml"
    write(changed, '[reply-150]\nbody = "new"\n')
    assert next(reply for reply in shelf.load().replies if reply.name == "reply-150").body == "new"


def test_a_holding_reply_is_read_and_written(tmp_path: Path) -> None:
    paths = home(tmp_path)
    write(paths.canned, '[soon]\nholding = true\nbody = "We are on it."\n')
    assert library(paths)["soon"].holding
    own = read_own(paths)
    write_own(paths, own.replies, own.stamp)
    assert tomllib.loads(paths.canned.read_text())["soon"] == {"holding": True, "body": "We are on it."}
    write(
        paths.canned,
        '[a]\nholding = true\nthen = { tag = ["x"] }\n'
        '[b]\nholding = true\nbody = "x"\nthen = { status = "pending" }\n[c]\nholding = "yes"\nbody = "x"\n',
    )
    assert problems(paths) == [
        "/config/canned.toml: a.holding: a holding reply needs a text (`body`)",
        "/config/canned.toml: b.then.status: a holding reply leaves the conversation where it is: take `status` "
        "out of `then`",
        "/config/canned.toml: c.holding: must be true or false, not text",
    ]


def test_what_is_shipped_can_be_filled_and_stands_behind_what_is_there(tmp_path: Path) -> None:
    paths = home(tmp_path)
    read = Shelf(load(paths)).load()
    assert read.replies == ()
    assert {reply.language for reply in read.with_shipped() if reply.holding} == set(LANGUAGES)
    for reply in shipped():
        assert not filled(reply, {}, {}, {}).holes
        assert not reply.own
    write(paths.canned, '["on-it.en"]\nbody = "Mine."\n')
    mine = {reply.name: reply.body for reply in Shelf(load(paths)).load().with_shipped()}
    assert mine["on-it.en"] == "Mine."
    write(paths.canned, '[soon]\nholding = true\nbody = "We are on it."\n')
    assert [one.name for one in Shelf(load(paths)).load().with_shipped() if one.holding] == ["soon"]


def test_a_survey_is_read_and_written_and_its_mistakes_are_named(tmp_path: Path) -> None:
    paths = home(tmp_path)
    write(
        paths.canned,
        '[happy]\nbody = "1 to 5?"\nsurvey = { kind = "csat", scale = "1-5", every_days = 60 }\n'
        '[again]\nbody = "0 to 10?"\nsurvey = { kind = "nps", scale = "0-10" }\nthen = { tag = ["asked"] }\n',
    )
    assert library(paths)["happy"].survey == Survey("csat", "1-5", 60, 14)
    before, own = library(paths), read_own(paths)
    write_own(paths, own.replies, own.stamp)
    assert library(paths) == before
    for survey, more, expected in (
        ('{ kind = "smiles" }', "", "survey.kind: must be one of: csat, nps, ces"),
        ('{ scale = "1-7" }', "", "survey.scale: must be one of: 1-5, 1-10, 0-10"),
        ('{ kind = "nps", scale = "1-5" }', "", "survey: a survey of kind nps has the scale 0-10"),
        ("{ every_days = 0 }", "", "survey: every_days and within_days are whole numbers from 1 to 3650"),
        ("{ within_days = 1.5 }", "", "survey.within_days: must be a whole number, not a number"),
        ("{ every = 3 }", "", "survey.every: "),
        ("{}", 'then = { status = "pending" }', "survey: a survey leaves the conversation complete"),
        ("{}", "holding = true", "survey: a reply is a survey or a holding reply, not both"),
        ("true", "", "survey: "),
    ):
        write(paths.canned, f'[x]\nbody = "x"\nsurvey = {survey}\n{more}\n')
        (found,) = problems(paths)
        assert found.startswith(f"/config/canned.toml: x.{expected}"), found
    write(paths.canned, '[x]\nsurvey = {}\nthen = { tag = ["x"] }\n')
    assert problems(paths) == ["/config/canned.toml: x.survey: a survey needs a text (`body`)"]
