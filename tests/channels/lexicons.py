"""The makers' own lexicons as the referee of what an adapter asks for; read where they lie, beside the project."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.fakes.service import Asked
from tests.servers.prism import SPECS
from tuidesk.domain.lengths import length

PATH = Path(SPECS) / "bluesky-lexicons.json"
_KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
    "blob": dict,
    "unknown": object,
}
_FORMATS = {
    "did": r"did:[a-z]+:[a-zA-Z0-9._:%-]+",
    "handle": r"([a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+",
    "at-uri": r"at://did:[a-z]+:[a-zA-Z0-9._:%-]+(/[a-zA-Z0-9.-]+(/[a-zA-Z0-9._:~-]+)?)?",
    "nsid": r"[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+",
    "record-key": r"[a-zA-Z0-9._:~-]{1,512}",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    "cid": r"[a-zA-Z0-9+=]{8,}",
    "uri": r"\w+:\S+",
    "at-identifier": r"\S+",
}


@cache
def _all() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
    return found


def violations(asked: Asked) -> list[str]:
    """What is wrong with a request, by its method's lexicon."""
    method = asked.path.removeprefix("/xrpc/")
    lexicon = _all().get(method)
    if lexicon is None:
        return [f"{method}: no such method"]
    main = lexicon["defs"]["main"]
    if (main["type"] == "query") != (asked.method == "GET"):
        return [f"{method}: {asked.method}"]
    wrong = list(_query(asked, main.get("parameters", {}), method))
    wanted = main.get("input", {})
    if wanted.get("encoding") == "application/json":
        wrong += _value(asked.json, wanted["schema"], method, method)
    elif not wanted and asked.body:
        wrong.append(f"{method}: a body")
    return wrong


def _query(asked: Asked, wanted: dict[str, Any], where: str) -> Iterator[str]:
    known = wanted.get("properties", {})
    yield from (
        f"{where}: {name} is missing" for name in wanted.get("required", ()) if name not in asked.query
    )
    for name, values in asked.query.items():
        form = known.get(name)
        if form is None:
            yield f"{where}: {name} is unknown"
            continue
        value: Any = values if form["type"] == "array" else values[-1]
        value = int(value) if form["type"] == "integer" else value
        yield from _value(value, form, f"{where}?{name}", where)


def _value(value: Any, form: dict[str, Any], where: str, lexicon: str) -> Iterator[str]:
    match form["type"]:
        case "ref":
            yield from _referred(value, form["ref"], where, lexicon)
            return
        case "union":
            yield from _referred(value, value.get("$type", "?"), where, lexicon)
            return
        case "unknown" if isinstance(value, dict) and value.get("$type") in _all():
            yield from _value(value, _all()[value["$type"]]["defs"]["main"]["record"], where, value["$type"])
            return
    kind = form["type"]
    if not isinstance(value, _KINDS[kind]):
        yield f"{where}: is no {form['type']}"
    elif isinstance(value, str):
        yield from _string(value, form, where)
    elif isinstance(value, int) and not form.get("minimum", value) <= value <= form.get("maximum", value):
        yield f"{where}: {value} is out of range"
    elif isinstance(value, list):
        if not form.get("minLength", 0) <= len(value) <= form.get("maxLength", len(value)):
            yield f"{where}: {len(value)} of them"
        for one in value:
            yield from _value(one, form["items"], f"{where}[]", lexicon)
    elif kind == "object" and isinstance(value, dict):
        known = form.get("properties", {})
        yield from (f"{where}: {name} is missing" for name in form.get("required", ()) if name not in value)
        for name, one in value.items():
            if name in known:
                yield from _value(one, known[name], f"{where}.{name}", lexicon)
            elif name != "$type":
                yield f"{where}: {name} is unknown"


def _referred(value: Any, ref: str, where: str, lexicon: str) -> Iterator[str]:
    named, _, part = ref.partition("#")
    named = named or lexicon
    form = _all().get(named, {}).get("defs", {}).get(part or "main")
    if form is None:
        yield f"{where}: {ref} is unknown"
    else:
        yield from _value(value, form, where, named)


def _string(value: str, form: dict[str, Any], where: str) -> Iterator[str]:
    if len(value.encode()) > form.get("maxLength", 1 << 30) or length(value, "graphemes") > form.get(
        "maxGraphemes", 1 << 30
    ):
        yield f"{where}: too long"
    if "format" in form and not re.fullmatch(_FORMATS[form["format"]], value):
        yield f"{where}: {value!r} is no {form['format']}"
