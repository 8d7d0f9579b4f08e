"""Setting an account up: with a person, against real programs and servers; and without one."""

import os
import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.clock import ManualClock
from tests.config.files import account, home, write
from tests.desk.person import Person
from tests.desk.stranger import RIGHT, installed
from tests.servers.mail import MailServers
from tuidesk.config.load import load
from tuidesk.config.paths import Paths
from tuidesk.config.secrets import AccountSecrets
from tuidesk.config.tables import SecretSource
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.questions import ask_options
from tuidesk.desk.setup import set_up, write_account
from tuidesk.errors import ConfigError

WRONG = "wrong-canary"
READY = '{"type": "ready", "identity": {"name": "Shop", "handle": "shop"}, "caps": {"performs": ["reply"]}}'


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return home(tmp_path / "home")


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(installed(tmp_path / "packages")))


def run(paths: Paths, person: Person, kind: str = "stranger", name: str = "") -> Path | None:
    return set_up(paths, person, ManualClock(), kind=kind, name=name)


# --- with a person --------------------------------------------------------------------------------


@pytest.mark.usefixtures("stranger")
def test_a_file_that_is_named_from_where_the_person_stands_is_found_from_everywhere(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    person = Person({"server.host": ["h"], "Where is": ["file"], "The file": ["token"], "Password": [RIGHT]})
    file = run(paths, person)
    assert file is not None
    assert tomllib.loads(file.read_text())["secret"] == {"file": str(tmp_path / "token")}
    monkeypatch.chdir("/")
    (account,) = load(paths).accounts
    assert AccountSecrets(account).get() == RIGHT


def test_a_secret_that_cannot_be_had_is_not_one_that_was_refused(paths: Paths) -> None:
    person = Person({"server": ["http://127.0.0.1:9"], "Where is": ["env"], "What now": ["quit"]})
    run(paths, person, kind="rt")
    assert any("TUIDESK_RT is not set" in text for text in person.heard)
    assert not any("refused" in text for text in person.heard)


@pytest.mark.parametrize(("there", "first"), [(True, "command"), (False, "file")])
def test_enter_alone_leads_to_a_place_that_is_there(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, first: str
) -> None:
    if there:
        write(tmp_path / "pass", "#!/bin/sh\n").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    person = Person({"server": ["http://127.0.0.1:9"], "Password": [RIGHT], "What now": ["quit"]})
    run(paths, person, kind="rt")
    assert person.offered["Where is its password or token kept?"][0] == first


@pytest.mark.parametrize(("kind", "field"), [("twilio", "key: "), ("rt", "user: ")])
def test_what_the_credential_is_for_is_asked_the_first_time_and_said_before(
    paths: Paths, kind: str, field: str
) -> None:
    asked: list[str] = []

    class Looking(Person):
        def tell(self, text: str) -> None:
            asked.append("told")
            super().tell(text)

        def text(self, question: str, default: str = "") -> str:
            asked.append(question)
            return super().text(question, default)

    answers = {"server": ["http://127.0.0.1:9"], "account_sid": ["AC1"], "Where is": ["env"]}
    run(paths, Looking({**answers, "What now": ["quit"]}), kind=kind)
    assert asked[0] == "told"
    assert any(question.startswith(field) for question in asked)


@pytest.mark.usefixtures("stranger")
def test_an_answer_that_need_not_be_can_be_taken_back(paths: Paths) -> None:
    person = Person(
        {
            "server": ["http://127.0.0.1:9", "http://127.0.0.1:9"],
            "user": ["dana", " "],
            "queues": ["one two", " "],
            "Where is": ["env", "env"],
            "What now": ["again", "again", "write"],
        }
    )
    file = run(paths, person, kind="rt")
    assert file is not None
    table = tomllib.loads(file.read_text())
    assert "user" not in table
    assert "queues" not in table
    assert any("user" in question and "(a blank: none)" in question for question in person.asked)


@pytest.mark.usefixtures("stranger")
def test_a_password_that_was_mistyped_is_asked_for_again_for_the_place_that_was_chosen(
    paths: Paths, tmp_path: Path
) -> None:
    place = str(tmp_path / "here")
    person = Person(
        {"server.host": ["h"], "Where is": ["file"], "The file": [place], "Password": [WRONG, RIGHT]}
    )
    file = run(paths, person)
    assert file is not None
    assert tomllib.loads(file.read_text())["secret"] == {"file": place}
    assert Path(place).read_text().strip() == RIGHT


def test_a_program_of_ones_own(paths: Paths, tmp_path: Path) -> None:
    script = write(tmp_path / "shop.sh", f"#!/bin/sh\nread hello\necho '{READY}'\nread end\n", 0o700)
    person = Person({"What kind": ["pipe"], "command": ["'unclosed", f"{script} 'a b'"], "Name of": ["shop"]})
    file = run(paths, person, kind="")
    assert file == paths.accounts / "shop.toml"
    assert tomllib.loads(file.read_text()) == {"id": "shop", "kind": "pipe", "command": [str(script), "a b"]}
    assert "a quote is not closed" in person.heard
    assert "Logged in as Shop." in person.heard
    assert "Where is its password or token kept?" not in person.asked


@pytest.mark.usefixtures("stranger")
def test_a_typed_secret_goes_into_a_file_of_ones_own_and_no_other(paths: Paths) -> None:
    person = Person({"server.host": ["", "desk.example"], "Where is": ["file"], "Password": ["", RIGHT]})
    file = run(paths, person)
    assert file is not None
    secret = paths.data / "secrets" / "stranger"
    assert tomllib.loads(file.read_text()) == {
        "id": "stranger",
        "kind": "stranger",
        "server": {"host": "desk.example"},
        "secret": {"file": str(secret)},
    }
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, secret, secret.parent, file.parent)] == [
        0o600,
        0o600,
        0o700,
        0o700,
    ]
    assert any("no keyring service answers" in text for text in person.heard)
    assert sorted(person.offered["Where is its password or token kept?"]) == ["command", "env", "file"]
    assert person.heard[-2:] == ["Logged in as Acme.", "Two folders."]
    assert RIGHT not in person.told
    (made,) = load(paths).accounts
    assert AccountSecrets(made).get() == RIGHT


@pytest.mark.usefixtures("stranger")
def test_a_secret_file_that_stands_is_used_as_it_is(paths: Paths, tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", RIGHT)
    person = Person({"server.host": ["h"], "Where is": ["file"], "The file": [str(secret)]})
    assert run(paths, person)
    assert secret.read_text() == RIGHT
    assert not any(question.startswith("Password") for question in person.asked)


@pytest.mark.usefixtures("stranger")
def test_a_program_or_a_variable_that_has_the_secret(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person({"server.host": ["h"], "Where is": ["command"], "The program": [f"echo {RIGHT}"]})
    assert run(paths, person, name="one")
    monkeypatch.setenv("TUIDESK_TWO_2", RIGHT)
    person = Person({"server.host": ["h"], "Where is": ["env"], "Name of": ["two-2"]})
    assert run(paths, person)
    assert [made.keys.secret for made in load(paths).accounts] == [
        SecretSource(command=("echo", RIGHT)),
        SecretSource(env="TUIDESK_TWO_2"),
    ]


@pytest.mark.usefixtures("stranger")
def test_a_wrong_secret_is_asked_for_again_and_shown_nowhere(paths: Paths) -> None:
    person = Person(
        {
            "server.host": ["h"],
            "Where is": ["file", "file"],
            "Password": [WRONG, RIGHT],
            "What now": ["secret"],
        }
    )
    assert run(paths, person)
    assert (
        "the login was refused (••• is not it): check the password or token, and the user name"
        in person.heard
    )
    assert WRONG not in person.told
    assert (paths.data / "secrets" / "stranger").read_text() == f"{RIGHT}\n"


@pytest.mark.usefixtures("stranger")
def test_going_through_the_answers_again_keeps_them_and_asks_for_the_rest(paths: Paths) -> None:
    person = Person(
        {
            "server.host": ["h"],
            "server.port": ["many", "9"],
            "loud": ["yes"],
            "words": ["a 'b c'"],
            "Where is": ["command", "file"],
            "The program": ["false"],
            "Password": [RIGHT],
            "What now": ["again", "secret"],
        }
    )
    file = run(paths, person)
    assert file is not None
    table = tomllib.loads(file.read_text())
    assert table["server"] == {"host": "h", "port": 9}
    assert (table["loud"], table["words"]) == (True, ["a", "b c"])
    assert "fails" not in table
    assert "that is no number" in person.heard


@pytest.mark.usefixtures("stranger")
@pytest.mark.parametrize(
    ("fails", "said"), [("away", "no login now (no route to h, said •••)"), ("crash", "ZeroDiv")]
)
def test_what_does_not_work_can_be_written_all_the_same(paths: Paths, fails: str, said: str) -> None:
    answers = {
        "server.host": ["h"],
        "fails": [fails],
        "Where is": ["file"],
        "Password": [WRONG],
        "What now": ["again", "write"],
    }
    person = Person(answers)
    file = run(paths, person)
    assert file is not None
    assert tomllib.loads(file.read_text())["fails"] == fails
    assert said in person.told
    assert WRONG not in person.told


@pytest.mark.usefixtures("stranger")
def test_giving_up_writes_nothing(paths: Paths) -> None:
    person = Person({"server.host": ["h"], "Where is": ["file"], "Password": [WRONG], "What now": ["quit"]})
    assert run(paths, person) is None
    assert not paths.config.exists()
    assert not (paths.data / "secrets").exists()


def maildir(tmp_path: Path) -> Path:
    for name in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    return tmp_path / "Maildir"


def written(file: Path | None) -> dict[str, Any]:
    assert file is not None
    return tomllib.loads(file.read_text())


def test_a_maildir_is_asked_how_replies_leave(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sendmail = tmp_path / "sendmail"
    monkeypatch.setattr("tuidesk.desk.setup.SENDMAIL", sendmail)
    box = str(maildir(tmp_path))
    answers = {"Its mail": "ana@acme.example", "path": box}
    without = Person({begin: [word] for begin, word in (answers | {"How do": "nothing"}).items()})
    assert "send" not in written(run(paths, without, kind="maildir", name="one"))
    assert without.offered["How do replies leave?"] == ["smtp", "program", "nothing"]

    sendmail.write_text("#!/bin/sh\n")
    sendmail.chmod(0o700)
    through = Person({begin: [word] for begin, word in answers.items()})
    table = written(run(paths, through, kind="maildir", name="two"))
    assert through.offered["How do replies leave?"][0] == "program"
    assert table["send"] == {"command": [str(sendmail), "-t", "-i"]}
    assert f"replies leave through {sendmail}" in through.told
    assert "Password" not in through.told


def test_a_maildir_whose_replies_leave_through_a_server(paths: Paths, tmp_path: Path) -> None:
    answers = {"Its mail": "ana@acme.example", "path": str(maildir(tmp_path)), "How do replies": "smtp"}
    answers |= {"Host of": "127.0.0.1", "How is": "starttls", "Port": "1"}
    answers |= {"User": "ana", "Where is": "file", "Password": "swordfish"}
    person = Person({begin: [word] for begin, word in answers.items()})
    table = written(run(paths, person, kind="maildir", name="one"))
    smtp = {"host": "127.0.0.1", "port": 1, "security": "starttls", "user": "ana"}
    assert table["send"] == {"smtp": smtp}
    assert Path(table["secret"]["file"]).read_text().strip() == "swordfish"
    assert "mail cannot be sent now" in person.told
    (account_file,) = load(paths).accounts
    assert AccountSecrets(account_file).get("smtp") == "swordfish"


@pytest.mark.usefixtures("stranger")
def test_names_that_are_taken_or_impossible(paths: Paths) -> None:
    account(paths, "stranger", 'kind = "pipe"\ncommand = ["true"]\n')
    account(paths, "broken", "kind = ")
    person = Person(
        {
            "server.host": ["h"],
            "Name of": ["stranger", "broken", "../x"],
            "Where is": ["command"],
            "The program": [f"echo {RIGHT}"],
        }
    )
    assert run(paths, person) == paths.accounts / "stranger-2.toml"
    assert sum("there is an account called" in text for text in person.heard) == 2


def test_hosts_are_guessed_from_the_address() -> None:
    @dataclass
    class Server:
        host: str
        security: Literal["tls", "starttls"] = "tls"

    @dataclass
    class Options:
        imap: Server
        smtp: Server
        user: str = ""
        free: dict[str, Any] = field(default_factory=dict)

    person = Person({})
    table = ask_options(person, Options, {"address": "support@acme.example"}, every=False)
    assert table == {"imap": {"host": "imap.acme.example"}, "smtp": {"host": "smtp.acme.example"}}
    person = Person({"smtp.security": ["starttls"]})
    table = ask_options(person, Options, table, every=True)
    assert table["smtp"] == {"host": "smtp.acme.example", "security": "starttls"}
    assert table["imap"] == {"host": "imap.acme.example"}
    assert person.asked == ["imap.host", "imap.security", "smtp.host", "smtp.security", "user"]


@pytest.mark.servers
def test_a_real_mailbox(paths: Paths, mail_servers: MailServers) -> None:
    user = mail_servers.new_user("support")
    person = Person(
        {
            "Its mail address": ["nonsense", user.address],
            "imap.host": [mail_servers.host, mail_servers.host],
            "smtp.host": [mail_servers.host, mail_servers.host],
            "imap.port": [str(mail_servers.imap_port)],
            "smtp.port": [str(mail_servers.smtps_port)],
            "ca": [str(mail_servers.ca)],
            "Where is": ["file", "file"],
            "Password": [WRONG, user.password],
            "What now": ["again", "secret"],
        }
    )
    file = set_up(paths, person, SystemClock(), kind="mail")
    assert file is not None, person.told
    assert "that is no mail address (name@domain)" in person.heard
    assert any(
        text.startswith("no login now (") for text in person.heard
    )  # the usual port: nobody listens there
    assert any(text.startswith("the login was refused (") for text in person.heard)
    assert f"Logged in as {user.address}." in person.heard
    assert WRONG not in person.told
    assert user.password not in person.told
    (made,) = load(paths).accounts
    assert made.id == user.address.partition("@")[0]
    assert made.rest["imap"] == {"host": mail_servers.host, "port": mail_servers.imap_port}


# --- without one ----------------------------------------------------------------------------------

SHOP = {"kind": "pipe", "command": ["true"], "signature": "Ana\nAcme"}


def test_an_account_is_written_with_its_id(paths: Paths) -> None:
    file = write_account(paths, "shop", SHOP)
    assert tomllib.loads(file.read_text()) == {"id": "shop", **SHOP}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (made,) = load(paths).accounts
    assert (made.id, made.keys.signature) == ("shop", "Ana\nAcme")


def test_an_account_is_never_overwritten(paths: Paths) -> None:
    write_account(paths, "shop", {"id": "first", **SHOP})
    before = (paths.accounts / "shop.toml").read_bytes()
    with pytest.raises(ConfigError, match="never overwrites"):
        write_account(paths, "shop", {"id": "second", **SHOP})
    with pytest.raises(ConfigError, match="called first already"):
        write_account(paths, "other", {"id": "first", **SHOP})
    assert (paths.accounts / "shop.toml").read_bytes() == before
    assert os.listdir(paths.accounts) == ["shop.toml"]


def test_a_table_that_cannot_be_read_again_is_not_written(paths: Paths) -> None:
    for table, said in (
        ({}, "kind: is missing"),
        ({"kind": "carrier-pigeon"}, "carrier-pigeon"),
        ({"kind": "pipe"}, "command: is missing"),
        ({**SHOP, "comand": []}, "did you mean `command`"),
        ({**SHOP, "secret": WRONG}, "secret: must be a table"),
        ({**SHOP, "id": "a/b"}, "an account's id is"),
    ):
        with pytest.raises(ConfigError, match=said) as caught:
            write_account(paths, "shop", table)
        assert WRONG not in str(caught.value)
    with pytest.raises(ConfigError, match="an account's id is"):
        write_account(paths, "../shop", SHOP)
    assert not paths.config.exists()
