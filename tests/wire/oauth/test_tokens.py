"""The access token of an account: renewed once, by one process at a time, and kept before it is used."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clock import ManualClock
from tests.fakes.provider import Provider, running
from tests.wire.oauth.account import Account, app
from tests.wire.oauth.processes import ended, go, process, until
from tuidesk.config.secrets import redact
from tuidesk.config.tables import SecretSource
from tuidesk.errors import AuthFailed, SecretError, SignInNeeded, Unavailable
from tuidesk.wire.http.client import Client
from tuidesk.wire.oauth.auth import OAuthBearer
from tuidesk.wire.oauth.grant import Grant, written


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


def test_a_token_serves_until_shortly_before_its_end_and_is_renewed_then(
    account: Account, provider: Provider, clock: ManualClock
) -> None:
    first = account.sign_in(provider)
    tokens = account.tokens()
    assert tokens.access() == first.access_token
    clock.advance(3500)
    assert tokens.access() == first.access_token
    clock.advance(60)
    second = tokens.access()
    assert second != first.access_token
    assert provider.takes(second)
    assert account.kept.access_token == second
    assert account.kept.refresh_token != first.refresh_token
    assert (tokens.access(), provider.redemptions) == (second, 1)


def test_a_provider_that_does_not_rotate_leaves_the_refresh_token_as_it_is(
    account: Account, provider: Provider, clock: ManualClock
) -> None:
    provider.rotates = False
    first = account.sign_in(provider)
    for _ in range(3):
        clock.advance(4000)
        assert provider.takes(account.tokens().access())
    assert account.kept.refresh_token == first.refresh_token


def test_what_a_service_does_not_take_is_renewed_once_for_all_who_had_it(
    account: Account, provider: Provider
) -> None:
    stale = account.sign_in(provider).access_token
    one, other = account.tokens(), account.tokens()
    assert one.access() == other.access() == stale
    fresh = one.another(stale)
    assert other.another(stale) == fresh
    assert provider.redemptions == 1


@pytest.mark.parametrize(
    "said", [0, -1, "0", "", "soon", True, float("nan"), float("inf"), "inf", 10**400, [], {}]
)
def test_a_life_that_is_none_is_no_reason_to_renew_at_each_request(
    account: Account, provider: Provider, said: object
) -> None:
    provider.expires_in = said
    account.sign_in(provider)
    assert account.tokens().access() == account.tokens().access()
    assert provider.redemptions == 0


def test_where_nothing_is_kept_a_sign_in_is_what_helps(account: Account) -> None:
    with pytest.raises(SignInNeeded, match=r"nobody has signed in yet.*setup --login support"):
        account.tokens().access()


@pytest.mark.parametrize("status", [400, 403, 404, 405, 422])
def test_a_gateways_no_is_nobodys_last_word(
    account: Account, provider: Provider, clock: ManualClock, status: int
) -> None:
    account.sign_in(provider)
    clock.advance(4000)
    provider.error = status, "", ""
    tokens = account.tokens()
    with pytest.raises(Unavailable):
        tokens.access()
    provider.error = None
    assert provider.takes(tokens.access())


def test_all_threads_of_a_process_wait_for_one_redemption(
    account: Account, provider: Provider, clock: ManualClock
) -> None:
    account.sign_in(provider)
    clock.advance(4000)
    provider.gathers = 2
    tokens = account.tokens()
    had: list[str] = []
    threads = [threading.Thread(target=lambda: had.append(tokens.access())) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(had) == 5
    assert len(set(had)) == 1
    assert provider.ledger == ["signed in", "refreshed"]


# --- processes of their own -----------------------------------------------------------------------


@pytest.fixture
def real(tmp_path: Path) -> Iterator[tuple[Account, Provider]]:
    """For processes, which have the machine's clock; the access token has ended already."""
    with running(Provider(life_s=0)) as provider:
        account = Account(tmp_path, app(provider.base))
        account.sign_in(provider)
        provider.life_s = 3600
        stale = account.kept._replace(use_until=0)
        (tmp_path / "secret").write_text(written(stale))
        yield account, provider


def test_two_processes_at_once_redeem_one_token_once(real: tuple[Account, Provider]) -> None:
    account, provider = real
    provider.gathers = 2
    one, other = process(account, provider.base), process(account, provider.base)
    try:
        go(one)
        go(other)
        had = {until(one, "token "), until(other, "token ")}
    finally:
        ended(one, other)
    assert provider.ledger == ["signed in", "refreshed"]
    assert had == {f"token {account.kept.access_token}"}


def test_a_process_that_is_killed_before_it_redeems_leaves_the_token_and_the_lock(
    real: tuple[Account, Provider],
) -> None:
    account, provider = real
    one = process(account, provider.base, "oauth.redeeming")
    go(one)
    until(one, "at oauth.redeeming")
    os.kill(one.pid, signal.SIGKILL)
    ended(one)
    other = process(account, provider.base)
    go(other)
    assert until(other, "token ") == f"token {account.kept.access_token}"
    ended(other)
    assert provider.ledger == ["signed in", "refreshed"]


def test_a_process_that_is_killed_with_a_new_token_in_its_hands_costs_a_sign_in_and_no_more(
    real: tuple[Account, Provider],
) -> None:
    account, provider = real
    one = process(account, provider.base, "oauth.redeemed")
    go(one)
    until(one, "at oauth.redeemed")
    os.kill(one.pid, signal.SIGKILL)
    ended(one)
    before = account.kept
    account.clock = ManualClock(at=round(before.use_until * 1000) + 1)
    tokens = account.tokens()
    for _ in range(3):
        with pytest.raises(SignInNeeded, match=r"tuidesk setup --login support"):
            tokens.access()
    assert account.kept == before
    assert provider.ledger == ["signed in", "refreshed", "redeemed twice"]  # asked once, not three times
    fresh = account.sign_in(provider)
    assert tokens.access() == fresh.access_token


def test_a_process_that_is_killed_when_the_token_is_kept_costs_nothing(
    real: tuple[Account, Provider],
) -> None:
    account, provider = real
    one = process(account, provider.base, "oauth.kept")
    go(one)
    until(one, "at oauth.kept")
    os.kill(one.pid, signal.SIGKILL)
    ended(one)
    other = process(account, provider.base)
    go(other)
    assert until(other, "token ") == f"token {account.kept.access_token}"
    ended(other)
    assert provider.ledger == ["signed in", "refreshed"]


# --- refusals -------------------------------------------------------------------------------------


def test_a_refusal_of_a_stale_token_does_not_cost_the_fresh_one_that_was_kept_meanwhile(
    account: Account, provider: Provider, clock: ManualClock
) -> None:
    account.sign_in(provider)
    tokens = account.tokens()
    tokens.access()
    clock.advance(4000)
    fresh: list[Grant] = []

    def sign_in() -> None:
        """By a program that knows no lock of ours."""
        provider.meanwhile = lambda: None
        provider.revoke()
        fresh.append(account.signed_in(provider))
        (account.folder / "secret").write_text(written(fresh[0]))

    provider.meanwhile = sign_in
    with pytest.raises(Unavailable):
        tokens.access()
    assert account.kept == fresh[0]
    assert tokens.access() == fresh[0].access_token


def test_a_sign_in_that_was_revoked_is_asked_about_once_and_forgotten_never(
    account: Account, provider: Provider, clock: ManualClock
) -> None:
    before = account.sign_in(provider)
    provider.revoke()
    clock.advance(4000)
    tokens = account.tokens()
    for _ in range(2):
        with pytest.raises(SignInNeeded, match=r"127\.0\.0\.1 has ended the sign-in: Token has been expired"):
            tokens.access()
    assert account.kept == before


@pytest.mark.parametrize(
    ("status", "error", "kind", "said"),
    [
        (401, "invalid_client", AuthFailed, "client_id"),
        (400, "unauthorized_client", AuthFailed, "client_id"),
        (400, "invalid_scope", AuthFailed, "permissions"),
        (400, "interaction_required", SignInNeeded, "Sign in again"),
        (400, "temporarily_unavailable", Unavailable, "refuses"),
        (400, "something_new", AuthFailed, "refuses"),
        (503, "server_error", Unavailable, ""),
    ],
)
def test_each_refusal_has_its_words_and_only_its_end_is_for_good(
    account: Account, provider: Provider, clock: ManualClock, status: int, error: str, kind: type, said: str
) -> None:
    account.sign_in(provider)
    clock.advance(4000)
    provider.error = status, error, "AADSTS1: so it is.\r\nTrace: 1"
    tokens = account.tokens()
    with pytest.raises(kind) as caught:
        tokens.access()
    assert said in str(caught.value)
    assert status >= 500 or "Trace" not in str(caught.value)
    provider.error = None
    if kind is not SignInNeeded:
        assert provider.takes(tokens.access())


def test_nobody_who_has_signed_in_and_an_app_that_is_another(account: Account, provider: Provider) -> None:
    (account.folder / "secret").write_text("hunter2\n")
    (account.folder / "secret").chmod(0o600)
    with pytest.raises(SignInNeeded, match="nobody has signed in"):
        account.tokens().access()
    account.sign_in(provider)
    account.app = app(provider.base, issuer="")
    assert account.tokens().access()
    account.app = app("http://127.0.0.1:1")
    with pytest.raises(SignInNeeded, match="another client_id or provider"):
        account.tokens().access()


def test_a_place_that_takes_nothing_is_found_out_before_a_token_is_spent(
    account: Account, provider: Provider, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = account.sign_in(provider)
    account.tokens().refuse_unwritable()
    assert account.kept == before
    clock.advance(4000)
    monkeypatch.setenv("ACME_TOKEN", written(before))
    account.source = SecretSource(env="ACME_TOKEN")
    for ask in (account.tokens().access, account.tokens().refuse_unwritable):
        with pytest.raises(SecretError, match="ACME_TOKEN"):
            ask()
    assert provider.redemptions == 0


def test_a_token_whose_place_fills_up_at_the_last_moment_is_kept_as_soon_as_it_can_be(
    account: Account, provider: Provider, clock: ManualClock
) -> None:
    account.sign_in(provider)
    clock.advance(4000)
    tokens, secret, aside = account.tokens(), account.folder / "secret", account.folder / "aside"

    def lose() -> None:
        secret.rename(aside)
        secret.mkdir()

    provider.meanwhile = lose
    for _ in range(2):
        with pytest.raises(SecretError, match="not a file"):
            tokens.access()
    secret.rmdir()
    aside.rename(secret)
    fresh = tokens.access()
    assert account.kept.access_token == fresh
    assert (provider.redemptions, provider.takes(fresh)) == (1, True)


# --- over HTTP, and in words ----------------------------------------------------------------------


def test_a_request_is_made_with_it_and_once_more_when_it_was_stale(
    account: Account, provider: Provider
) -> None:
    account.sign_in(provider)
    asyncio.run(_requests(account, provider))


async def _requests(account: Account, provider: Provider) -> None:
    client = Client(provider.base, OAuthBearer(account.tokens()), account.site)
    try:
        assert (await client.get("/me")).json == {"hello": "you"}
        provider.access_tokens.clear()
        assert (await client.get("/me")).json == {"hello": "you"}
        assert provider.ledger == ["signed in", "served", "not served", "refreshed", "served"]
        provider.revoke()
        with pytest.raises(SignInNeeded):
            await client.get("/me")
    finally:
        await client.aclose()


def test_no_token_stands_in_a_word_of_ours(account: Account, provider: Provider) -> None:
    grant = account.sign_in(provider)
    account.tokens().access()
    said = redact(f"{grant.access_token} and {grant.refresh_token} {written(grant)}")
    assert not {part for part in ("access-", "refresh-") if part in said}
    assert grant.access_token not in repr(grant)
    assert sorted(path.name for path in account.folder.iterdir()) == ["oauth.lock", "secret"]
