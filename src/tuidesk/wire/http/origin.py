"""Where a secret may go, and where nothing of ours may go: addresses, and the authorities that vouch for them."""

import asyncio
import ssl
from functools import cache
from ipaddress import ip_address
from pathlib import Path

import httpx

from tuidesk.errors import ConfigError, Rejected, Unavailable
from tuidesk.words import say

_LAST_PORT = 65_535


def origin_checked(base: str) -> httpx.URL:
    """A base address that a secret may go to.

    Raises:
        ConfigError: it is no address, or not https and not of this machine.
    """
    try:
        url = httpx.URL(base.strip().rstrip("/"))
    except (httpx.InvalidURL, TypeError, ValueError):
        raise ConfigError(say("http.bad_base", base=_shown(base))) from None
    allowed = url.scheme == "https" or (url.scheme == "http" and is_here(url.host))
    if not url.host or url.userinfo or not allowed or (url.port or 0) > _LAST_PORT:
        raise ConfigError(say("http.bad_base", base=_shown(base)))
    return url.copy_with(query=None, fragment=None)


def _shown(base: str) -> str:
    """Without what may be a password, or a token in the path."""
    scheme, mark, rest = base.rpartition("://")
    return scheme + mark + rest.partition("/")[0].rpartition("@")[2]


def origin(url: httpx.URL) -> tuple[str, str, int | None, bytes]:
    """What two addresses must share so that a secret of the one may go to the other.

    A name and password in the address count: httpx would send them in place of ours.
    """
    port = url.port or {"https": 443, "http": 80}.get(url.scheme)
    return url.scheme, url.host, port, url.userinfo


def is_here(host: str) -> bool:
    """Of this machine, by its name or number."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


async def refuse_inside(url: httpx.URL, base: httpx.URL) -> None:
    """An address that a service names may lead into the agent's own network, where the service has no business.

    Whoever changes what the name stands for between this look and the connection gains nothing: the certificate
    must be of that name.

    Raises:
        Rejected: not https, or inside.
        Unavailable: there is no such name.
    """
    if is_here(base.host) and is_here(url.host) and not url.userinfo and (url.port or 0) <= _LAST_PORT:
        return  # a service on this machine, as in the tests, keeps its files here as well
    if url.scheme != "https" or url.userinfo or (url.port or 0) > _LAST_PORT:
        raise Rejected(say("http.elsewhere", host=base.host, other=url.host))
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.host, url.port or 443)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise Unavailable(say("http.no_connection", host=url.host, why=why)) from None
    if not all(_is_outside(str(place[4][0])) for place in found):
        raise Rejected(say("http.elsewhere", host=base.host, other=url.host))


def _is_outside(number: str) -> bool:
    address = ip_address(number)
    return address.is_global and not address.is_multicast


@cache
def tls(ca: str = "") -> ssl.SSLContext:
    """The system's authorities, and the team's own besides; one for everybody.

    Raises:
        ConfigError: the file cannot be read.
    """
    context = ssl.create_default_context()
    if ca:
        path = Path(ca).expanduser()
        try:
            context.load_verify_locations(path)
        except OSError as error:
            raise ConfigError(say("http.ca", path=path, reason=error.strerror or error)) from error
    return context
