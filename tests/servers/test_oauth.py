"""The OAuth provider itself: what the sign-in tests stand on is as they think."""

import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.servers.oauth import FORM, Provider
from tests.servers.plain import Answer, call

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("oauth")]

_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_BACK = "http://127.0.0.1:5/back"
_VERIFIER = "v" * 50


def _sign_in(provider: Provider, **more: str) -> dict[str, list[str]]:
    digest = hashlib.sha256(_VERIFIER.encode()).digest()
    wanted = {
        "response_type": "code",
        "client_id": "tuidesk",
        "redirect_uri": _BACK,
        "state": "s",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        **more,
    }
    sent = urlsplit(provider.sign_in(f"{provider.authorize_url}?{urlencode(wanted)}"))
    assert sent.path == "/back"
    return parse_qs(sent.query)


def _token(provider: Provider, **words: str) -> Answer:
    return call("POST", provider.token_url, urlencode({"client_id": "tuidesk", **words}).encode(), FORM)


def _with_code(provider: Provider, code: str, **more: str) -> Answer:
    return _token(provider, grant_type="authorization_code", code=code, redirect_uri=_BACK, **more)


def test_a_code_works_once_and_with_its_verifier(oauth: Provider) -> None:
    sent = _sign_in(oauth, login_hint="dana@helpdesk.test")
    assert sent["state"] == ["s"]
    tokens = _with_code(oauth, sent["code"][0], code_verifier=_VERIFIER).good()
    assert oauth.owner(tokens["access_token"]) == "dana@helpdesk.test"
    again = _with_code(oauth, sent["code"][0], code_verifier=_VERIFIER)
    assert (again.status, again.json()["error"]) == (400, "invalid_grant")
    wrong = _with_code(oauth, _sign_in(oauth)["code"][0], code_verifier="w" * 50)
    assert wrong.status == 400
    assert _with_code(oauth, _sign_in(oauth)["code"][0]).status == 400
    assert [asked.refused is None for asked in oauth.ledger()[-4:]] == [True, False, False, False]


def test_a_refresh_token_works_once(oauth: Provider) -> None:
    tokens = _with_code(oauth, _sign_in(oauth)["code"][0], code_verifier=_VERIFIER).good()
    first = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    renewed = _token(oauth, **first).good()
    assert renewed["refresh_token"] != tokens["refresh_token"]
    assert _token(oauth, **first).json() == {"error": "invalid_grant"}
    oauth.revoke(renewed["refresh_token"])
    assert _token(oauth, grant_type="refresh_token", refresh_token=renewed["refresh_token"]).status == 400


def test_tokens_grow_old_and_people_say_no(oauth: Provider) -> None:
    oauth.set_rules(lifetime=0)
    tokens = _with_code(oauth, _sign_in(oauth)["code"][0], code_verifier=_VERIFIER).good()
    assert tokens["expires_in"] == 0
    assert oauth.owner(tokens["access_token"]) is None
    oauth.set_rules(deny=True)
    refused = _sign_in(oauth)
    oauth.set_rules()
    assert refused["error"] == ["access_denied"]
    assert "code" not in refused


def test_a_device_waits_for_its_person(oauth: Provider) -> None:
    device = call("POST", oauth.device_url, b"client_id=tuidesk", FORM).good()
    poll = {"grant_type": _DEVICE, "device_code": device["device_code"]}
    assert _token(oauth, **poll).json() == {"error": "authorization_pending"}
    assert _token(oauth, **poll).json() == {"error": "slow_down"}
    oauth.set_rules(interval=0)
    oauth.enter(device["user_code"], "dana@helpdesk.test")
    assert oauth.owner(_token(oauth, **poll).good()["access_token"]) == "dana@helpdesk.test"
    assert _token(oauth, **poll).json() == {"error": "expired_token"}
    oauth.set_rules()
