"""`setup` and `doctor` of the services that come with tuidesk, each played through on its fake."""

import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pytest

from tests.clock import ManualClock
from tests.config.files import account, home
from tests.desk.person import Person
from tests.fakes.bluesky import FakeBluesky
from tests.fakes.chatwoot import FakeChatwoot
from tests.fakes.chatwoot_team import MAIL
from tests.fakes.mastodon import FakeMastodon
from tests.fakes.matrix import Matrix
from tests.fakes.rt import AGENT, FakeRt
from tests.fakes.service import Service
from tests.fakes.telegram import FakeTelegram
from tests.fakes.twilio import ACCOUNT, OURS, FakeTwilio
from tuidesk.channels.bluesky.adapter import BlueskyOptions
from tuidesk.channels.telegram.adapter import TelegramOptions
from tuidesk.channels.twilio.options import Servers
from tuidesk.config.paths import Paths
from tuidesk.desk.doctor import Finding, examine
from tuidesk.desk.setup import WITH_ADDRESS, WITHOUT_SECRET, set_up
from tuidesk.wire import registry

TOKEN, WRONG = f"1-{AGENT}-canary", f"1-{AGENT}-mistyped"
NOBODY_LISTENS = "http://127.0.0.1:1"
ASKED_OF_ALL = ["Name of", "Where is", "The file", "Password"]


@dataclass(frozen=True)
class Kind:
    """A service, and what somebody says who sets it up."""

    name: str
    server: Service
    answers: dict[str, str]
    """To what is asked besides name and secret, in this order."""
    who: str
    """As whom we are logged in then."""
    credential: str
    """What is said of where to get the secret holds this."""
    besides: dict[str, str] = field(default_factory=dict)
    """What the account's file says that nobody is asked for."""


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Kind]]:
    with ExitStack() as stack:
        mastodon, rt = stack.enter_context(FakeMastodon(TOKEN)), stack.enter_context(FakeRt(TOKEN))
        twilio, matrix = stack.enter_context(FakeTwilio(TOKEN, "SK1")), stack.enter_context(Matrix(TOKEN))
        chatwoot = stack.enter_context(FakeChatwoot(TOKEN))
        telegram, bluesky = stack.enter_context(FakeTelegram(TOKEN)), stack.enter_context(FakeBluesky(TOKEN))
        # nobody is asked where these are: where everybody has them, which is this machine here
        _moved(monkeypatch, Servers, "twilio.com", twilio)
        _moved(monkeypatch, TelegramOptions, "telegram.org", telegram)
        _moved(monkeypatch, BlueskyOptions, "bsky.social", bluesky)
        made = (
            Kind("mastodon", mastodon, {"server": mastodon.base}, "Acmehelp", "Your access token"),
            Kind("rt", rt, {"server": rt.base, "user": ""}, "Ana", "Auth Tokens"),
            Kind("twilio", twilio, {"account_sid": ACCOUNT, "key": "SK1"}, OURS, "API keys"),
            Kind("chatwoot", chatwoot, {"server": chatwoot.base}, "Ana", "Profile settings"),
            Kind("telegram", telegram, {}, "Acme help", "@BotFather"),
            Kind("bluesky", bluesky, {"handle": "acmehelp.test"}, "Acmehelp", "app password"),
            Kind(
                "matrix",
                matrix,
                {"user": matrix.own, "login": "token"},
                "Acme Support",
                "Help & About",
                {"homeserver": f'"{matrix.base}"'},
            ),
        )
        yield {kind.name: kind for kind in made}


def _moved(monkeypatch: pytest.MonkeyPatch, options: type[Any], host: str, here: Service) -> None:
    """What of these options is at that host by default is here now."""
    defaults = options.__init__.__defaults__
    moved = tuple(here.base if isinstance(one, str) and host in one else one for one in defaults)
    monkeypatch.setattr(options.__init__, "__defaults__", moved)


@pytest.fixture(params=["mastodon", "rt", "twilio", "chatwoot", "telegram", "bluesky"])
def kind(request: pytest.FixtureRequest, kinds: dict[str, Kind]) -> Kind:
    return kinds[request.param]


@pytest.fixture(params=["mastodon", "rt", "twilio", "chatwoot", "matrix", "telegram", "bluesky"])
def written(request: pytest.FixtureRequest, kinds: dict[str, Kind]) -> Kind:
    """One whose file somebody wrote by hand."""
    return kinds[request.param]


@pytest.fixture(params=["mastodon", "rt", "chatwoot"])
def addressed(request: pytest.FixtureRequest, kinds: dict[str, Kind]) -> Kind:
    """One whose address is asked."""
    return kinds[request.param]


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    return home(tmp_path / "home")


def play(paths: Paths, kind: Kind, *secrets: str, **instead: list[str]) -> tuple[Person, Path | None]:
    """Somebody types these secrets, one after the other; `instead` of the right answers others, by question."""
    answers = {f"{key}: ": [word] for key, word in kind.answers.items()}
    answers |= {f"{key}: ": words for key, words in instead.items() if key in kind.answers}
    answers |= {key: words for key, words in instead.items() if key not in kind.answers}
    person = Person({**answers, "Where is": ["file"] * len(secrets), "Password": list(secrets)})
    return person, set_up(paths, person, ManualClock(), kind=kind.name)


def _breaks(server: Service) -> None:
    """Something is not as it must be there, though the login is right."""
    match server:
        case FakeMastodon():
            server.scopes = ["read"]
        case FakeChatwoot():
            server.broken = {MAIL}
        case FakeTelegram():
            server.webhook = "https://hooks.example/secret-path"
        case FakeBluesky():
            server.privileged = False


def said_by_doctor(paths: Paths, kind: Kind, secret: str = TOKEN, **instead: str) -> list[Finding]:
    """What doctor says of an account whose file somebody wrote by hand."""
    keys = {name: f'"{word}"' for name, word in kind.answers.items() if word} | kind.besides | instead
    paths.make()
    file = paths.data / "token"
    file.write_text(secret)
    file.chmod(0o600)
    lines = [f'kind = "{kind.name}"', *(f"{name} = {word}" for name, word in keys.items())]
    account(paths, "it", "\n".join([*lines, f'secret = {{ file = "{file}" }}\n']))
    return [one for one in examine(paths, ManualClock()) if one.what.startswith("it: ")]


# --- setup ----------------------------------------------------------------------------------------


def test_where_the_secret_is_had_is_said_first_and_only_what_no_server_tells_is_asked(
    paths: Paths, kind: Kind
) -> None:
    person, file = play(paths, kind, TOKEN)
    assert file is not None, person.told
    assert kind.credential in person.heard[0]
    expected = [*(f"{key}: " for key in kind.answers), *ASKED_OF_ALL]
    assert [
        begin for begin, asked in zip(expected, person.asked, strict=True) if asked.startswith(begin)
    ] == expected
    assert f"Logged in as {kind.who}." in person.heard
    table = tomllib.loads(file.read_text())
    filled = {key: word for key, word in kind.answers.items() if word}
    assert {key: table[key] for key in table.keys() - {"secret"}} == {
        "id": kind.name,
        "kind": kind.name,
        **filled,
    }


def test_a_secret_that_is_not_known_there_is_explained_and_asked_for_again(paths: Paths, kind: Kind) -> None:
    person, file = play(paths, kind, WRONG, TOKEN)
    assert file is not None, person.told
    (refused,) = [text for text in person.heard if text.startswith("the login was refused (")]
    assert refused.endswith("): check the password or token, and the user name")
    assert f"Logged in as {kind.who}." in person.heard
    assert WRONG not in person.told


def test_an_address_where_nobody_listens_is_asked_for_again(paths: Paths, addressed: Kind) -> None:
    right = addressed.answers["server"]
    person, file = play(paths, addressed, TOKEN, server=[NOBODY_LISTENS, right], **{"What now": ["again"]})
    assert file is not None, person.told
    said = "no login now (127.0.0.1 cannot be reached: Connection refused): check the address, and whether server"
    assert any(text.startswith(said) for text in person.heard)
    assert tomllib.loads(file.read_text())["server"] == right


def test_an_address_of_another_website_is_named(paths: Paths, addressed: Kind) -> None:
    addressed.server.fail("html")
    person, _ = play(paths, addressed, TOKEN, **{"What now": ["quit"]})
    assert "no login now (Unexpected answer from 127.0.0.1: HTML): check the address" in person.told


def test_no_token_goes_to_an_address_without_tls(paths: Paths, addressed: Kind) -> None:
    person, file = play(paths, addressed, TOKEN, server=["http://acme.example"], **{"What now": ["quit"]})
    assert file is None
    assert "'http://acme.example' is no address tuidesk can log in at: https://…" in person.told
    assert person.offered["What now?"] == ["secret", "again", "quit"]
    assert addressed.server.asked == []


def test_what_only_one_program_may_read_is_said_before_the_secret_is_given_and_again_by_doctor(
    paths: Paths, kinds: dict[str, Kind]
) -> None:
    telegram = kinds["telegram"]
    person, _ = play(paths, telegram, TOKEN)
    assert "No other program may read this bot at the same time" in person.heard[0]
    said = "Only one program can read a bot: leave this token to tuidesk, on one machine"
    assert said in person.heard
    assert f"it: {said}" in [finding.what for finding in said_by_doctor(paths, telegram)]


def test_a_token_that_may_only_read_is_said_and_the_account_can_be_read(
    paths: Paths, kinds: dict[str, Kind]
) -> None:
    _breaks(kinds["mastodon"].server)
    person, file = play(paths, kinds["mastodon"], TOKEN)
    assert file is not None
    assert "The token lacks the scope write" in person.heard[-1]


def test_a_homeserver_that_its_name_does_not_lead_to_is_asked_for(
    paths: Paths, kinds: dict[str, Kind]
) -> None:
    matrix = kinds["matrix"]
    person, file = play(paths, matrix, TOKEN, **{"What now": ["again"], "homeserver: ": [matrix.server.base]})
    assert file is not None, person.told
    assert matrix.credential in person.heard[0]
    assert [asked.partition(":")[0] for asked in person.asked[:2]] == ["user", "login"]
    assert person.asked[2].startswith("Name of")
    assert any(text.startswith("no login now (fake.test cannot be reached: ") for text in person.heard)
    assert "Logged in as Acme Support." in person.heard
    assert any("end-to-end encryption" in text for text in person.heard)


@pytest.mark.parametrize("name", registry.KINDS)
def test_every_kind_says_what_it_asks_for_and_where_its_secret_is_had(name: str) -> None:
    adapter = registry.load(name)
    assert all(option.metadata.get("help") for option in fields(adapter.Options))
    if name not in WITH_ADDRESS | WITHOUT_SECRET:
        assert " " in adapter.credential, "a sentence, no name of one"  # type: ignore[attr-defined]


# --- doctor ---------------------------------------------------------------------------------------


def test_doctor_finds_nothing_wrong_where_nothing_is(paths: Paths, written: Kind) -> None:
    assert {finding.level for finding in said_by_doctor(paths, written)} == {"ok"}


def test_doctor_explains_a_secret_that_is_not_known_there(paths: Paths, written: Kind) -> None:
    (finding,) = said_by_doctor(paths, written, WRONG)
    assert finding.level == "bad"
    assert "the login was refused (" in finding.what
    assert "accounts/it.toml" in finding.remedy
    assert WRONG not in finding.what


def test_doctor_explains_an_address_where_nobody_listens(paths: Paths, addressed: Kind) -> None:
    (finding,) = said_by_doctor(paths, addressed, server=f'"{NOBODY_LISTENS}"')
    assert "Connection refused" in finding.what


@pytest.mark.parametrize(
    ("name", "instead", "said"),
    [
        ("mastodon", {}, "The token lacks the scope write"),
        ("rt", {"queues": '["Sales"]'}, "There is no queue Sales that this account can see"),
        ("chatwoot", {}, "The inbox Letters is cut off: an administrator connects it again"),
        ("telegram", {}, "A webhook at hooks.example gets this bot's messages, so tuidesk cannot"),
        ("bluesky", {}, "make an app password that is allowed to"),
        ("twilio", {"numbers": '["+15559999"]'}, "The number +15559999 is none of this account's"),
    ],
)
def test_doctor_warns_of_what_will_not_work(
    paths: Paths, kinds: dict[str, Kind], name: str, instead: dict[str, str], said: str
) -> None:
    _breaks(kinds[name].server)
    (warned,) = [one for one in said_by_doctor(paths, kinds[name], **instead) if one.level == "warn"]
    assert said in warned.what
