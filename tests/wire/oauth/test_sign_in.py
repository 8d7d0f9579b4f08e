"""Signing in: with a browser here or elsewhere, with a code on another device; and who is sent away."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.clock import ManualClock
from tests.fakes.provider import Provider, running
from tests.servers.plain import call
from tests.wire.oauth.account import SCOPES, Account, app
from tuidesk.errors import AuthFailed, ConfigError, Refused, Unavailable
from tuidesk.wire.oauth import code, device
from tuidesk.wire.oauth.app import OAuth
from tuidesk.wire.oauth.loopback import Loopback


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def provider(clock: ManualClock) -> Iterator[Provider]:
    with running(Provider(clock=lambda: clock.now() / 1000)) as made:
        yield made


@pytest.fixture
def account(provider: Provider, clock: ManualClock, tmp_path: Path) -> Account:
    return Account(tmp_path, app(provider.base), clock)


@pytest.fixture
def begun(account: Account) -> code.Request:
    return code.request(account.app, "http://127.0.0.1:9/", code.new_state())


# --- a browser ------------------------------------------------------------------------------------


def test_the_browser_comes_back_to_this_machine(account: Account, provider: Provider) -> None:
    state = code.new_state()
    here = Loopback(state)
    try:
        begun = code.request(account.app, here.redirect, state)
        assert not here.has_come()
        for stranger in ("", "?code=evil", "?code=evil&state=guessed", f"nowhere?code=evil&state={state}"):
            assert call("GET", here.redirect + stranger).status == 404
        assert not here.has_come()
        page = call("GET", provider.says_yes(begun.address))
        assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
        assert b"close this page" in page.body
        assert here.has_come()
        call("GET", f"{here.redirect}?code=late&state={state}")
        found = code.code_in(here.answer, begun, account.app)
        grant = code.redeemed(account.app, begun, found, account.site)
    finally:
        here.close()
    assert provider.takes(grant.access_token)
    with pytest.raises(OSError, match="refused"):
        call("GET", here.redirect)


def test_a_page_says_nothing_of_what_came_and_neither_does_the_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    state = code.new_state()
    here = Loopback(state)
    try:
        page = call("GET", f"{here.redirect}?code=canary&state={state}")
    finally:
        here.close()
    assert b"canary" not in page.body
    assert capfd.readouterr() == ("", "")


def test_the_request_asks_for_what_the_account_needs(account: Account) -> None:
    account.app = app("http://127.0.0.1:9", more=(("login_hint", "support@helpdesk.test"),))
    begun = code.request(account.app, "http://127.0.0.1:5/", "the-state")
    words = {name: values[0] for name, values in parse_qs(urlsplit(begun.address).query).items()}
    assert words.pop("code_challenge") != begun.verifier
    assert words == {
        "response_type": "code",
        "client_id": "the-team-app",
        "redirect_uri": "http://127.0.0.1:5/",
        "scope": " ".join(SCOPES),
        "state": "the-state",
        "code_challenge_method": "S256",
        "login_hint": "support@helpdesk.test",
    }
    assert begun.verifier not in begun.address
    assert len(begun.verifier) >= 43


@pytest.mark.parametrize("dress", ["{}", "  {}\n", "<{}>", "'{}'"])
def test_the_address_can_be_pasted(
    account: Account, provider: Provider, begun: code.Request, dress: str
) -> None:
    pasted = dress.format(provider.says_yes(begun.address))
    found = code.code_in(pasted, begun, account.app)
    assert provider.takes(code.redeemed(account.app, begun, found, account.site).access_token)


def test_so_can_its_query_or_the_code_alone(
    account: Account, provider: Provider, begun: code.Request
) -> None:
    query = urlsplit(provider.says_yes(begun.address)).query
    alone = parse_qs(query)["code"][0]
    assert code.code_in(query, begun, account.app) == alone
    assert code.code_in("?" + query, begun, account.app) == alone
    assert code.code_in(alone, begun, account.app) == alone


@pytest.mark.parametrize("first", ["code", "state"])
def test_so_can_an_address_that_the_browser_copied_without_its_scheme(
    account: Account, begun: code.Request, first: str
) -> None:
    both = {"code": "the-code", "state": begun.state}
    words = "&".join(f"{name}={both[name]}" for name in sorted(both, key=lambda name: name != first))
    assert code.code_in(f"127.0.0.1:9/?{words}#", begun, account.app) == "the-code"
    with pytest.raises(Refused, match="neither the address"):
        code.code_in("127.0.0.1:9/?session=1", begun, account.app)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("http://127.0.0.1:9/?code=abcdef", "another sign-in"),
        ("http://127.0.0.1:9/?code=abcdef&state=other", "another sign-in"),
        ("code=abcdef&state=other", "another sign-in"),
        ("http://127.0.0.1:9/", "neither the address"),
        ("hello there", "neither the address"),
        ("", "neither the address"),
        ("http://127.0.0.1:9/?code=abcdef&state={state}&iss=https://evil.example", "comes from https://evil"),
        ("http://127.0.0.1:9/?error=access_denied&state={state}", "the answer was no"),
        ("http://127.0.0.1:9/?error=server_error&error_description=busy&state={state}", "refuses: busy"),
    ],
)
def test_what_is_no_answer_to_this_sign_in(
    account: Account, begun: code.Request, answer: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        code.code_in(answer.format(state=begun.state), begun, account.app)


def test_a_code_counts_once_and_for_its_own_sign_in(
    account: Account, provider: Provider, begun: code.Request
) -> None:
    found = code.code_in(provider.says_yes(begun.address), begun, account.app)
    other = code.request(account.app, begun.redirect, code.new_state())
    with pytest.raises(Refused, match="does not take the code"):
        code.redeemed(account.app, other, found, account.site)
    with pytest.raises(Refused, match="does not take the code"):
        code.redeemed(account.app, begun, found, account.site)
    assert provider.ledger == []


def test_a_permission_that_was_not_given_is_named(
    account: Account, provider: Provider, begun: code.Request
) -> None:
    provider.grants = "MAIL.READ"
    found = code.code_in(provider.says_yes(begun.address), begun, account.app)
    with pytest.raises(AuthFailed, match=r"mail\.send is missing"):
        code.redeemed(account.app, begun, found, account.site)


def test_an_app_with_a_secret_of_its_own(account: Account, provider: Provider, begun: code.Request) -> None:
    provider.client_secret = "the-apps-own"
    found = code.code_in(provider.says_yes(begun.address), begun, account.app)
    with pytest.raises(AuthFailed, match="whether it needs a client secret"):
        code.redeemed(account.app, begun, found, account.site)


def test_a_provider_without_tls_is_not_asked(account: Account, begun: code.Request) -> None:
    account.app = app("http://signin.example")
    with pytest.raises(ConfigError, match="https"):
        code.redeemed(account.app, begun, "abcdef", account.site)


# --- a code on another device ---------------------------------------------------------------------


def test_a_device_waits_as_it_is_told_until_somebody_says_yes(
    account: Account, provider: Provider, clock: ManualClock
) -> None:
    shown = device.begun(account.app, account.site)
    assert shown.address == f"{provider.base}/device"
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        clock.advance(seconds)
        if len(pauses) == 3:
            provider.types_code(shown.code)

    grant = device.awaited(account.app, shown, account.site, pause)
    assert pauses == [5, 5, 5]
    assert provider.takes(grant.access_token)
    assert provider.ledger == ["device", "signed in"]


def test_a_device_that_is_told_to_slow_down_does(
    account: Account, provider: Provider, clock: ManualClock
) -> None:
    shown = device.begun(account.app, account.site)._replace(interval_s=2)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        clock.advance(seconds)
        if len(pauses) == 2:
            provider.types_code(shown.code)

    device.awaited(account.app, shown, account.site, pause)
    assert pauses == [2, 7]
    assert provider.ledger == ["device", "asked too early", "signed in"]


@pytest.mark.parametrize("answer", ["access_denied", "authorization_declined"])
def test_a_device_that_is_refused(
    account: Account, provider: Provider, clock: ManualClock, answer: str
) -> None:
    shown = device.begun(account.app, account.site)
    provider.types_code(shown.code, answer)
    with pytest.raises(Refused, match="the answer was no"):
        device.awaited(account.app, shown, account.site, clock.advance)


def test_a_device_that_nobody_answers(account: Account, clock: ManualClock) -> None:
    shown = device.begun(account.app, account.site)
    begun = clock.monotonic()
    with pytest.raises(Refused, match="nobody has answered"):
        device.awaited(account.app, shown, account.site, clock.advance)
    assert clock.monotonic() - begun == pytest.approx(600, abs=5)
    late = shown._replace(until=clock.monotonic() + 1000)
    with pytest.raises(Refused, match="nobody has answered"):
        device.awaited(account.app, late, account.site, clock.advance)


def test_a_device_asks_less_and_less_where_nobody_answers(
    account: Account, provider: Provider, clock: ManualClock
) -> None:
    shown = device.begun(account.app, account.site)
    provider.types_code(shown.code)
    provider.error = 503, "", ""
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        clock.advance(seconds)
        if len(pauses) == 3:
            provider.error = None

    device.awaited(account.app, shown, account.site, pause)
    assert pauses == [5, 10, 20]


def test_a_device_does_not_sleep_past_its_yes_nor_its_end_where_nobody_answers(
    account: Account, provider: Provider, clock: ManualClock
) -> None:
    shown = device.begun(account.app, account.site)
    provider.error = 503, "", ""
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        clock.advance(seconds)

    with pytest.raises(Refused, match="nobody has answered"):
        device.awaited(account.app, shown, account.site, pause)
    assert max(pauses) == 60
    assert sum(pauses) == pytest.approx(600)


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        (0, 1),
        (0.001, 1),
        (-1, 5),
        ("5", 5),
        (None, 5),
        (float("inf"), 600),
        (float("nan"), 5),
        (10**400, 600),
    ],
)
def test_an_interval_is_neither_a_storm_nor_for_ever(
    account: Account, provider: Provider, clock: ManualClock, said: object, waits: float
) -> None:
    provider.interval = said
    shown = device.begun(account.app, account.site)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        clock.advance(seconds)

    provider.types_code(shown.code, "access_denied")
    with pytest.raises(Refused):
        device.awaited(account.app, shown, account.site, pause)
    assert pauses[0] == pytest.approx(waits)


def test_an_app_that_may_not_use_codes(account: Account, provider: Provider) -> None:
    provider.error = 400, "unauthorized_client", "no device flow for you"
    with pytest.raises(AuthFailed, match="no device flow for you"):
        device.begun(account.app, account.site)


# --- the words of the file -------------------------------------------------------------------------


def test_the_addresses_of_the_known_providers() -> None:
    scopes = {"google": ("https://mail.google.com/",), "microsoft": ("offline_access",)}
    google = OAuth(client_id="c", provider="google").app(scopes, "a@b.example", "")
    assert google.host == "oauth2.googleapis.com"
    assert (google.device_url, google.scopes) == ("", ("https://mail.google.com/",))
    assert dict(google.more) == {"access_type": "offline", "prompt": "consent", "login_hint": "a@b.example"}
    own = OAuth(client_id="c", provider="microsoft", tenant="acme.example/..").app(scopes, "", "")
    assert own.token_url == "https://login.microsoftonline.com/acme.example%2F../oauth2/v2.0/token"
    assert (own.redirect_host, own.more) == ("localhost", ())


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": ""},
        {"client_id": "c"},
        {"client_id": "c", "token_url": "https://a.example/t"},
        {"client_id": "c", "provider": "google", "token_url": "https://a.example/t"},
    ],
)
def test_a_table_that_cannot_be_meant(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"token_url|client_id"):
        OAuth(**wrong)  # type: ignore[arg-type]


def test_an_answer_that_is_none(account: Account, provider: Provider, begun: code.Request) -> None:
    provider.error = 200, "", ""
    for ask in (
        lambda: code.redeemed(account.app, begun, "abcdef", account.site),
        lambda: device.begun(account.app, account.site),
    ):
        with pytest.raises(Unavailable, match="Unexpected answer"):
            ask()
