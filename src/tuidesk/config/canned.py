"""Canned replies on disk: the agent's own `canned.toml`, which is ours to write, and the team's, which are only read.

A file is one table a reply, the table's name is the reply's. Of replies with the same name the agent's own wins, then
the one that was named last in the config. Nothing here raises for what a file says: every mistake is a `Problem`, the
rest goes on.
"""

import fcntl
import hashlib
import os
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tuidesk.config.load import Config, is_id
from tuidesk.config.paths import Paths, read_trusted, trusted_owners, write_over
from tuidesk.config.schema import Problem, convert
from tuidesk.domain import template
from tuidesk.domain.canned import Canned, Then, bodies
from tuidesk.domain.survey import FITS, Survey
from tuidesk.errors import ConfigError, Refused, UsageError
from tuidesk.words import say

_NOTHING = Then()
_MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a file."""

    title: str = ""
    shortcut: str = ""
    language: str = ""
    media: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    body: str = ""
    attachments: tuple[str, ...] = ()
    """Paths, relative to the file's folder."""
    holding: bool = False
    survey: Survey | None = None
    then: Then = field(default_factory=Then)


class Library(NamedTuple):
    """Every canned reply there is."""

    replies: tuple[Canned, ...]
    problems: tuple[Problem, ...]

    def with_shipped(self) -> tuple[Canned, ...]:
        """These, and the shipped ones of a kind that nobody here has one of."""
        names = {reply.name for reply in self.replies}
        kinds = {_kind(reply) for reply in self.replies}
        return (
            *self.replies,
            *(one for one in shipped() if one.name not in names and _kind(one) not in kinds),
        )


def _kind(reply: Canned) -> str:
    return "holding" if reply.holding else "survey" if reply.survey is not None else ""


class Own(NamedTuple):
    """`canned.toml` as it stood when it was read."""

    replies: tuple[Canned, ...]
    stamp: str
    """Names these bytes; "" where there is no file."""


class _Source(NamedTuple):
    path: Path
    owners: frozenset[int]
    own: bool = False


class _Read(NamedTuple):
    """What one file gave."""

    replies: tuple[Canned, ...]
    problems: tuple[Problem, ...]


class Shelf:
    """Reads canned replies, and of what was read before only the files that have changed. Blocking."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._kept: dict[Path, tuple[tuple[int, ...], _Read]] = {}

    def load(self) -> Library:
        """All of them, by name; what is wrong in the files besides."""
        found: dict[str, Canned] = {}
        problems: list[Problem] = []
        for source in _sources(self._config):
            within: dict[str, Canned] = {}
            for path in _files(source, problems):
                read = self._read(path, source)
                problems += read.problems
                for reply in read.replies:
                    if (other := within.get(reply.name)) is not None:
                        problems.append(
                            Problem(str(path), reply.name, say("canned.twice", other=other.source))
                        )
                    else:
                        within[reply.name] = reply
            found |= within
        replies = _that_can_be_filled(found, problems)
        return Library(tuple(sorted(replies, key=lambda reply: reply.name)), tuple(problems))

    def _read(self, path: Path, source: _Source) -> _Read:
        try:
            now = path.stat()
        except OSError:
            return _read_file(path, source)
        mark = (now.st_mtime_ns, now.st_size, now.st_ino, now.st_mode, now.st_uid)
        kept = self._kept.get(path)
        if kept is None or kept[0] != mark:
            kept = self._kept[path] = mark, _read_file(path, source)
        return kept[1]


def _sources(config: Config) -> list[_Source]:
    """Where replies are looked for, what wins last."""
    user = trusted_owners()
    found = [
        _Source(folder / name, user) for folder in config.paths.layers for name in ("canned.toml", "canned")
    ]
    if config.team is not None:
        owners = _owners_of(config.team)
        found += [_Source(config.team / name, owners) for name in ("canned.toml", "canned")]
    for written in config.file.canned:
        path = config.paths.config / os.path.expanduser(written)
        found.append(_Source(path, _owners_of(path)))
    return [*found, _Source(config.paths.canned, user, own=True)]


def _owners_of(path: Path) -> frozenset[int]:
    """A team's checkout may be another user's, who alone may write it."""
    try:
        return trusted_owners(path.stat().st_uid)
    except OSError:
        return trusted_owners()


def _files(source: _Source, problems: list[Problem]) -> list[Path]:
    """The file, or every `*.toml` in the folder and below it."""
    if not source.path.is_dir():
        if not source.path.exists() and not source.own and source.path.name not in ("canned.toml", "canned"):
            problems.append(Problem(str(source.path), "", say("canned.no_source"), written=False))
        return [source.path] if source.path.exists() or source.path.is_symlink() else []
    found = []
    for folder, folders, names in os.walk(source.path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(folder, name) for name in sorted(names) if name.endswith(".toml") and name[0] != "."]
    return found


def _read_file(path: Path, source: _Source) -> _Read:
    try:
        text = read_trusted(path, source.owners).decode()
    except ConfigError as error:
        return _Read((), (Problem(str(path), "", str(error).removeprefix(f"{path} "), written=False),))
    except OSError as error:
        text = say("config.closed", reason=error.strerror)
        return _Read((), (Problem(str(path), "", text, written=False),))
    except UnicodeDecodeError as error:
        return _Read((), (Problem(str(path), "", say("config.not_utf8", at=error.start)),))
    return _parsed(text, path, source)


def _parsed(text: str, path: Path, source: _Source) -> _Read:
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return _Read((), (Problem(str(path), "", say("config.not_toml", reason=error)),))
    replies: list[Canned] = []
    problems: list[Problem] = []
    for name, entry in table.items():
        made = _reply(path, name, entry, source, problems)
        if made is not None:
            replies.append(made)
    return _Read(tuple(replies), tuple(problems))


def parse_toml(text: str) -> tuple[tuple[Canned, ...], tuple[Problem, ...]]:
    """Replies that stand in no file of ours; the files that go with them are named from where we are."""
    return _parsed(text, Path.cwd() / "canned.toml", _Source(Path.cwd(), frozenset(), own=True))


@cache
def shipped() -> tuple[Canned, ...]:
    """Replies that come with the program, in every language that it speaks."""
    path = Path(__file__).with_name("shipped.toml")
    made = _parsed(path.read_text(encoding="utf-8"), path, _Source(path, frozenset())).replies
    return tuple(replace(reply, source="") for reply in made)


def _reply(path: Path, name: str, entry: object, source: _Source, problems: list[Problem]) -> Canned | None:
    """One table as a reply; None where something in it is wrong, which is noted."""
    file = str(path)

    def wrong(text: str, key: str = "") -> None:
        problems.append(Problem(file, f"{name}.{key}" if key else name, text))

    if not isinstance(entry, dict):
        wrong(say("canned.no_table"))
        return None
    if not is_id(name):
        wrong(say("canned.bad_name"))
        return None
    made, noted = convert(Entry, entry, file=file)
    problems += [problem._replace(key=f"{name}.{problem.key}") for problem in noted]
    if made is None:
        return None
    if not made.body.strip() and not made.then:
        wrong(say("canned.does_nothing"))
        return None
    if made.holding and not made.body.strip():
        wrong(say("canned.holding_says_nothing"), "holding")
        return None
    if made.holding and made.then.status is not None:
        wrong(say("canned.holding_moves_nothing"), "then.status")
        return None
    if made.survey is not None and (why := _wrong_survey(made, made.survey)):
        wrong(why, "survey")
        return None
    try:
        template.parse(made.body)
    except UsageError as error:
        wrong(str(error), "body")
        return None
    attachments = tuple(_whole(given, path.parent) for given in made.attachments)
    if not source.own and not all(_is_within(one, path.parent) for one in attachments):
        wrong(say("canned.outside"), "attachments")  # a colleague does not choose among this agent's files
        return None
    keys = {one.name: getattr(made, one.name) for one in fields(Entry)}
    keys |= {"body": template.plain(made.body), "attachments": attachments}
    return Canned(name=name, source=file, own=source.own, **keys)


def _wrong_survey(reply: Entry, survey: Survey) -> str:
    """What is wrong with a reply that asks for a rating; "" where nothing is."""
    if not reply.body.strip():
        return say("canned.survey_says_nothing")
    if reply.holding:
        return say("canned.survey_and_holding")
    if reply.then.status is not None:
        return say("canned.survey_moves_nothing")
    if survey.scale not in FITS[survey.kind]:
        return say("canned.survey_scale", kind=survey.kind, known=", ".join(FITS[survey.kind]))
    if not 1 <= survey.every_days <= _MOST_DAYS or not 1 <= survey.within_days <= _MOST_DAYS:
        return say("canned.survey_days", most=_MOST_DAYS)
    return ""


def _whole(given: str, folder: Path) -> str:
    return os.path.normpath(os.path.join(folder, os.path.expanduser(given)))


def _is_within(file: str, folder: Path) -> bool:
    return Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder))


def _that_can_be_filled(found: dict[str, Canned], problems: list[Problem]) -> list[Canned]:
    """Without those that contain themselves, or what is not there."""
    whole = bodies(found.values())
    replies = []
    for reply in found.values():
        try:
            template.check(reply.name, reply.body, whole)
        except UsageError as error:
            problems.append(Problem(reply.source, f"{reply.name}.body", str(error)))
        else:
            replies.append(reply)
    return replies


# --- the agent's own file ---------------------------------------------------------------------------


def read_own(paths: Paths) -> Own:
    """`canned.toml`, to be changed and written again.

    Raises:
        ConfigError: something in it is wrong, and would be lost if it were written.
    """
    try:
        data = read_trusted(paths.canned, trusted_owners())
    except FileNotFoundError:
        return Own((), "")
    except OSError as error:
        raise ConfigError(f"{paths.canned}: {say('config.closed', reason=error.strerror)}") from error
    read = _read_file(paths.canned, _Source(paths.canned, trusted_owners(), own=True))
    if read.problems:
        raise ConfigError("\n".join(map(str, read.problems)))
    return Own(read.replies, _stamp(data))


def write_own(paths: Paths, replies: Sequence[Canned], stamp: str) -> None:
    """Put these replies into `canned.toml`, in this order: whole and on disk, or not at all. 0600.

    Args:
        stamp: of the file that they were read from.

    Raises:
        Refused: it has changed meanwhile, or one of them is none; nothing is written.
        ConfigError: the disk refuses.
    """
    text = written(replies)
    noted = _parsed(text, paths.canned, _Source(paths.canned, frozenset(), own=True)).problems
    if noted:
        raise Refused("\n".join(f"{problem.key}: {problem.text}" for problem in noted))
    target = Path(os.path.realpath(paths.canned))  # a link into a checkout stays one
    try:
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(
                folder, fcntl.LOCK_EX
            )  # two of us at once: the second sees what the first has written
            if _stamp_of(target) != stamp:
                raise Refused(say("canned.changed_meanwhile", path=paths.canned))
            write_over(target, text.encode())
        finally:
            os.close(folder)
    except OSError as error:
        raise ConfigError(say("config.cannot_write", path=paths.canned, reason=error.strerror)) from error


def _stamp_of(path: Path) -> str:
    try:
        return _stamp(path.read_bytes())
    except FileNotFoundError:
        return ""


def _stamp(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def with_reply(replies: Sequence[Canned], reply: Canned) -> tuple[Canned, ...]:
    """The replies with this one: in its place, or a new one before the first whose name comes after its own."""
    if any(other.name == reply.name for other in replies):
        return tuple(reply if other.name == reply.name else other for other in replies)
    at = next((at for at, other in enumerate(replies) if other.name > reply.name), len(replies))
    return (*replies[:at], reply, *replies[at:])


def written(replies: Iterable[Canned]) -> str:
    """Replies as a `canned.toml`: a table each, its body last, as it is read."""
    import tomli_w  # who only reads does not load it

    parts = [say("canned.header")]
    for reply in replies:
        keys: dict[str, Any] = {
            "title": reply.title,
            "shortcut": reply.shortcut,
            "language": reply.language,
            "media": list(reply.media),
            "tags": list(reply.tags),
            "attachments": [_short(path) for path in reply.attachments],
            "holding": reply.holding,
        }
        said = {key: value for key, value in keys.items() if value}
        part = tomli_w.dumps({reply.name: said})
        if reply.body:
            part += f"body = {_text(reply.body)}\n"
        if reply.survey is not None:
            part += "\n" + tomli_w.dumps({reply.name: {"survey": asdict(reply.survey)}})
        if reply.then:
            part += "\n" + tomli_w.dumps({reply.name: {"then": then_table(reply.then)}})
        parts.append(part)
    return "\n".join(parts)


def _short(path: str) -> str:
    """A path as a person writes it."""
    home = os.path.expanduser("~")
    return f"~{path[len(home) :]}" if path.startswith(home + os.sep) else path


def then_table(then: Then) -> dict[str, Any]:
    """What a reply does besides, without what it does not."""
    keys: dict[str, Any] = {
        "status": then.status,
        "tag": list(then.tag),
        "untag": list(then.untag),
        "assign": then.assign,
        "priority": then.priority,
    }
    return {key: value for key, value in keys.items() if value}


def _text(body: str) -> str:
    """A TOML string; of several lines as they are read: tomli-w would put a `\\` before every quotation mark."""
    if "\n" not in body:
        import tomli_w

        return tomli_w.dumps({"body": body}).removeprefix("body = ").rstrip("\n")
    kept = body.replace("\\", "\\\\").replace('"""', '""\\"')
    kept = "".join(
        sign if sign in "\n\t" or sign.isprintable() or sign > "\x9f" else f"\\u{ord(sign):04x}"
        for sign in kept
    )
    if kept.endswith('"'):
        kept = kept[:-1] + '\\"'
    return f'"""\n{kept}"""'
