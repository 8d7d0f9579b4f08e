"""An access token as a login over IMAP and SMTP: XOAUTH2 (Google's), OAUTHBEARER (RFC 7628). No I/O."""

import json
from collections.abc import Collection

from tuidesk.errors import Rejected
from tuidesk.words import say

MECHANISMS = ("OAUTHBEARER", "XOAUTH2")
"""The standard first."""


def offered(methods: Collection[str]) -> str:
    """The one to take of those a server names; "" where it has neither."""
    return next((one for one in MECHANISMS if one in methods), "")


class Exchange:
    """What we say in one login: the token, and what there is to say after a refusal."""

    def __init__(self, mechanism: str, user: str, token: str, host: str, port: int) -> None:
        """
        Raises:
            Rejected: a sign in one of them could begin another field.
        """
        if any(ord(sign) < 32 for sign in user + token):
            raise Rejected(say("oauth.control"))
        self._mechanism = mechanism
        if mechanism == "XOAUTH2":
            self.first = f"user={user}\1auth=Bearer {token}\1\1".encode()
        else:
            name = user.replace("=", "=3D").replace(",", "=2C")
            self.first = f"n,a={name},\1host={host}\1port={port}\1auth=Bearer {token}\1\1".encode()
        self._said = False
        self.refusal = b""
        """Why the server does not take it: JSON. A line without its base64; b"" where it gave no reason."""

    def answer(self, challenge: bytes) -> bytes:
        """To the server's next word. After a refusal it waits for one more before it says so in its own protocol."""
        if not self._said:
            self._said = True
            return self.first
        self.refusal = challenge
        return b"" if self._mechanism == "XOAUTH2" else b"\1"

    @property
    def scope(self) -> str:
        """The scope that a login needs and this token lacks; "" where that is not what is wrong.

        Google names its scope whatever is wrong, with a status that is a number (400).
        """
        try:
            found = json.loads(self.refusal)
        except (ValueError, RecursionError):
            return ""
        lacks = isinstance(found, dict) and found.get("status") == "insufficient_scope"
        return str(found.get("scope") or "?") if lacks else ""
