"""What is well, what is doubtful and what is wrong here, and what to do about each."""

import asyncio
import os
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tuidesk.config.canned import Shelf
from tuidesk.config.load import Config, load
from tuidesk.config.paths import Paths
from tuidesk.config.secrets import AccountSecrets, keyring_state
from tuidesk.config.tables import AccountFile
from tuidesk.desk import multiplexer, sentiment
from tuidesk.desk.asking import named
from tuidesk.desk.login import LoginFailed, app_of, log_in, site_of
from tuidesk.errors import ConfigError, NotFound, SecretError, SecretMissing, StoreBroken, StoreError
from tuidesk.store import db, place
from tuidesk.wire import registry
from tuidesk.wire.channel import Clock
from tuidesk.words import say

Level = Literal["ok", "warn", "bad"]

_LOGIN_S = 30.0
_DISK_LOW = 500_000_000
_DISK_OUT = 50_000_000
"""Bytes. Below this a mail with attachments may no longer fit."""
_COLUMNS, _LINES = 80, 24


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Both texts may hold what a server said: clean them."""

    level: Level
    what: str
    remedy: str = ""
    """What to do about it; empty where nothing is to be done, or where `what` says it."""


def examine(paths: Paths, clock: Clock, environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Look at everything. Blocking; logs in to every account, and programs that give secrets may ask."""
    config = load(paths)
    return [
        *_config_findings(config),
        *_program_findings(config),
        *_mode_findings(config.paths),
        *_store_findings(config),
        *_keyring_findings(config),
        *_terminal_findings(environ),
        *_multiplexer_findings(environ, notifies=config.file.notify.osc != "off"),
        *_account_findings(config, clock),
    ]


# --- files ----------------------------------------------------------------------------------------


def _config_findings(config: Config) -> Iterator[Finding]:
    problems = (*config.problems, *config.timing.problems)
    for problem in problems:
        yield Finding("bad", str(problem), say("doctor.edit", file=problem.file) if problem.written else "")
    if not problems:
        yield Finding("ok", say("doctor.config", folder=config.paths.config))
    if config.file.sentiment.on and not sentiment.is_there():
        yield Finding("warn", say("doctor.no_sentiment"), say("doctor.get_sentiment", python=sys.executable))
    survey, library = config.file.survey, Shelf(config).load()
    edit = say("doctor.edit", file=config.paths.config_toml)
    if survey.canned and survey.accounts and named(survey.canned, library, "") is None:
        yield Finding("warn", say("doctor.no_survey", name=survey.canned), edit)
    known = () if problems else {account.id for account in config.accounts}
    for account in survey.accounts if known else ():
        if account not in known:
            yield Finding("warn", say("doctor.no_survey_account", name=account), edit)
    for problem in library.problems:
        yield Finding("warn", str(problem), say("doctor.edit", file=problem.file) if problem.written else "")


def _program_findings(config: Config) -> Iterator[Finding]:
    """Programs of the user's own, which would be missed only when they are wanted."""
    file = config.file
    named = {"lookup": file.lookup.command, "notify": file.notify.command, "open": file.open.command}
    named |= {f"open.types {type}": command for type, command in file.open.types.items()}
    for where, command in named.items():
        if command and shutil.which(command[0]) is None:
            said = say("doctor.no_program", where=where, program=command[0])
            yield Finding("warn", said, say("doctor.edit", file=config.paths.config_toml))


def _mode_findings(paths: Paths) -> Iterator[Finding]:
    """Our own folders and files are nobody else's to read."""
    wrong = False
    for path in (paths.data, paths.state, paths.store, paths.log):
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        except OSError as error:
            yield Finding("bad", say("doctor.closed", path=path, reason=error.strerror))
            continue
        if found.st_uid != os.geteuid():
            wrong = True
            remedy = say("doctor.chown", path=path, user=os.geteuid())
            yield Finding("bad", say("doctor.not_ours", path=path, owner=found.st_uid), remedy)
        if stat.S_IMODE(found.st_mode) & 0o077:
            wrong = True
            mode = "700" if stat.S_ISDIR(found.st_mode) else "600"
            yield Finding("bad", say("doctor.open", path=path), say("doctor.chmod", mode=mode, path=path))
    if not wrong:
        yield Finding("ok", say("doctor.modes"))


# --- the store ------------------------------------------------------------------------------------


def _store_findings(config: Config) -> Iterator[Finding]:
    store = config.paths.store
    folder = store.parent
    while not folder.exists():
        folder = folder.parent
    try:
        place.refuse_network(folder)
    except StoreError as error:
        yield Finding("bad", str(error))
    yield _disk_finding(folder)
    try:
        connection = db.open_reader(store)
    except NotFound:
        how = say("doctor.store_made") if _has_accounts(config) else say("doctor.set_up")
        yield Finding("warn", say("doctor.no_store", path=store), how)
        return
    except StoreBroken as error:
        yield Finding("bad", say("doctor.damaged", path=store, reason=error), say("doctor.backup"))
        return
    except StoreError as error:
        yield Finding("bad", str(error))
        return
    try:
        wrong = db.check(connection)
        version = db.version(connection)
    except StoreError as error:
        wrong, version = [str(error)], 0
    finally:
        connection.close()
    for text in wrong:
        yield Finding("bad", say("doctor.damaged", path=store, reason=text), say("doctor.backup"))
    if not wrong:
        yield Finding("ok", say("doctor.store", path=store, version=version))


def _disk_finding(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    said = say("doctor.disk", folder=folder, free=f"{free // 1_000_000:,}")
    if free < _DISK_LOW:
        return Finding("bad" if free < _DISK_OUT else "warn", said, say("doctor.free"))
    return Finding("ok", said)


# --- the keyring ----------------------------------------------------------------------------------


def _keyring_findings(config: Config) -> Iterator[Finding]:
    users = [account.id for account in config.accounts if _in_keyring(account)]
    try:
        state = keyring_state()
    except SecretError:
        if not users:  # else each of them says so
            yield Finding("ok", say("doctor.keyring_unneeded"))
        return
    if state == "locked":
        level: Level = "warn" if users else "ok"
        yield Finding(level, say("doctor.keyring_locked"), say("doctor.keyring_unlock") if users else "")
    else:
        yield Finding("ok", say("doctor.keyring"))


def _in_keyring(account: AccountFile) -> bool:
    return any(source.keyring for source in account.sources.values())


# --- the terminal ---------------------------------------------------------------------------------


def _terminal_findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield Finding("ok", say("doctor.no_terminal"))
        return
    term = environ.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        yield Finding("bad", say("doctor.term_dumb", term=term or "-"), say("doctor.term_set"))
    else:
        yield _colour_finding(term, environ)
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or "C"
    if "UTF-8" in locale.upper().replace("UTF8", "UTF-8"):
        yield Finding("ok", say("doctor.locale", locale=locale))
    else:
        yield Finding("warn", say("doctor.locale_not_utf8", locale=locale), say("doctor.locale_set"))
    size = shutil.get_terminal_size()
    small = size.columns < _COLUMNS or size.lines < _LINES
    said = say("doctor.size", columns=size.columns, lines=size.lines)
    yield Finding("warn", said, say("doctor.larger")) if small else Finding("ok", said)


def _multiplexer_findings(environ: Mapping[str, str], *, notifies: bool) -> Iterator[Finding]:
    """tmux or screen around us: what they are to be told, a line each."""
    where = "multiplexer.tmux_line" if environ.get("TMUX") else "multiplexer.screen_line"
    for setting in multiplexer.settings(environ, notifies=notifies):
        remedy = say(where, line=setting.line) if setting.line else ""
        yield Finding("ok", setting.what) if setting.is_well else Finding("warn", setting.what, remedy)


def _colour_finding(term: str, environ: Mapping[str, str]) -> Finding:
    import curses

    if environ.get("NO_COLOR"):
        return Finding("ok", say("doctor.no_color", term=term))
    if environ.get("COLORTERM") in ("truecolor", "24bit"):
        return Finding("ok", say("doctor.colours", term=term, colours=say("doctor.truecolor")))
    try:
        curses.setupterm(term, sys.stdout.fileno())
    except curses.error:
        return Finding("warn", say("doctor.term_unknown", term=term), say("doctor.term_install"))
    return Finding("ok", say("doctor.colours", term=term, colours=max(2, curses.tigetnum("colors"))))


# --- the accounts ---------------------------------------------------------------------------------


def _has_accounts(config: Config) -> bool:
    """Also where none of their files can be read, which is said already."""
    return bool(config.accounts) or any(Path(p.file).parent.name == "accounts" for p in config.problems)


def _account_findings(config: Config, clock: Clock) -> list[Finding]:
    if not _has_accounts(config):
        return [Finding("warn", say("doctor.no_account"), say("doctor.set_up"))]
    off = [Finding("ok", say("doctor.off", account=a.id)) for a in config.accounts if not a.keys.enabled]
    ready: list[tuple[AccountFile, AccountSecrets]] = []
    without: list[Finding] = []
    for account in config.accounts:
        if not account.keys.enabled:
            continue
        secrets = AccountSecrets(account, ask=True)
        try:
            secrets.prefetch()
        except SecretError as error:
            named = str(error).startswith((f"{account.id}: ", account.file))
            missing = isinstance(error, SecretMissing) and _signs_in(account)
            remedy = say("doctor.sign_in", account=account.id) if missing else ""
            without.append(Finding("bad", str(error) if named else f"{account.id}: {error}", remedy))
        else:
            ready.append((account, secrets))
    return [*off, *without, *asyncio.run(_all_logins(config, ready, clock))]


def _signs_in(account: AccountFile) -> bool:
    try:
        options = account.options(registry.load(account.kind).Options)
    except ConfigError:
        return False
    return app_of(options, account.keys.address) is not None


async def _all_logins(
    config: Config, ready: list[tuple[AccountFile, AccountSecrets]], clock: Clock
) -> list[Finding]:
    """All at once: a dead server holds up nobody but itself."""
    each = await asyncio.gather(*(_login(config, account, secrets, clock) for account, secrets in ready))
    return [finding for findings in each for finding in findings]


async def _login(
    config: Config, account: AccountFile, secrets: AccountSecrets, clock: Clock
) -> list[Finding]:
    try:
        checked = await log_in(account, site_of(config, account, secrets, clock), _LOGIN_S)
    except LoginFailed as error:
        remedy = "" if error.says_how else say("doctor.account_file", file=account.file)
        return [Finding("bad", f"{account.id}: {error}", remedy)]
    except ConfigError as error:
        lines = str(error).splitlines()
        return [Finding("bad", line, say("doctor.edit", file=account.file)) for line in lines]
    who = checked.identity.handle or checked.identity.name
    said = say("doctor.logged_in", account=account.id, who=who)
    found = [Finding("ok", said), *(Finding("ok", f"{account.id}: {text}") for text in checked.findings)]
    remedy = say("doctor.account_file", file=account.file)
    return [*found, *(Finding("warn", f"{account.id}: {text}", remedy) for text in checked.troubles)]
