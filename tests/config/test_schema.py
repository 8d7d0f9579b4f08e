"""Tables → dataclasses: every mistake is named, and no value ever is."""

import tomllib
from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.config.schema import Problem, convert
from tuidesk.config.tables import ConfigFile, SecretSource

CANARY = "hunter2-canary"


@dataclass(frozen=True)
class Server:
    host: str
    port: int = 993
    security: Literal["tls", "starttls"] = "tls"

    def __post_init__(self) -> None:
        if not 0 < self.port < 65536:
            raise ValueError("a port is 1 to 65535")


@dataclass(frozen=True)
class Options:
    imap: Server
    smtp: Server | None = None
    user: str = ""
    days: float = 90
    folders: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    archive: bool = False


def read(text: str) -> tuple[Options | None, list[tuple[str, str]]]:
    made, problems = convert(Options, tomllib.loads(text), file="a.toml", also=("address", "secret"))
    return made, [(problem.key, problem.text) for problem in problems]


def test_everything_that_a_table_can_say() -> None:
    made, problems = read(
        """
        imap = { host = "imap.acme.example", security = "starttls" }
        smtp = { host = "smtp.acme.example", port = 465 }
        user = "ana"
        days = 30
        folders = ["INBOX", "Refunds"]
        names = { sent = "Gesendet" }
        archive = true
        """
    )
    assert problems == []
    assert made == Options(
        Server("imap.acme.example", 993, "starttls"),
        Server("smtp.acme.example", 465),
        "ana",
        30.0,
        ("INBOX", "Refunds"),
        {"sent": "Gesendet"},
        True,
    )
    assert made is not None
    assert isinstance(made.days, float)


def test_every_problem_is_reported_at_once() -> None:
    made, problems = read(
        f"""
        imap = {{ prot = 993, security = "none" }}
        smtp = {{ host = "h", port = 70000 }}
        user = 5
        days = "{CANARY}"
        folders = ["INBOX", 2]
        names = {{ sent = ["{CANARY}"] }}
        archive = 1
        adress = "{CANARY}"
        password = "{CANARY}"
        """
    )
    assert made is None
    assert problems == [
        ("adress", "unknown key; did you mean `address`?"),
        (
            "password",
            "unknown key (known here: address, archive, days, folders, imap, names, secret, smtp, user)",
        ),
        ("imap.prot", "unknown key; did you mean `port`?"),
        ("imap.host", "is missing"),
        ("imap.security", "must be one of: tls, starttls"),
        ("smtp", "a port is 1 to 65535"),
        ("user", "must be text, not a whole number"),
        ("days", "must be a number, not text"),
        ("folders.2", "must be text, not a whole number"),
        ("names.sent", "must be text, not a list"),
        ("archive", "must be true or false, not a whole number"),
    ]
    assert CANARY not in str(problems)


def test_what_is_missing_is_named() -> None:
    assert read("") == (None, [("imap", "is missing")])
    assert read("imap = 2026-11-20")[1] == [("imap", "must be a table, not a time")]
    assert read('imap = { host = "h", port = true }')[1] == [
        ("imap.port", "must be a whole number, not true or false")
    ]


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem("a.toml", "imap.host", "is missing")) == "a.toml: imap.host: is missing"
    assert str(Problem("a.toml", "", "not TOML")) == "a.toml: not TOML"


@pytest.mark.parametrize("text", ["", 'keyring = "a"\nenv = "B"', 'command = []\nkeyring = ""'])
def test_a_secret_is_in_exactly_one_place(text: str) -> None:
    made, problems = convert(SecretSource, tomllib.loads(text), file="a.toml")
    assert made is None
    assert "one place" in problems[0].text


def test_a_secret_that_stands_in_the_file_is_refused_and_not_quoted() -> None:
    _, problems = convert(SecretSource, {"keyring": [CANARY]}, file="a.toml")
    assert [problem.key for problem in problems] == ["keyring"]
    assert CANARY not in str(problems)


def test_a_type_that_toml_cannot_fill_is_the_programs_mistake() -> None:
    @dataclass
    class Strange:
        what: bytes

    with pytest.raises(TypeError, match="what"):
        convert(Strange, {"what": "x"}, file="a.toml")


TOML = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    st.sampled_from(["team", "after_reply", "download", "editor", "agent", "hold", "store", "log"])
    | st.text()
)


@given(st.dictionaries(KEYS, TOML, max_size=6))
def test_any_table_is_either_read_or_told_apart(table: dict[str, object]) -> None:
    made, problems = convert(ConfigFile, table, file="c.toml")
    assert (made is None) == bool(problems)
    assert {problem.key.split(".")[0] for problem in problems} <= {key.split(".")[0] for key in table}
