"""Where a link leads, in words short enough for a line of text and true enough to be believed."""

import re
from urllib.parse import urljoin, urlsplit

_IGNORED = re.compile("[\x00-\x20\x7f]")
"""What browsers leave out of an address before they read it (url.spec.whatwg.org §4.4)."""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,20}):", re.IGNORECASE)
_WEB = re.compile(r"(https?|ftp|wss?):[/\\]*", re.IGNORECASE)
_HOST = re.compile(r"(?:[^\s./@:?#<>()\[\]\"',;|]{1,63}\.)+[^\s\d./@:?#<>()\[\]\"',;|]{2,63}")
"""What a person takes for a host."""
_LONGEST = 253
"""Characters of a host name, RFC 1035 §2.3.4."""
_SHOWN = 60
"""Characters of an address that are shown; its host always is."""


def target(href: str, visible: str, base: str = "") -> str:
    """What to show beside a link's text: `host/path` (cut), an address; empty where the text says it.

    `visible` is what the person reads, `base` the document's own base address, which moves relative links.
    """
    href = _IGNORED.sub("", href)
    visible = visible.strip()
    if not visible or href.startswith("#") or not href:
        return ""
    if base and not _SCHEME.match(href):
        href = _joined(base, href)
    if href[:2].replace("\\", "/") == "//":
        href = "https:" + href
    web = _WEB.match(href)
    if web:
        return _web(f"{web[1].lower()}://" + href[web.end() :].replace("\\", "/"), visible)
    scheme = _SCHEME.match(href)
    if scheme is None:
        return ""  # relative to nothing: leads nowhere
    rest = href[scheme.end() :]
    if scheme[1].lower() in ("mailto", "tel", "sms", "callto"):
        address = rest.partition("?")[0]
        return "" if _same(address, visible) else _cut(address)
    return _cut(href)


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(_IGNORED.sub("", base).replace("\\", "/"), href.replace("\\", "/"))
    except ValueError:
        return href


def _web(url: str, visible: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = _looked_up(parts.hostname or ""), parts.port
    except ValueError:
        return _cut(url)
    said = {_bare(found) for found in _HOST.findall(visible)}
    if said == {_bare(host)}:
        return ""
    shown = (
        host
        + (f":{port}" if port else "")
        + parts.path.rstrip("/")
        + (f"?{parts.query}" if parts.query else "")
    )
    return host + "/…" if len(shown) > _SHOWN else shown


def _looked_up(host: str) -> str:
    """The host's true name: letters of another alphabet look like ours (`bаnk.example`).

    Python's codec is that of IDNA 2003, which takes `ß` for `ss` and drops joiners; browsers do not, so a name that
    does not come back as it was stays as it is.
    """
    if host.isascii() or len(host) > _LONGEST:
        return host
    try:
        made = host.encode("idna")
        return made.decode("ascii") if made.decode("idna") == host else host
    except UnicodeError:
        return host


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.").rstrip(".")


def _same(address: str, visible: str) -> bool:
    """Equal but for the blanks and dashes in telephone numbers."""
    return re.sub(r"[\s().-]", "", address).lower() == re.sub(r"[\s().-]", "", visible).lower()


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
