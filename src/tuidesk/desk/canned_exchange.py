"""Canned replies as other programs keep them → ours, and ours as CSV and JSON. Pure but for HTML.

Read for this: Zendesk's macros (`GET /api/v2/macros`: `actions` of `field` and `value`; its actions reference says what
they mean), Chatwoot's canned responses (`GET /api/v1/accounts/N/canned_responses`: `short_code`, `content`, with Liquid
placeholders), and tables with a title and a text, which is what Sprout and most others give. Sprout documents no
columns: the names that are usual are known.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields, replace
from typing import Any, Literal, NamedTuple

from tuidesk.domain import template
from tuidesk.domain.canned import Canned, CannedPriority, CannedStatus, Then
from tuidesk.domain.model import PRIORITIES
from tuidesk.domain.spreadsheet import quoted, unquoted
from tuidesk.domain.survey import Survey
from tuidesk.errors import UsageError
from tuidesk.words import say

Format = Literal["csv", "sprout", "chatwoot", "zendesk", "json", "toml"]
FORMATS: tuple[Format, ...] = ("csv", "sprout", "chatwoot", "zendesk", "json", "toml")
COLUMNS = (
    "name",
    "title",
    "shortcut",
    "language",
    "media",
    "tags",
    "body",
    "attachments",
    "holding",
    "survey",
    "status",
    "tag",
    "untag",
    "assign",
    "priority",
)
_ALSO = {
    "name": ("short_code", "short code", "id"),
    "title": ("name", "subject", "reply title", "saved reply", "label"),
    "shortcut": ("short_code", "short code", "keyword"),
    "language": ("locale", "lang"),
    "media": ("channels", "networks"),
    "tags": ("folder", "category", "group", "labels"),
    "body": ("content", "text", "message", "reply", "response", "reply text", "template", "macro"),
}
"""Columns as others call them; the first that is there is taken."""
_STATUSES: Mapping[str, CannedStatus] = {
    "new": "open",
    "open": "open",
    "pending": "pending",
    "hold": "pending",
    "solved": "complete",
    "closed": "complete",
}
_THEIRS = {
    "ticket.requester.name": "contact.name",
    "ticket.requester.first_name": "contact.first_name",
    "ticket.requester.last_name": "contact.last_name",
    "ticket.requester.email": "contact.email",
    "ticket.requester.phone": "contact.phone",
    "ticket.id": "conversation.number",
    "ticket.title": "conversation.subject",
    "ticket.account": "account.name",
    "current_user.name": "agent.name",
    "current_user.first_name": "agent.first_name",
    "current_user.email": "agent.address",
    "ticket.assignee.name": "agent.name",
    "ticket.assignee.first_name": "agent.first_name",
    "conversation.id": "conversation.number",
    "conversation.display_id": "conversation.number",
    "agent.email": "agent.address",
    "inbox.name": "account.name",
}
"""What others call a value → what we call it."""
_DAYS = ("every_days", "within_days")
_PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_DEFAULT = re.compile(r"""default:\s*["'“”](.*?)["'“”]""")


class Taken(NamedTuple):
    """What was found in a file."""

    replies: tuple[Canned, ...]
    told: tuple[str, ...]
    """What was left out or became something else, a sentence each."""


class _Left(Exception):
    """This one is not taken; the reason is a sentence."""


def format_of(name: str, text: str) -> Format:
    """What a file is, by its name and what stands in it.

    Raises:
        UsageError: it cannot be told.
    """
    if name.endswith((".csv", ".tsv")):
        return "csv"
    if name.endswith(".toml"):
        return "toml"
    start = text.lstrip("\ufeff \t\r\n")
    if start[:1] in ("[", "{"):
        found = _json(text)
        first = found[0] if isinstance(found, list) and found else found
        if isinstance(first, dict):
            if "macros" in first or "actions" in first:
                return "zendesk"
            return "chatwoot" if "short_code" in first or "payload" in first else "json"
    if "," in start.partition("\n")[0]:
        return "csv"
    raise UsageError(say("canned.which_format", known=", ".join(FORMATS)))


def take(text: str, kind: Format, html: Callable[[str], str]) -> Taken:
    """The replies in a text of another program's.

    Args:
        html: HTML as plain text.

    Raises:
        UsageError: it is not of that kind.
    """
    told: list[str] = []
    found: list[Canned] = []
    names: dict[str, None] = {}
    for at, entry in enumerate(_entries(text, kind), 1):
        try:
            made, asked = _taken(entry, kind, html, told)
        except (_Left, UsageError) as left:
            told.append(say("canned.left_out", at=at, name=_called(entry), why=left))
            continue
        name = _free(made.name, names)
        names[name] = None
        if asked:
            told.append(say("canned.became_questions", name=name, what=", ".join(asked)))
        found.append(replace(made, name=name))
    return Taken(tuple(found), tuple(told))


def _taken(
    entry: object, kind: Format, html: Callable[[str], str], told: list[str]
) -> tuple[Canned, tuple[str, ...]]:
    """One entry as a reply of ours, and what became a question."""
    if not isinstance(entry, dict):
        raise _Left(say("canned.no_entry"))
    made = _macro(entry, html, told) if kind == "zendesk" else _plain_entry(entry)
    body, asked = translated(made.body)
    if len(body) > template.MOST:
        raise _Left(say("canned.too_long", most=template.MOST))
    return replace(made, body=body), asked


def _entries(text: str, kind: Format) -> Sequence[object]:
    if kind in ("csv", "sprout"):
        return _rows(text)
    found = _json(text)
    if isinstance(found, dict):
        found = found.get("macros") or found.get("payload") or found.get("data") or [found]
    if not isinstance(found, list) or not any(isinstance(entry, dict) for entry in found):
        raise UsageError(say("canned.no_list", kind=kind))
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
        try:
            return [json.loads(line) for line in lines]  # an object a line
        except (ValueError, RecursionError):
            raise UsageError(say("canned.no_json", why=error)) from None


def _rows(text: str) -> list[dict[str, Any]]:
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)
    first = next(iter(lines), "")
    mark = max((",", ";", "\t"), key=first.count)
    csv.field_size_limit(len(text) + 1)  # a cell that is too long is one entry's matter, not the table's
    try:
        rows = [row for row in csv.reader(lines, delimiter=mark) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UsageError(say("canned.no_csv", why=error)) from None
    heads = [head.strip().casefold().replace("_", " ") for head in rows[0]] if rows else []
    found = [dict(zip(heads, map(unquoted, row), strict=False)) for row in rows[1:]]
    if not any(_column(heads, "body") or head == "status" for head in heads):
        raise UsageError(say("canned.no_body", known=", ".join(("body", *_ALSO["body"]))))
    return found


def _column(heads: Iterable[str], column: str) -> str:
    known = tuple(heads)
    return next((name for name in (column, *_ALSO.get(column, ())) if name.replace("_", " ") in known), "")


def _plain_entry(entry: Mapping[str, Any]) -> Canned:
    """A row of a table, a canned response, or what we have written ourselves."""
    flat = {str(key).casefold().replace("_", " "): value for key, value in entry.items()}
    then = flat.get("then")
    if isinstance(then, dict):
        flat |= {str(key): value for key, value in then.items()}

    def said(column: str) -> str:
        name = _column(flat, column).replace("_", " ")
        return str(flat.get(name) or "").strip() if name else ""

    def several(column: str) -> tuple[str, ...]:
        name = _column(flat, column).replace("_", " ")
        value = flat.get(name) if name else None
        parts = value if isinstance(value, list) else re.split(r"[,;]", str(value or ""))
        return tuple(dict.fromkeys(part for one in parts if (part := str(one).strip())))

    status, priority = said("status").casefold(), said("priority").casefold()
    does = Then(
        status="complete" if status == "complete" else _STATUSES.get(status),
        tag=several("tag") if "tag" in flat else (),
        untag=several("untag") if "untag" in flat else (),
        assign=said("assign"),
        priority=_priority(priority),
    )
    body = template.plain(said("body"))
    if not body and not does:
        raise _Left(say("canned.does_nothing"))
    title = said("title")
    return Canned(
        name=slug(said("name") if "name" in flat or not title else title) or slug(title) or slug(body[:30]),
        title=title if title != said("name") else "",
        shortcut=said("shortcut"),
        language=said("language"),
        media=several("media"),
        tags=several("tags"),
        body=f"{body}\n" if "\n" in body else body,
        attachments=several("attachments"),
        holding=bool(body) and said("holding").casefold() in ("true", "yes", "1"),
        survey=_survey(flat.get("survey")),
        then=does,
    )


def _survey(value: object) -> Survey | None:
    """`csat 1-5 30 14`, or the fields of one by name; what is wrong in it is found where it is written."""
    said = list(value.values()) if isinstance(value, dict) else str(value or "").split()
    names = list(value) if isinstance(value, dict) else [one.name for one in fields(Survey)]
    if not said or not set(names) <= {one.name for one in fields(Survey)}:
        return None
    made: dict[str, Any] = dict(zip(names, said, strict=False))
    made |= {name: int(made[name]) for name in _DAYS if str(made.get(name, "")).isdecimal()}
    return Survey(**made)


def _priority(word: str) -> CannedPriority | None:
    return next((priority for priority in PRIORITIES if priority == word), None)


def _macro(entry: Mapping[str, Any], html: Callable[[str], str], told: list[str]) -> Canned:
    """A macro of Zendesk's."""
    title = str(entry.get("title") or entry.get("raw_title") or "")
    if entry.get("active") is False:
        raise _Left(say("canned.inactive"))
    actions = [one for one in entry.get("actions") or () if isinstance(one, dict)]
    said = {str(one.get("field")): one.get("value") for one in actions}
    if str(said.get("comment_mode_is_public", "true")).casefold() == "false":
        raise _Left(say("canned.internal"))
    body, media = _comment(said, html)
    tags = _words(said.get("set_tags")) + _words(said.get("current_tags"))
    unknown = [field for field in said if field not in _KNOWN]
    if "set_tags" in said:
        told.append(say("canned.adds_tags", name=title))
    if unknown:
        told.append(say("canned.not_done", name=title, what=", ".join(unknown)))
    assignee = said.get("assignee_id")
    assign = "me" if assignee == "current_user" else "-" if assignee == "" else ""
    if assignee and not assign:
        told.append(say("canned.not_done", name=title, what=f"assignee_id {assignee}"))
    does = Then(
        status=_STATUSES.get(str(said.get("status") or "")),
        tag=tuple(dict.fromkeys(tags)),
        untag=_words(said.get("remove_tags")),
        assign=assign,
        priority=_priority(str(said.get("priority") or "")),
    )
    if not body and not does:
        raise _Left(say("canned.does_nothing"))
    *folders, last = [part.strip() for part in title.split("::")]
    return Canned(
        name=slug(title),
        title=last,
        tags=tuple(folder for folder in folders if folder),
        media=media,
        body=f"{body}\n" if "\n" in body else body,
        then=does,
    )


_KNOWN = frozenset(
    (
        "comment_value",
        "comment_value_html",
        "comment_mode_is_public",
        "set_tags",
        "current_tags",
        "remove_tags",
    )
) | {"status", "priority", "assignee_id"}


def _comment(said: Mapping[str, Any], html: Callable[[str], str]) -> tuple[str, tuple[str, ...]]:
    """A macro's text, and the media it is for. A value may be `["channel:chat", text]`."""
    for field, read in (("comment_value", template.plain), ("comment_value_html", html)):
        value = said.get(field)
        channel = ""
        if isinstance(value, list) and len(value) == 2:
            channel, value = str(value[0]), value[1]
        if value:
            return read(str(value)).strip(), ("chat",) if channel == "channel:chat" else ()
    return "", ()


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(value or "").split())


def translated(body: str) -> tuple[str, tuple[str, ...]]:
    """A text with others' placeholders as one with ours; and what became a question, because we have no such value.

    Raises:
        UsageError: there is a program in it.
    """
    if "{%" in body:
        raise UsageError(say("canned.program"))
    if _DEFAULT.search(body) is None:
        with suppress(UsageError):
            template.parse(body)
            return body, ()
    asked: dict[str, None] = {}
    pieces: list[str] = []
    at = 0
    for found in _PLACEHOLDER.finditer(body):
        pieces += [template.escaped(body[at : found.start()]), _ours(found[1], asked)]
        at = found.end()
    return "".join([*pieces, template.escaped(body[at:])]), tuple(asked)


def _ours(inside: str, asked: dict[str, None]) -> str:
    name, bar, filters = inside.partition("|")
    name = name.strip()
    default = _DEFAULT.search(filters)
    fallback = f"|{default[1]}" if default else f"|{filters.strip()}" if bar and ":" not in filters else ""
    called = _THEIRS.get(name, re.sub(r"^contact\.custom_attributes?\.", "contact.", name))
    for written in (f"{{{{{called}{fallback}}}}}", f"{{{{{called}}}}}"):
        try:
            template.parse(written)
        except UsageError:
            continue
        return written
    question = " ".join(re.sub(r"[{}|:._]+", " ", name).split()) or "?"
    asked[question] = None
    return f"{{{{ask:{question}}}}}"


def slug(title: str) -> str:
    """A name for a title: `Refunds::Where is it?` → `refunds-where-is-it`."""
    name = "".join(sign if sign.isalnum() or sign in "._" else "-" for sign in title.casefold())
    return re.sub(r"-{2,}", "-", name).strip("-._")[:60].rstrip("-._")


def _free(name: str, taken: Mapping[str, None]) -> str:
    base = name or "reply"
    return next(one for one in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if one not in taken)


def _called(entry: object) -> str:
    if not isinstance(entry, dict):
        return ""
    return str(next((entry[key] for key in ("title", "name", "short_code") if entry.get(key)), ""))[:60]


# --- ours, for others -------------------------------------------------------------------------------


def as_object(reply: Canned) -> dict[str, Any]:
    """A reply as `--json` and `export --format json` print it."""
    return {
        "type": "canned",
        "name": reply.name,
        "title": reply.title,
        "shortcut": reply.shortcut,
        "language": reply.language,
        "media": list(reply.media),
        "tags": list(reply.tags),
        "body": reply.body,
        "attachments": list(reply.attachments),
        "holding": reply.holding,
        "survey": None if reply.survey is None else asdict(reply.survey),
        "then": {
            "status": reply.then.status,
            "tag": list(reply.then.tag),
            "untag": list(reply.then.untag),
            "assign": reply.then.assign,
            "priority": reply.then.priority,
        },
    }


class _Lines(list[str]):
    """What a CSV writer writes to."""

    def write(self, line: str) -> None:
        self.append(line)


def as_csv(replies: Sequence[Canned]) -> str:
    """Replies as a table. What a spreadsheet would run is kept from it by a `'`, which `take` takes off."""
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    for reply in replies:
        cells = as_object(reply)
        cells |= cells["then"]
        cells["survey"] = " ".join(map(str, asdict(reply.survey).values())) if reply.survey else ""
        writer.writerow(_cell(cells[column]) for column in COLUMNS)
    return "".join(lines)


def _cell(value: object) -> str:
    value = "yes" if value is True else value
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return quoted(text)
