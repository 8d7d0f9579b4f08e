"""Layers on a real disk: the later wins, the broken stay out, the rest goes on."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.config.files import account, home, write
from tests.nobody import NOBODY
from tuidesk.config.load import Config, is_id, load
from tuidesk.config.paths import Paths
from tuidesk.config.tables import SecretSource
from tuidesk.domain.model import Person, Settings

MAIL = 'kind = "mail"\naddress = "support@acme.example"\nimap = { host = "imap.acme.example" }\n'


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return home(tmp_path / "home")


def told(config: Config, under: Path) -> list[str]:
    """The problems, with paths cut to what lies under a folder."""
    return [str(problem).replace(f"{under}/", "") for problem in config.problems]


def test_an_empty_home_is_no_problem(paths: Paths) -> None:
    config = load(paths)
    assert (config.settings, config.accounts, config.problems) == (Settings(), (), ())
    assert not paths.config.exists()


def test_what_config_toml_says(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    write(
        paths.config_toml,
        """
        after_reply = "open"
        download = "~/saved"
        editor = "vim -n"
        [agent]
        name = "Ana"
        addresses = ["Ana@Acme.example", "@ana"]
        [hold]
        mail = 2
        [store]
        local_dir = "/var/lib/ana"
        """,
    )
    config = load(paths)
    assert config.problems == ()
    assert config.settings == Settings(
        agent=Person("Ana", "Ana@Acme.example", me=True),
        agent_addresses=("ana@acme.example", "@ana"),
        after_reply="open",
        hold_s={"mail": 2.0},
    )
    assert config.download == Path("/home/ana/saved")
    assert config.file.editor == "vim -n"
    assert config.paths.store == Path("/var/lib/ana/store.sqlite3")
    assert config.paths.config == paths.config


def test_a_wrong_key_does_not_take_the_right_ones_with_it(paths: Paths) -> None:
    write(
        paths.config_toml,
        'after_replay = "open"\neditor = 5\n[agent]\nname = "Ana"\naddresses = ["a", 2]\n'
        "[hold]\nmail = -1\nsms = inf\nchat = 3\n[office]\nstart = 9\n",
    )
    config = load(paths)
    assert config.settings.agent.name == "Ana"
    assert config.settings.agent_addresses == ()
    assert config.settings.hold_s == {"chat": 3.0}
    keys = [problem.key for problem in config.problems]
    assert keys == ["after_replay", "office", "editor", "agent.addresses.2", "hold.mail", "hold.sms"]
    assert "did you mean `after_reply`?" in config.problems[0].text


def test_an_accounts_common_keys_are_read_and_its_own_are_kept(paths: Paths) -> None:
    account(
        paths,
        "support",
        MAIL + 'id = "acme"\nname = "Acme"\nsignature = "Ana"\naddresses = ["help@acme.example"]\n'
        'secret = { env = "S" }\nsecrets = { smtp = { command = ["pass", "smtp"] } }\n',
    )
    account(paths, "local", 'kind = "maildir"\nenabled = false\npath = "~/Maildir"\n')
    write(paths.accounts / ".#support.toml", "an editor's lock")
    write(paths.accounts / "notes.txt", "anything")
    config = load(paths)
    assert config.problems == ()
    acme, local = config.accounts
    assert (acme.id, acme.name, acme.kind) == ("acme", "Acme", "mail")
    assert acme.keys.secret == SecretSource(env="S")
    assert acme.keys.secrets == {"smtp": SecretSource(command=("pass", "smtp"))}
    assert acme.rest == {"imap": {"host": "imap.acme.example"}}
    assert (local.id, local.name, local.keys.enabled) == ("local", "local", False)


def test_a_broken_account_stays_out_and_the_others_go_on(paths: Paths) -> None:
    account(paths, "good", MAIL)
    account(paths, "syntax", 'kind = "mail"\nkind =')
    account(paths, "nokind", 'address = "a@b.example"\n')
    account(paths, "plain", MAIL + 'secret = "hunter2-canary"\n')
    account(paths, "number", MAIL + "id = 5\n")
    account(paths, "slash", MAIL + 'id = "../other"\n')
    (paths.accounts / "latin.toml").write_bytes(b'kind = "caf\xe9"')
    account(paths, "open", MAIL).chmod(0o666)
    (paths.accounts / "gone.toml").symlink_to("nowhere")
    (paths.accounts / "folder.toml").mkdir(0o700)
    config = load(paths)
    assert [account.id for account in config.accounts] == ["good"]
    assert sorted(told(config, paths.accounts)) == [
        "folder.toml: cannot be read (Is a directory): make it readable for you, or move it away",
        "gone.toml: cannot be read (No such file or directory): make it readable for you, or move it away",
        "latin.toml: not UTF-8 text (byte 11)",
        "nokind.toml: kind: is missing",
        "number.toml: id: must be text, not a whole number",
        "open.toml: can be written by others, who could make tuidesk run their programs: "
        "run `chmod go-w open.toml`",
        "plain.toml: secret: must be a table, not text",
        "slash.toml: id: an account's id is letters, digits and . _ @ + - (at most 64, the first a letter or "
        "digit)",
        "syntax.toml: not TOML: Invalid value (at end of document)",
    ]


def test_two_files_with_one_id_are_both_out(paths: Paths) -> None:
    account(paths, "a", MAIL + 'id = "support"\n')
    account(paths, "support", MAIL)
    account(paths, "third", MAIL)
    config = load(paths)
    assert [account.id for account in config.accounts] == ["third"]
    assert told(config, paths.accounts) == [
        "support.toml: id: another account file has the same id: a.toml. Neither is started"
    ]


def test_machine_then_team_then_user(paths: Paths, tmp_path: Path) -> None:
    machine, team = tmp_path / "xdg" / "tuidesk", tmp_path / "team"
    write(machine / "config.toml", 'after_reply = "open"\neditor = "ed"\n[hold]\nmail = 1\nsms = 1\n')
    write(machine / "accounts" / "box.toml", 'kind = "maildir"\n')
    write(team / "config.toml", 'editor = "vi"\n[hold]\nmail = 2\nchat = 2\n')
    write(team / "accounts" / "support.toml", MAIL + 'signature = "The team"\n')
    write(paths.config_toml, f'team = "{team}"\n[hold]\nchat = 3\n')
    account(paths, "support", 'signature = "Ana"\nsecret = { env = "S" }\n')
    config = load(replace(paths, layers=(machine,)))
    assert config.problems == ()
    assert config.settings.after_reply == "open"
    assert config.file.editor == "vi"
    assert config.settings.hold_s == {"mail": 2.0, "sms": 1.0, "chat": 3.0}
    box, support = config.accounts
    assert (box.id, support.id) == ("box", "support")
    assert support.keys.signature == "Ana"
    assert support.keys.address == "support@acme.example"
    assert support.keys.secret == SecretSource(env="S")


def test_the_teams_files_hold_no_secrets_and_name_no_other_team(paths: Paths, tmp_path: Path) -> None:
    team = tmp_path / "team"
    write(team / "config.toml", 'team = "/elsewhere"\n')
    write(team / "accounts" / "support.toml", MAIL + 'secret = { env = "S" }\n')
    write(paths.config_toml, f'team = "{team}"\n')
    config = load(paths)
    assert config.accounts == ()
    assert [problem.key for problem in config.problems] == ["team", "secret"]


def test_a_refused_file_of_the_users_keeps_the_teams_account_out_too(paths: Paths, tmp_path: Path) -> None:
    write(tmp_path / "team" / "accounts" / "support.toml", MAIL)
    write(paths.config_toml, f'team = "{tmp_path / "team"}"\n')
    account(paths, "support", "enabled = false\n").chmod(0o660)
    config = load(paths)
    assert config.accounts == ()
    assert len(config.problems) == 1


def test_a_team_folder_that_is_not_there_or_that_others_may_write(paths: Paths, tmp_path: Path) -> None:
    team = tmp_path / "team"
    write(paths.config_toml, f'team = "{team}"\n[agent]\nname = "Ana"\n')
    config = load(paths)
    assert config.settings.agent.name == "Ana"
    assert "No such file" in told(config, tmp_path)[0]
    write(team / "accounts" / "support.toml", MAIL)
    team.chmod(0o770)
    config = load(paths)
    assert config.accounts == ()
    assert f"chmod go-w {team}" in config.problems[0].text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_the_team_folders_owner_is_believed_and_nobody_else(paths: Paths, tmp_path: Path) -> None:
    team = tmp_path / "team"
    write(team / "accounts" / "theirs.toml", MAIL)
    write(team / "accounts" / "stranger.toml", MAIL)
    for place in (team, team / "accounts", team / "accounts" / "theirs.toml"):
        os.chown(place, NOBODY, NOBODY)
    os.chown(team / "accounts" / "stranger.toml", 1234, 1234)
    write(paths.config_toml, f'team = "{team}"\n')
    account(paths, "mine", MAIL)
    os.chown(account(paths, "given", MAIL), NOBODY, NOBODY)
    config = load(paths)
    assert [account.id for account in config.accounts] == ["mine", "theirs"]
    assert len(config.problems) == 2
    assert all("sudo chown 0 " in problem.text for problem in config.problems)


def test_ids() -> None:
    assert all(map(is_id, ("support", "support@acme.example", "지원", "a.b_c+d-e", "x" * 64)))
    assert not any(map(is_id, ("", ".hidden", "-x", "a/b", "a b", "a\n", "x" * 65, "..")))


def test_reading_the_config_loads_nothing_heavy(paths: Paths) -> None:
    account(paths, "support", MAIL + 'secret = { keyring = "x" }\n')
    code = (
        "import sys; from pathlib import Path; from tuidesk.config import load, paths;"
        "config = load.load(paths.find(sys.argv[1], {}));"
        "assert [a.id for a in config.accounts] == ['support'], config.problems;"
        "print(*sorted(sys.modules))"
    )
    command = [sys.executable, "-c", code, str(paths.config.parent)]
    modules = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    heavy = {
        "asyncio",
        "importlib.metadata",
        "keyring",
        "subprocess",
        "secrets",
        "difflib",
        "zoneinfo",
        "wcwidth",
    }
    assert heavy.isdisjoint(modules)
    assert "tuidesk.config.secrets" not in modules


def test_keys_of_all_layers_are_one_keymap(paths: Paths, tmp_path: Path) -> None:
    team = tmp_path / "team"
    write(team / "config.toml", '[keys.queue]\ncomplete = "F8"\nsnooze = "F9"\n')
    write(
        paths.config_toml,
        f'team = "{team}"\n[keys]\nprofile = "helpscout"\n[keys.queue]\nnote = "F8"\nsnooze = "F7"\nnoise = 1\n'
        "[keys.somewhere]\nnote = 1\n",
    )
    config = load(paths)
    assert told(config, paths.config) == [
        "config.toml: keys.somewhere: unknown key (known here: composer, customer, panes, profile, queue, thread)",
        "config.toml: keys.queue.noise: no action is called so; did you mean `note`?",
        "config.toml: keys.queue.note: `F8` is the key of `complete` in the queue too: "
        'give that one another, or none (`complete = ""`)',
    ]
    held = config.keymap["queue"]
    assert (held["complete"], held["snooze"], held["note"]) == (("F8",), ("F7",), ("n",))
    assert held["next"] == ("k", "Down")
