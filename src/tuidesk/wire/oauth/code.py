"""Sign in with a browser, wherever that runs: an address to open, and what it ends at (RFC 6749 §4.1, 7636, 8252)."""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from tuidesk.errors import Refused
from tuidesk.wire.channel import Site
from tuidesk.wire.oauth.app import App
from tuidesk.wire.oauth.endpoint import Said, ask, granted, meant
from tuidesk.wire.oauth.grant import Grant
from tuidesk.words import say

_CODE = re.compile(r"[!-~]{4,4096}")


class Request(NamedTuple):
    """One sign-in under way."""

    address: str
    """What the browser opens."""
    redirect: str
    """Where it ends, with the answer in its query."""
    state: str
    verifier: str


def new_state() -> str:
    """What only the answer to our own request can bring back."""
    return secrets.token_urlsafe(24)


def request(app: App, redirect: str, state: str) -> Request:
    """A new one."""
    verifier = secrets.token_urlsafe(48)
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    words = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **dict(app.more),
    }
    if app.scopes:
        words["scope"] = " ".join(app.scopes)
    joint = "&" if urlsplit(app.authorize_url).query else "?"
    return Request(app.authorize_url + joint + urlencode(words), redirect, state, verifier)


def code_in(answer: str, request: Request, app: App) -> str:
    """The code in what the browser brought back, or in what was copied from its address line, or the code alone.

    A code alone tells of no state; that it belongs to this sign-in the provider finds out from the verifier.

    Raises:
        Refused: it is no answer, or one to somebody else, or a no.
    """
    text = answer.strip().strip("'\"<>")
    before, mark, after = text.partition("?")  # some browsers copy an address without its scheme
    query = parse_qs((after if mark else before).partition("#")[0])
    words = {name: values[0] for name, values in query.items()}
    if not words.keys() & {"code", "error"}:
        if mark or "://" in text or not _CODE.fullmatch(text):
            raise Refused(say("oauth.no_answer"))
        return text
    if not hmac.compare_digest(words.get("state", "").encode(), request.state.encode()):
        raise Refused(say("oauth.other_state"))
    issuer = words.get("iss")
    if app.issuer and issuer is not None and issuer.rstrip("/") != app.issuer.rstrip("/"):
        raise Refused(say("oauth.other_issuer", issuer=issuer, wanted=app.issuer))
    if "error" in words:
        raise Refused(_why(words["error"], words.get("error_description", ""), app))
    return words["code"]


def redeemed(app: App, request: Request, code: str, site: Site) -> Grant:
    """What the code is worth. Blocking.

    Raises:
        ChannelError: the provider does not take it, or cannot be asked.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": request.redirect,
        "code_verifier": request.verifier,
    }
    try:
        answer = ask(app, app.token_url, form, site)
    except Said as said:
        if said.error == "invalid_grant":
            raise Refused(say("oauth.bad_code", host=app.host, said=said.reason)) from None
        raise meant(said, app, site) from None
    return granted(app, answer, site, whole=True)


def _why(error: str, description: str, app: App) -> str:
    if error == "access_denied":
        return say("oauth.denied", host=app.host)
    return say("oauth.refused", host=app.host, said=description or error)
