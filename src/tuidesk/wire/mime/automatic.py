"""Mail that no person wrote: machines, lists (RFC 3834, 2919), delivery reports (RFC 3464, and older).

The rules lean towards *person*: a machine's mail taken for a customer's costs a glance, a customer's taken
for a machine's is never answered.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from tuidesk.wire.mime import headers, structure
from tuidesk.wire.mime.charset import text_of
from tuidesk.wire.mime.mail import Auto, Bounce
from tuidesk.wire.mime.structure import Section

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_RETURNED_TYPES = (
    "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global",
    "message/global-headers",
)  # fmt: skip
_WORST_FIRST = ("failed", "delayed", "relayed", "expanded", "delivered")

_ANSWERED = re.compile(
    r"\s*(?:abwesenheitsnotiz|auto: .{1,200}\b(?:out of|away|returning|abwesend)|[\[【(（]?(?:"
    r"auto(?:matic(?:ally)?)?[ -]?(?:reply|response|antwort)|out of (?:the )?office(?:[ -](?:auto-?reply|reply))?"
    r"|automatische antwort|réponse automatique|respuesta automática|risposta automatica"
    r"|resposta automática|automatisch antwoord|automatyczna odpowiedź|otomatik yanıt|автоответ"
    r"|автоматический ответ"
    r"|자동 ?(?:응답|회신)|부재 ?중|自動応答|自動返信|不在通知|自动回复|自動回覆|الرد التلقائي|رد تلقائي"
    r"|avtomatik javob)\s?(?:[:：\]】)）(,–—-]|(?:until|till|from|back|to your)\b|$))",
    re.IGNORECASE,
)
"""With a sign, or a word, that goes on as programs do: "Automatic reply is broken" is what customers write."""
_AUTO_FIELDS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-mail-autoreply",
    "x-vacation",
)
_DAEMON = re.compile(r"(?:mailer-?daemon|postmaster|mail-?daemon|mail\.?delivery)\b", re.IGNORECASE)
_RETURNED = re.compile(
    r"undeliver|returned mail|delivery (?:status )?notification|delivery (?:has )?fail"
    r"|mail delivery (?:failed|problem|system)"
    r"|failure notice|non[- ]?delivery|delivery report|could not be delivered|delayed mail|blocked by our"
    r"|message status"
    r"|unzustellbar|nicht zugestellt|non remis|no entregado|недоставлен|не доставлено|배달 ?실패|반송"
    r"|配信不能|退信",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(r"copy of|original|below this line|returned|headers", re.IGNORECASE)
_HEADER_OF_ORIGINAL = re.compile(
    r"original message follows|(?:received|return-path|dkim-signature):\s", re.IGNORECASE
)
_LATE = re.compile(
    r"delayed|still being retried|not yet (?:been )?deliver|will (?:keep|continue) (?:trying|to)|keep trying",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}")
_NAMED = re.compile(r"^\s*(?:<([^<>\s]+@[^<>\s]+)>|([^<>\s:,]+@[^<>\s:,]+))\s*:?", re.MULTILINE)
_TO = re.compile(r"^[ \t]*To:[^\n]*", re.MULTILINE)
_CODE = re.compile(r"(?<![\d.])([245]\d\d)(?=[ -])")
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_RETURNED_ID = re.compile(r"^[ \t>]*message-id:\s*(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)
_MOST_COPIES = 100
_LOOKED_INTO = 60_000
"""Characters of a report that is free text."""


def is_list(root: Section) -> bool:
    """RFC 2919 and 2369, or what older list programs wrote."""
    precedence = root.header("precedence").strip().lower()
    return bool(root.header("list-id") or root.header("list-post") or precedence == b"list")


def kind(root: Section, subject: str, bounce: Bounce | None) -> Auto:
    """Who wrote: a person, a machine, or a machine that brings a mail back."""
    if bounce is not None:
        return "bounce"
    submitted = text_of(root.header("auto-submitted")).strip().lower()
    if submitted and not submitted.startswith("no"):
        return "auto"
    if any(root.header(name) for name in _AUTO_FIELDS):
        return "auto"
    if root.header("precedence").strip().lower() in (b"auto_reply", b"auto-reply", b"bulk", b"junk"):
        return "auto"
    report = root.type == "multipart/report"  # a read receipt (RFC 8098) or a complaint (RFC 5965)
    nobody = root.header("return-path").strip() == b"<>"
    return "auto" if report or nobody or _ANSWERED.match(subject) else "person"


def bounce(root: Section, subject: str, sender: str) -> Bounce | None:
    """What the report says, if the mail is one. A forged one reads alike: only `about` ties it to ours."""
    leaves = list(root.walk())
    text = next((leaf.text()[:_LOOKED_INTO] for leaf in leaves if leaf.type == "text/plain"), "")
    statuses = [leaf for leaf in leaves if leaf.type in _STATUS_TYPES]
    standard = (
        root.type == "multipart/report"
        and root.parameters.get("report-type", "").lower() == "delivery-status"
    )
    passed_on = bool(statuses) and not _is_from_system(
        root, sender
    )  # a customer shows what came back to them
    if not standard and (passed_on or not (statuses or _reads_like_one(root, subject, sender, text))):
        return None
    groups = [group for leaf in statuses for group in _groups(leaf)]
    recipients = [group for group in groups if "action" in group or "final-recipient" in group]
    about = _about(leaves, text)
    found = _from_fields(recipients, about) if recipients else _from_text(root, subject, text, about)
    return replace(found, copies=_copies(leaves))


def _reads_like_one(root: Section, subject: str, sender: str, text: str) -> bool:
    """A report of the old sort: from the mail system, and about a mail that comes back."""
    if root.header("x-failed-recipients"):
        return True
    returned = _RETURNED.search(subject) or _RETURNED.search(text[:2000])
    return _is_from_system(root, sender) and returned is not None


def _is_from_system(root: Section, sender: str) -> bool:
    local = sender.rpartition("@")[0] or sender
    return bool(_DAEMON.match(local)) or root.header("return-path").strip() == b"<>"


def _groups(leaf: Section) -> Iterator[dict[str, str]]:
    """The field groups of a delivery status, blank lines between them (RFC 3464 §2.1)."""
    for block in re.split(r"\n[ \t]*\n", leaf.text()[:_LOOKED_INTO]):
        group: dict[str, str] = {}
        for line in re.sub(r"\n[ \t]+", " ", block).split("\n"):
            name, colon, value = line.partition(":")
            if colon:
                group.setdefault(name.strip().lower(), headers.one_line(headers.words(value)))
        if group:
            yield group


def _from_fields(groups: list[dict[str, str]], about: str) -> Bounce:
    actions = [group.get("action", "failed").partition(" ")[0].lower() for group in groups]
    action = next((worst for worst in _WORST_FIRST if worst in actions), "failed")
    chosen = [group for group, its in zip(groups, actions, strict=True) if its == action] or groups
    reason = next((group["diagnostic-code"] for group in chosen if group.get("diagnostic-code")), "")
    reason = re.sub(r"^[A-Za-z0-9-]{1,20}\s*;\s*", "", reason)
    status = next((match[0] for group in chosen if (match := _ENHANCED.search(group.get("status", "")))), "")
    if not status or status.endswith(".0.0"):
        better = _ENHANCED.search(reason)
        status = better[0] if better else status
    failed = dict.fromkeys(_recipient(group) for group in chosen) if action in ("failed", "delayed") else {}
    return Bounce(
        action=action,
        failed=tuple(address for address in failed if address),
        about=about,
        status=status,
        code=_code(reason),
        reason=reason[:1000],
    )


def _recipient(group: dict[str, str]) -> str:
    """The address we wrote to, where the report tells it apart from the one it was forwarded to."""
    value = group.get("original-recipient") or group.get("final-recipient", "")
    return value.partition(";")[2].strip().strip("<>") or value.strip().strip("<>")


def _from_text(root: Section, subject: str, text: str, about: str) -> Bounce:
    told = _told(text)
    ours = {
        found.lower()
        for name in ("to", "from", "sender")
        for found in _ADDRESS.findall(text_of(root.header(name)))
    }
    named = _ADDRESS.findall(text_of(root.header("x-failed-recipients")))
    named = named or [first or second for first, second in _NAMED.findall(told)]
    named = named or [found for line in _TO.findall(told) for found in _ADDRESS.findall(line)]
    named = named or _ADDRESS.findall(told)
    lines = [headers.one_line(line) for line in told.split("\n")]
    reason = next((line for line in lines if _CODE.search(line) or _ENHANCED.search(line)), "")
    if not reason:
        reason = next((line for line in lines if line and _ADDRESS.search(line)), "")
    status = _ENHANCED.search(told)
    return Bounce(
        action="delayed" if _LATE.search(subject) or _LATE.search(told) else "failed",
        failed=tuple(dict.fromkeys(address for address in named[:100] if address.lower() not in ours)),
        about=about,
        status=status[0] if status else "",
        code=_code(reason),
        reason=reason[:1000],
    )


def _told(text: str) -> str:
    """The report's own words: what stands above the mail that it brings back."""
    own = []
    for line in text.split("\n"):
        bare = line[:200].lstrip("> \t")
        if _HEADER_OF_ORIGINAL.match(bare) or (bare.startswith("--") and _ORIGINAL.search(bare)):
            break
        own.append(line)
    return "\n".join(own)


def _code(reason: str) -> int | None:
    match = _CODE.search(reason)
    return int(match[1]) if match else None


def _copies(leaves: list[Section]) -> tuple[str, ...]:
    """Who is in the Cc of the mail that came back, and not in its To; nobody where it was sent to copies alone."""
    for head in _returned(leaves):
        to, cc = ({person.handle for person in headers.people(head.header(name))} for name in ("to", "cc"))
        if to:
            return tuple(sorted(cc - to))[:_MOST_COPIES]
    return ()


def _returned(leaves: list[Section]) -> Iterator[Section]:
    """The headers of the mail that came back, where they are a part of the report."""
    return (structure.head(leaf.content()) for leaf in leaves if leaf.type in _RETURNED_TYPES)


def _about(leaves: list[Section], text: str) -> str:
    """The Message-ID of the mail that came back: from its headers, else from where the text quotes them."""
    for head in _returned(leaves):
        found = headers.ids(head.header("message-id"))
        if found:
            return found[0]
    for leaf in reversed(leaves):
        body = text if leaf.type == "text/plain" else text_of(leaf.content()[:_LOOKED_INTO])
        quoted = _RETURNED_ID.search(body.replace("\r\n", "\n"))
        if quoted:
            return quoted[1]
    return ""
