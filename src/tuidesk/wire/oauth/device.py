"""Sign in with a code that is typed in on any other device (RFC 8628)."""

import time
from collections.abc import Callable
from typing import NamedTuple

from tuidesk.errors import RateLimited, Refused, Unavailable
from tuidesk.wire.channel import Site
from tuidesk.wire.oauth.app import App
from tuidesk.wire.oauth.endpoint import Said, ask, granted, meant
from tuidesk.wire.oauth.grant import Grant
from tuidesk.words import say

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_INTERVAL_S = 5.0
_SHORTEST_S = 1.0
"""Whatever a provider says."""
_SELDOM_S = 60.0
"""Between two tries where nobody answers, while the person may have said yes already."""
_LIFE_S = 900.0
_LONGEST_S = 3600.0
_SLOWER_S = 5.0
"""RFC 8628 §3.5: so much more from now on, after each `slow_down`."""


class Device(NamedTuple):
    """What the person is shown, and what we ask with meanwhile."""

    address: str
    code: str
    device_code: str
    interval_s: float
    until: float
    """On the clock that never runs backwards."""


def begun(app: App, site: Site) -> Device:
    """Ask for a code. Blocking.

    Raises:
        ChannelError: the provider gives none.
    """
    try:
        wanted = {"scope": " ".join(app.scopes)} if app.scopes else {}
        answer = ask(app, app.device_url, wanted, site)
    except Said as said:
        raise meant(said, app, site) from None
    shown = [answer.get(name) for name in ("user_code", "device_code")]
    address = answer.get("verification_uri") or answer.get("verification_url")  # Google's older word for it
    if not all(isinstance(one, str) and one for one in (*shown, address)):
        raise Unavailable(say("http.not_understood", host=app.host, what=say("oauth.no_code")))
    life = _number(answer.get("expires_in"), _LIFE_S)
    interval = max(_number(answer.get("interval"), _INTERVAL_S), _SHORTEST_S)
    return Device(str(address), str(shown[0]), str(shown[1]), interval, site.clock.monotonic() + life)


def awaited(app: App, device: Device, site: Site, pause: Callable[[float], None] = time.sleep) -> Grant:
    """Ask until the person has said yes. Blocking, for minutes.

    Raises:
        Refused: they said no, or nothing in time.
        ChannelError: the provider refuses.
    """
    interval = device.interval_s
    form = {"grant_type": _GRANT, "device_code": device.device_code}
    while (left := device.until - site.clock.monotonic()) > 0:
        pause(min(interval, left))
        try:
            return granted(app, ask(app, app.token_url, form, site), site, whole=True)
        except Said as said:
            match said.error:
                case "authorization_pending":
                    continue
                case "slow_down":
                    interval += _SLOWER_S
                case "access_denied" | "authorization_declined":
                    raise Refused(say("oauth.denied", host=app.host)) from None
                case "expired_token" | "code_expired":
                    break
                case _:
                    raise meant(said, app, site) from None
        except RateLimited as error:
            interval = max(interval * 2, error.after or 0.0)
        except Unavailable:
            interval = max(
                interval, min(interval * 2, _SELDOM_S)
            )  # §3.5: exponentially, where nobody answers
    raise Refused(say("oauth.too_late", host=app.host))


def _number(said: object, usual: float) -> float:
    known = isinstance(said, int | float) and not isinstance(said, bool) and said >= 0
    return float(min(said, _LONGEST_S)) if known and isinstance(said, int | float) else usual
