"""The same against a provider that others wrote: oauth2-mock-server."""

from pathlib import Path

import pytest

from tests.servers.oauth import Provider
from tests.servers.plain import call
from tests.wire.oauth.account import Account, app
from tests.wire.oauth.processes import ended, go, process, until
from tuidesk.desk.clock import SystemClock
from tuidesk.errors import Refused, SignInNeeded
from tuidesk.wire.oauth import code, device
from tuidesk.wire.oauth.grant import Grant, written
from tuidesk.wire.oauth.loopback import Loopback

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("oauth")]


@pytest.fixture
def account(oauth: Provider, tmp_path: Path) -> Account:
    hint = ("login_hint", "dana@helpdesk.test")
    scopes = ("dummy", "offline_access")  # it calls whatever it grants so
    mine = app(oauth.url, device_url=oauth.device_url, scopes=scopes, more=(hint,))
    return Account(tmp_path, mine, SystemClock())


def signed_in(account: Account, oauth: Provider) -> Grant:
    """Through a port of this machine, as a browser does."""
    state = code.new_state()
    here = Loopback(state)
    try:
        begun = code.request(account.app, here.redirect, state)
        assert call("GET", oauth.sign_in(begun.address)).status == 200
        grant = code.redeemed(account.app, begun, code.code_in(here.answer, begun, account.app), account.site)
    finally:
        here.close()
    account.tokens().keep(grant)
    return grant


def test_a_browser_signs_in_and_the_token_is_renewed(account: Account, oauth: Provider) -> None:
    grant = signed_in(account, oauth)
    assert oauth.owner(grant.access_token) == "dana@helpdesk.test"
    tokens = account.tokens()
    fresh = tokens.another(tokens.access())
    assert oauth.owner(fresh) == "dana@helpdesk.test"
    assert account.kept.refresh_token != grant.refresh_token
    oauth.revoke(account.kept.refresh_token)
    before = len(oauth.ledger())
    for _ in range(2):
        with pytest.raises(SignInNeeded):
            tokens.another(fresh)
    assert len(oauth.ledger()) == before + 1


def test_a_person_says_no(account: Account, oauth: Provider) -> None:
    oauth.set_rules(deny=True)
    try:
        begun = code.request(account.app, "http://127.0.0.1:9/", code.new_state())
        with pytest.raises(Refused, match="the answer was no"):
            code.code_in(oauth.sign_in(begun.address), begun, account.app)
    finally:
        oauth.set_rules()


def test_a_device_asks_until_its_person_has_answered(account: Account, oauth: Provider) -> None:
    shown, asked = device.begun(account.app, account.site), 0

    def pause(_: float) -> None:
        nonlocal asked
        asked += 1
        if asked == 3:
            oauth.set_rules(interval=0)
            oauth.enter(shown.code, "dana@helpdesk.test")

    try:
        grant = device.awaited(account.app, shown, account.site, pause)
    finally:
        oauth.set_rules()
    assert oauth.owner(grant.access_token) == "dana@helpdesk.test"
    assert [one.refused for one in oauth.ledger()[-3:]] == ["authorization_pending", "slow_down", None]
    refused = device.begun(account.app, account.site)
    oauth.enter(refused.code, deny=True)
    with pytest.raises(Refused, match="the answer was no"):
        device.awaited(account.app, refused, account.site, lambda _: None)


def test_two_processes_at_once_redeem_one_token_once(account: Account, oauth: Provider) -> None:
    grant = signed_in(account, oauth)
    (account.folder / "secret").write_text(written(grant._replace(use_until=0)))
    before = len(oauth.ledger())
    one, other = process(account, oauth.url), process(account, oauth.url)
    try:
        go(one)
        go(other)
        had = {until(one, "token "), until(other, "token ")}
    finally:
        ended(one, other)
    assert had == {f"token {account.kept.access_token}"}
    assert [(asked.token, asked.refused) for asked in oauth.ledger()[before:]] == [
        (grant.refresh_token, None)
    ]
