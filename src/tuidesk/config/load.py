"""Reading the config: the machine's layer, the team's, the user's; the later wins.

Nothing here raises for what a file says: every mistake is a `Problem`, a broken account stays out, the rest
goes on. Nothing heavy is imported: whoever lists conversations passes through here.
"""

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tuidesk.config.paths import Paths, read_trusted, refuse_unsafe, trusted_owners
from tuidesk.config.schema import Problem, Written, convert, take_out
from tuidesk.config.tables import COMMON, AccountFile, AccountKeys, ConfigFile, Keys, ViewTable
from tuidesk.domain.model import Person, Settings, Watch
from tuidesk.errors import ConfigError
from tuidesk.words import say, speak

if TYPE_CHECKING:
    from tuidesk.config.timing import Timing
    from tuidesk.domain.actions import Keymap
    from tuidesk.domain.query import View

_HOLD_MOST_S = 3600.0
_IDLE_MOST_S = 3600.0
_ID_MOST = 64


@dataclass(frozen=True)  # no slots: `timing` is kept
class Config:
    """What the files say, as far as they say it well."""

    paths: Paths
    """With `[store] local_dir` taken into account."""
    settings: Settings
    accounts: tuple[AccountFile, ...]
    """By id; those that are switched off as well."""
    problems: tuple[Problem, ...]
    file: ConfigFile
    """`config.toml`, every layer folded in."""
    team: Path | None = None
    """The team's folder, where there is one that may be read."""
    views: "tuple[View, ...]" = ()
    """The user's own, in their order."""

    @property
    def download(self) -> Path:
        """The folder that saved attachments go to."""
        return Path(os.path.expanduser(self.file.download))

    @property
    def keymap(self) -> "Keymap":
        """The keys of the screen that are in force."""
        from tuidesk.domain.actions import STANDARD  # only the screen needs keys

        if self.file.keys == Keys():
            return STANDARD
        from tuidesk.domain.keymap import keymap

        return keymap(self.file.keys.profile, self.file.keys.changes)[0]

    @cached_property
    def timing(self) -> "Timing":
        """The rules of the timers, and the targets; reads zones and files of holidays when it is first asked for."""
        from tuidesk.config.timing import Timing  # who only looks needs no hours

        return Timing(self)


class _Layer(NamedTuple):
    folder: Path
    owners: frozenset[int]
    team: bool = False


class _Found(NamedTuple):
    """What the layers below and this one have said about an account so far."""

    file: Path
    table: dict[str, Any]
    broken: bool


def load(paths: Paths) -> Config:
    """Read every layer, and speak the language they ask for; what is wrong in them is in `Config.problems`."""
    problems: list[Problem] = []
    machine = [_Layer(folder, trusted_owners()) for folder in paths.layers]
    user = _Layer(paths.config, trusted_owners())
    below = [_config_table(layer, problems) for layer in machine]
    own = _config_table(user, problems)
    named = own.get("team") or next((t["team"] for t in reversed(below) if t.get("team")), "")
    team = _team(paths.config / os.path.expanduser(named), problems) if named else None
    between = [_config_table(team, problems)] if team else []
    folded: dict[str, Any] = {}
    layers = [*machine, *([team] if team else []), user]
    for layer, table in zip(layers, (*below, *between, own), strict=True):
        folded = _fold(folded, table)
        if "keys" in table:
            problems += _take_out_keys(folded, layer.folder / "config.toml")
    read, _ = convert(ConfigFile, folded, file=str(paths.config_toml))  # what was wrong has been taken out
    file = read or ConfigFile()
    if file.language:
        speak(file.language)
    accounts = _accounts(layers, problems)
    return Config(
        _placed(paths, file),
        _settings(file),
        accounts,
        tuple(problems),
        file,
        team and team.folder,
        _own_views(file.views),
    )


def _own_views(tables: tuple[ViewTable, ...]) -> "tuple[View, ...]":
    if not tables:
        return ()
    from tuidesk.config.views import view  # who has none does not pay for the language

    return tuple(map(view, tables))


def _placed(paths: Paths, file: ConfigFile) -> Paths:
    if not file.store.local_dir:
        return paths
    local = paths.config / os.path.expanduser(file.store.local_dir)
    return Paths(paths.config, local, paths.state, paths.layers)


def _settings(file: ConfigFile) -> Settings:
    addresses = file.agent.addresses
    return Settings(
        agent=Person(file.agent.name, addresses[0] if addresses else "", me=True),
        agent_addresses=tuple(address.lower() for address in addresses),
        after_reply=file.after_reply,
        complete_needs_tag=_needed_tags(file.complete_needs_tag),
        after_complete=file.after_complete,
        hold_s=file.hold,
        watch=Watch(file.guards.note_words, file.guards.file_words),
    )


def _needed_tags(said: bool | tuple[str, ...]) -> tuple[str, ...] | None:
    return said if isinstance(said, tuple) else () if said else None


# --- one file -------------------------------------------------------------------------------------


def _table(path: Path, owners: frozenset[int], problems: list[Problem]) -> dict[str, Any] | None:
    """The file's table; {} where there is no file, None where it is refused."""
    try:
        return tomllib.loads(read_trusted(path, owners).decode())
    except FileNotFoundError as error:
        if not path.is_symlink():
            return {}
        problems.append(_closed(path, error))
    except ConfigError as error:
        # its words name what is to be mended, which may be the folder and not the file
        problems.append(Problem(str(path), "", str(error).removeprefix(f"{path} "), written=False))
    except OSError as error:
        problems.append(_closed(path, error))
    except UnicodeDecodeError as error:
        problems.append(Problem(str(path), "", say("config.not_utf8", at=error.start)))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(Problem(str(path), "", say("config.not_toml", reason=error)))
    return None


def _closed(path: Path, error: OSError) -> Problem:
    return Problem(str(path), "", say("config.closed", reason=error.strerror), written=False)


def _config_table(layer: _Layer, problems: list[Problem]) -> dict[str, Any]:
    """A layer's `config.toml` without what is wrong in it."""
    path = layer.folder / "config.toml"
    table = _table(path, layer.owners, problems) or {}
    if "views" in table:
        from tuidesk.config.views import read_views

        table["views"] = read_views(table["views"], str(path), problems)
    _set_aside(table, ("hours", "targets"), path, layer.owners)
    _, noted = convert(ConfigFile, table, file=str(path))
    wrong = [*noted, *_hold_out_of_range(path, table.get("hold")), *_idle_out_of_range(path, table)]
    if layer.team and "team" in table:
        wrong.append(Problem(str(path), "team", say("config.team_in_team")))
    problems.extend(wrong)
    for problem in wrong:
        take_out(table, problem.key)
    return table


def _hold_out_of_range(path: Path, hold: object) -> list[Problem]:
    return [
        Problem(str(path), f"hold.{medium}", say("config.hold_range", most=int(_HOLD_MOST_S)))
        for medium, seconds in (hold.items() if isinstance(hold, dict) else ())
        if isinstance(seconds, int | float) and not 0 <= seconds <= _HOLD_MOST_S
    ]


def _idle_out_of_range(path: Path, table: dict[str, Any]) -> list[Problem]:
    timers = table.get("timers")
    seconds = timers.get("idle_after_s") if isinstance(timers, dict) else None
    if not isinstance(seconds, int | float) or 0 < seconds <= _IDLE_MOST_S:
        return []
    return [Problem(str(path), "timers.idle_after_s", say("config.idle_range", most=int(_IDLE_MOST_S)))]


def _set_aside(table: dict[str, Any], keys: Iterable[str], path: Path, owners: frozenset[int]) -> None:
    """Leave these as they are written, until somebody needs them."""
    for key in keys:
        if key in table:
            table[key] = Written(path, owners, table[key])


def _take_out_keys(folded: dict[str, Any], path: Path) -> list[Problem]:
    """Remove the keys that cannot be, as far as the layers up to this one go; why, of each."""
    from tuidesk.domain.keymap import keymap  # only who changes keys pays for it

    read, _ = convert(ConfigFile, {"keys": folded["keys"]}, file=str(path))
    if read is None:
        return []
    _, faults = keymap(read.keys.profile, read.keys.changes)
    for fault in faults:
        folded["keys"][fault.where].pop(fault.id, None)
    return [Problem(str(path), f"keys.{fault.where}.{fault.id}", fault.text) for fault in faults]


def _fold(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Two tables as one; tables in them are folded too, views are added, anything else of `above` wins."""
    folded = dict(below)
    for key, value in above.items():
        under = folded.get(key)
        if key == "views" and under:
            from tuidesk.config.views import fold_views

            value = fold_views(under, value)
        folded[key] = _fold(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return folded


def _team(folder: Path, problems: list[Problem]) -> _Layer | None:
    """The team's layer: its folder may be another user's, who alone may write it."""
    try:
        owners = trusted_owners(folder.stat().st_uid)
        refuse_unsafe(folder / ".", owners)
    except ConfigError as error:
        problems.append(Problem(str(folder), "", str(error).removeprefix(f"{folder} "), written=False))
        return None
    except OSError as error:
        text = say("config.no_team", path=folder, reason=error.strerror)
        problems.append(Problem(str(folder), "team", text, written=False))
        return None
    return _Layer(folder, owners, team=True)


# --- accounts -------------------------------------------------------------------------------------


def _accounts(layers: Iterable[_Layer], problems: list[Problem]) -> tuple[AccountFile, ...]:
    """The accounts of all layers; a file adds to the one with its id in the layers below, key by key."""
    folded: dict[str, _Found] = {}
    for layer in layers:
        for account, found in _layer_accounts(layer, problems).items():
            below = folded.get(account)
            if below:
                found = _Found(found.file, {**below.table, **found.table}, found.broken or below.broken)
            folded[account] = found
    made = (_account(name, found, problems) for name, found in sorted(folded.items()) if not found.broken)
    return tuple(account for account in made if account)


def _layer_accounts(layer: _Layer, problems: list[Problem]) -> dict[str, _Found]:
    accounts: dict[str, _Found] = {}
    for path in _account_files(layer, problems):
        table = _table(path, layer.owners, problems)
        named = (table or {}).get("id")
        account = named if isinstance(named, str) else path.stem
        wrong = _wrong_in(layer, path, table or {}, account)
        if account in accounts:
            wrong.append(Problem(str(path), "id", say("config.same_id", other=accounts[account].file)))
        problems.extend(wrong)
        _set_aside(table or {}, ("hours",), path, layer.owners)
        accounts[account] = _Found(path, table or {}, table is None or bool(wrong))
    return accounts


def _account_files(layer: _Layer, problems: list[Problem]) -> list[Path]:
    folder = layer.folder / "accounts"
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(_closed(folder, error))
        return []
    return [folder / name for name in names if name.endswith(".toml") and not name.startswith(".")]


def _wrong_in(layer: _Layer, path: Path, table: dict[str, Any], account: str) -> list[Problem]:
    """What cannot be in this layer's file, whatever the others say."""
    file = str(path)
    wrong = []
    if not is_id(account):
        wrong.append(Problem(file, "id", say("config.bad_id")))
    if layer.team:
        wrong += [
            Problem(file, key, say("config.team_secret", name=path.name))
            for key in ("secret", "secrets")
            if key in table
        ]
    return wrong


def _account(account: str, found: _Found, problems: list[Problem]) -> AccountFile | None:
    file = str(found.file)
    common = {key: value for key, value in found.table.items() if key in COMMON}
    keys, wrong = convert(AccountKeys, common, file=file)
    problems.extend(wrong)
    if keys is None:
        return None
    rest = {key: value for key, value in found.table.items() if key not in COMMON}
    return AccountFile(file, account, keys, rest)


def is_id(text: str) -> bool:
    """Can this be an account's id? It names a folder, and stands in `--account`."""
    plain = all(c.isalnum() or c in "._@+-" for c in text)
    return plain and 0 < len(text) <= _ID_MOST and text[0].isalnum() and len(text.encode()) <= 200
