"""A mailbox that is signed in to: set up with a person, again when that has ended, and what doctor says of it."""

import json
import re
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.mailing import mail
from tests.config.files import home
from tests.desk.person import Person
from tests.desk.test_mailbox import account as with_password
from tests.desk.test_mailbox import health, healthy, ours, rows, until, working
from tests.fakes.provider import CLIENT, Provider, running
from tests.servers.mail import MailServers, User
from tests.servers.plain import call
from tests.wire.oauth.account import Account as SignedIn
from tests.wire.oauth.account import app
from tuidesk.config.paths import Paths
from tuidesk.desk.clock import SystemClock
from tuidesk.desk.doctor import Finding, examine
from tuidesk.desk.login import LoginFailed
from tuidesk.desk.setup import set_up
from tuidesk.desk.sign_in import sign_in_again
from tuidesk.domain import commands
from tuidesk.errors import NotFound, Refused, SecretError

pytestmark = pytest.mark.servers


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return home(tmp_path / "home")


@pytest.fixture
def user(mail_servers: MailServers) -> User:
    return mail_servers.new_user()


@pytest.fixture
def provider(mail_servers: MailServers, user: User) -> Iterator[Provider]:
    with running(Provider(subject=user.address, sign=mail_servers.token)) as made:
        yield made


def answers(servers: MailServers, user: User, provider: Provider, **more: list[str]) -> dict[str, list[str]]:
    """Of somebody who gives everything right the second time through, since the ports are asked for only then."""
    return {
        "Its mail address": [user.address, user.address],
        "How do you log in": ["other", "other"],
        "Id of that app": [CLIENT, CLIENT],
        "Address where a browser": [f"{provider.base}/authorize"] * 2,
        "Address where tokens": [f"{provider.base}/token"] * 2,
        "Address where codes": ["", ""],
        "Scopes": ["mail.read mail.send"] * 2,
        "imap.host": [servers.host] * 2,
        "smtp.host": [servers.host] * 2,
        "imap.port": [str(servers.imap_port)],
        "smtp.port": [str(servers.smtps_port)],
        "ca": [str(servers.ca)],
        "Where is": ["file"],
        "What now": ["again"],
        **more,
    }


def opens(provider: Provider, *, to: str = "yes") -> Callable[[str], object]:
    """A browser on this machine: it goes where it is sent."""

    def look(text: str) -> None:
        if text.startswith(provider.base):
            call("GET", provider.says_yes(text, to=to))

    return look


def written(file: Path | None) -> dict[str, Any]:
    assert file is not None
    return tomllib.loads(file.read_text())


def run(paths: Paths, person: Person) -> Path | None:
    return set_up(paths, person, SystemClock(), kind="mail", name="support")


def no_token(person: Person) -> None:
    assert not {part for part in ("refresh-", "eyJ") if part in person.told}


def test_a_browser_on_this_machine(
    paths: Paths, mail_servers: MailServers, user: User, provider: Provider
) -> None:
    person = Person(answers(mail_servers, user, provider), looks=opens(provider))
    table = written(run(paths, person))
    assert table["auth"] == "oauth"
    assert table["oauth"] == {
        "provider": "other",
        "client_id": CLIENT,
        "authorize_url": f"{provider.base}/authorize",
        "token_url": f"{provider.base}/token",
        "scopes": ["mail.read", "mail.send"],
    }
    assert person.offered["Where is its password or token kept?"] == ["file"]
    assert any("no program and no variable" in text for text in person.heard)
    assert "Logged in as " + user.address + "." in person.heard
    kept = Path(table["secret"]["file"])
    assert json.loads(kept.read_text())["refresh_token"].startswith("refresh-")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert provider.ledger == ["signed in"]  # the answers changed, the app did not: nobody signs in twice
    no_token(person)


def test_a_browser_elsewhere_whose_last_address_is_pasted(
    paths: Paths, mail_servers: MailServers, user: User, provider: Provider
) -> None:
    person = Person(answers(mail_servers, user, provider))

    def copies(text: str) -> None:
        if text.startswith(provider.base):
            person.answers["That address"] = ["hello there", "mistyped-code", " ", provider.says_yes(text)]

    person.looks = copies
    assert run(paths, person)
    assert person.heard.count("that is neither the address the browser ended at nor its code") == 1
    assert any("does not take the code" in text for text in person.heard)
    assert provider.ledger == ["signed in"]


def test_a_code_on_another_device(
    paths: Paths, mail_servers: MailServers, user: User, provider: Provider
) -> None:
    more = {
        "Address where codes": [f"{provider.base}/device_authorization"] * 2,
        "How do you want": ["device"],
    }
    person = Person(answers(mail_servers, user, provider, **more))
    shown: list[str] = []

    def types(text: str) -> None:
        if "/device on any device" in text:
            shown.append(text)
            provider.types_code(text.rpartition(" ")[2])

    person.looks = types
    table = written(run(paths, person))
    assert table["oauth"]["device_url"]
    assert len(shown) == 1
    assert provider.ledger == ["device", "signed in"]


def test_a_no_in_the_browser_and_a_place_that_does_not_take_it(
    paths: Paths, mail_servers: MailServers, user: User, provider: Provider, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("somebody else's")
    more = {"Where is": ["file"] * 3, "The file": [str(taken), str(taken), str(tmp_path / "free")]}
    person = Person(answers(mail_servers, user, provider, **more | {"What now": ["secret", "again"]}))
    said = ["no", "yes"]

    def look(text: str) -> None:
        if text.startswith(provider.base):
            opens(provider, to=said.pop(0))(text)

    person.looks = look
    table = written(run(paths, person))
    assert "at 127.0.0.1 the answer was no" in person.heard
    assert table["secret"] == {"file": str(tmp_path / "free")}
    assert taken.read_text() == "somebody else's"
    assert provider.ledger == ["signed in"]


def test_an_app_with_a_secret_of_its_own(
    paths: Paths, mail_servers: MailServers, user: User, provider: Provider
) -> None:
    provider.client_secret = "the-apps-own"
    more = {"Does that app": ["yes", "yes"], "Secret of that app": ["", "the-apps-own"]}
    person = Person(answers(mail_servers, user, provider, **more), looks=opens(provider))
    table = written(run(paths, person))
    assert table["oauth"]["client_secret"] is True
    assert Path(table["secrets"]["client_secret"]["file"]).read_text() == "the-apps-own\n"
    assert "the-apps-own" not in person.told
    provider.access_tokens.clear()
    checked = sign_in_again(paths, Person({}, looks=opens(provider)), SystemClock(), "support")
    assert checked.identity.handle == user.address


def test_a_place_that_is_taken_takes_neither_of_two_secrets(
    paths: Paths, mail_servers: MailServers, user: User, provider: Provider, tmp_path: Path
) -> None:
    provider.client_secret = "the-apps-own"
    taken = tmp_path / "taken"
    taken.write_text("somebody else's")
    more = {
        "Does that app": ["yes", "yes"],
        "Secret of that app": ["the-apps-own"],
        "Where is": ["file"] * 2,
        "The file": [str(taken), str(tmp_path / "free")],
    }
    person = Person(answers(mail_servers, user, provider, **more), looks=opens(provider))
    table = written(run(paths, person))
    assert table["secret"] == {"file": str(tmp_path / "free")}
    assert not (tmp_path / "taken.client").exists()
    assert provider.ledger == ["signed in"]


def test_an_account_that_was_written_before_anybody_signed_in_can_be_signed_in_to(
    paths: Paths, mail_servers: MailServers, user: User, provider: Provider
) -> None:
    more = {"What now": ["again", "write"]}
    person = Person(answers(mail_servers, user, provider, **more), looks=opens(provider, to="no"))
    table = written(run(paths, person))
    assert not Path(table["secret"]["file"]).parent.exists()
    checked = sign_in_again(paths, Person({}, looks=opens(provider)), SystemClock(), "support")
    assert checked.identity.handle == user.address
    assert Path(table["secret"]["file"]).parent.stat().st_mode & 0o777 == 0o700


class Hasty(Person):
    """Somebody who leaves when it comes to the browser."""

    def until(self, question: str, done: Callable[[], bool]) -> str | None:
        raise EOFError(question, done())


def test_the_known_providers_need_no_addresses(paths: Paths) -> None:
    answered = {
        "Its mail address": ["support@gmail.com"],
        "Id of that app": ["c"],
        "Does that app": ["no"],
        "Where is": ["file"],
        "What now": ["quit"],
    }
    person = Hasty(answered)
    with pytest.raises(EOFError):
        run(paths, person)
    assert any("console.cloud.google.com" in text for text in person.heard)
    address = next(
        text for text in person.heard if text.startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    )
    assert "scope=https%3A%2F%2Fmail.google.com%2F" in address
    assert "login_hint=support%40gmail.com" in address
    assert "Address where tokens are given" not in person.asked


# --- again, and doctor ----------------------------------------------------------------------------


@pytest.fixture
def signed(paths: Paths, mail_servers: MailServers, user: User, provider: Provider) -> dict[str, Any]:
    """An account that is set up; its file."""
    person = Person(answers(mail_servers, user, provider), looks=opens(provider))
    return written(run(paths, person))


def of_account(paths: Paths) -> list[Finding]:
    return [one for one in examine(paths, SystemClock()) if one.what.startswith("support: ")]


def test_a_sound_one_is_said_to_be(paths: Paths, signed: dict[str, Any], user: User) -> None:
    assert of_account(paths)[0] == Finding("ok", f"support: logged in as {user.address}")
    assert signed["auth"] == "oauth"


def test_one_that_has_ended_is_said_with_what_helps_and_that_helps(
    paths: Paths, signed: dict[str, Any], provider: Provider, user: User
) -> None:
    provider.revoke()
    stale(signed)
    (found,) = of_account(paths)
    assert found.level == "bad"
    assert found.what == (
        "support: 127.0.0.1 has ended the sign-in: Token has been expired or revoked. "
        "Sign in again: tuidesk setup --login support"
    )
    assert found.remedy == ""
    person = Person({}, looks=opens(provider))
    checked = sign_in_again(paths, person, SystemClock(), "support")
    assert checked.identity.handle == user.address
    assert of_account(paths)[0].level == "ok"
    no_token(person)


def stale(signed: dict[str, Any]) -> None:
    """The access token that is kept has ended."""
    secret = Path(signed["secret"]["file"])
    secret.write_text(json.dumps({**json.loads(secret.read_text()), "use_until": 0}))


def test_a_place_that_cannot_be_written_is_refused_while_the_token_still_serves(
    paths: Paths, signed: dict[str, Any], provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = paths.accounts / "support.toml"
    secret = Path(signed["secret"]["file"])
    monkeypatch.setenv("ACME_TOKEN", secret.read_text())
    file.write_text(file.read_text().replace(f'file = "{secret}"', 'env = "ACME_TOKEN"'))
    (found,) = of_account(paths)
    assert found.level == "bad"
    assert "ACME_TOKEN" in found.what
    with pytest.raises(SecretError, match="ACME_TOKEN"):
        sign_in_again(paths, Person({}), SystemClock(), "support")
    monkeypatch.delenv("ACME_TOKEN")
    with pytest.raises(SecretError, match="ACME_TOKEN"):
        sign_in_again(paths, Person({}), SystemClock(), "support")
    assert provider.ledger == ["signed in"]


def test_a_place_that_is_empty_is_filled(paths: Paths, signed: dict[str, Any], provider: Provider) -> None:
    secret = Path(signed["secret"]["file"])
    secret.unlink()
    (found,) = of_account(paths)
    assert str(secret) in found.what
    assert found.remedy == "run `tuidesk setup --login support`"
    sign_in_again(paths, Person({}, looks=opens(provider)), SystemClock(), "support")
    assert of_account(paths)[0].level == "ok"


def test_somebody_else_who_has_signed_in(
    paths: Paths, signed: dict[str, Any], provider: Provider, mail_servers: MailServers, user: User
) -> None:
    provider.subject = mail_servers.new_user().address
    with pytest.raises(LoginFailed, match="check that you signed in as that user"):
        sign_in_again(paths, Person({}, looks=opens(provider)), SystemClock(), "support")
    (found,) = of_account(paths)
    assert f"does not take the sign-in of {user.address}" in found.what
    assert signed["oauth"]


def test_a_permission_that_was_taken_away(paths: Paths, signed: dict[str, Any], provider: Provider) -> None:
    provider.grants = "mail.read"
    with pytest.raises(LoginFailed, match=r"mail\.send is missing"):
        sign_in_again(paths, Person({}, looks=opens(provider)), SystemClock(), "support")
    assert of_account(paths)[0].level == "ok"  # what was kept before serves on
    assert signed["oauth"]


def test_who_has_none(paths: Paths, mail_servers: MailServers, user: User, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no account called nobody"):
        sign_in_again(paths, Person({}), SystemClock(), "nobody")
    paths.accounts.mkdir(parents=True, mode=0o700)
    (tmp_path / "secrets").mkdir()
    file = paths.accounts / "plain.toml"
    file.write_text(with_password(mail_servers, user, tmp_path / "secrets"))
    file.chmod(0o600)
    with pytest.raises(Refused, match=r"plain\.toml says where its secret is"):
        sign_in_again(paths, Person({}), SystemClock(), "plain")


# --- at work --------------------------------------------------------------------------------------


def file_of(servers: MailServers, user: User, provider: Provider, secret: Path) -> str:
    """The account's file, with its secret there."""
    sign_in = f"""
auth = "oauth"
[oauth]
client_id = "{CLIENT}"
authorize_url = "{provider.base}/authorize"
token_url = "{provider.base}/token"
"""
    text = with_password(servers, user, secret.parent)
    return re.sub("secret = .*", f'secret = {{ file = "{secret}" }}', text) + sign_in


def test_when_it_ends_the_queue_and_the_reply_stay_the_other_account_goes_on_and_a_new_sign_in_heals(
    mail_servers: MailServers, user: User, provider: Provider, tmp_path: Path
) -> None:
    other, dana = mail_servers.new_user("other"), mail_servers.new_customer()
    mail_servers.drop(mail(user, dana, "first").as_bytes(), user)
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    signed = SignedIn(secrets, app(provider.base), SystemClock())
    provider.life_s = 12
    token = signed.sign_in(provider).access_token
    text = file_of(mail_servers, user, provider, secrets / "secret")
    files = {"support": text, "other": with_password(mail_servers, other, secrets)}
    with working(tmp_path / "home", **files) as desk:
        until(lambda: healthy(desk, "other") and healthy(desk) and len(rows(desk)) == 1)
        provider.revoke()
        until(lambda: time.time() > signed.kept.use_until, 20)
        number = rows(desk)[0].n
        desk.do(commands.Reply(conversation=number, text="It leaves today.")).result()
        _, why = until(lambda: h if (h := health(desk, "support"))[0] == "auth" else None, 30)
        assert "Sign in again: tuidesk setup --login support" in why
        assert token not in why
        assert ours(desk, number).state == "queued"
        mail_servers.deliver(mail(other, dana, "second"), sender=dana.address, to=other.address)
        until(lambda: {row.subject for row in rows(desk)} == {"first", "second"})
        provider.life_s = 3600
        sign_in_again(desk.paths, Person({}, looks=opens(provider)), SystemClock(), "support")
        desk.nudge()
        until(lambda: ours(desk, number).state == "sent", 30)
        until(lambda: healthy(desk))
    assert b"It leaves today." in mail_servers.wait_for(dana, "It leaves today.")
    assert provider.ledger.count("signed in") == 2
    assert "redeemed twice" not in provider.ledger
    told = b"".join(file.read_bytes() for file in (tmp_path / "home").rglob("*") if file.is_file())
    assert not [
        one for one in (b"refresh-", token.encode(), signed.kept.access_token.encode()) if one in told
    ]
