"""`tuidesk sync` as a systemd user unit, so that replies leave and mail arrives while nobody is logged in."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tuidesk.config.load import load
from tuidesk.config.paths import Paths
from tuidesk.errors import ConfigError
from tuidesk.words import say

UNIT = "tuidesk.service"
_OURS = "# Written by `tuidesk service`"
_PLACES = ("TUIDESK_HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_HOME", "XDG_STATE_HOME")
"""What the service must know to find the same store; systemd does not read a shell's profile."""
_RUNS_PROGRAMS = frozenset({"maildir", "pipe"})

_HARDENING = """\
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
"""
"""What a user's own service manager can enforce. What needs a mount namespace (ProtectSystem …) fails there on many
systems, and then the service does not start at all."""


def unit(program: tuple[str, ...], environ: Mapping[str, str], *, hardened: bool = True) -> str:
    """The unit's text.

    Args:
        program: the absolute path of the program, and arguments before `sync`.
        environ: where the places of this home are taken from.
        hardened: not where an account runs programs: Postfix's `sendmail` hands mail in through a setgid helper, which
            NoNewPrivileges forbids.
    """
    places = "".join(
        f"Environment={_quoted(f'{name}={environ[name]}')}\n" for name in _PLACES if environ.get(name)
    )
    executable, *arguments = (*program, "sync")
    if any(
        c in executable for c in "\"'\\"
    ):  # systemd refuses them in a program's path, however they are quoted
        raise ConfigError(say("service.odd", word=ascii(executable)))
    start = " ".join((_quoted(executable), *(_quoted(word.replace("$", "$$")) for word in arguments)))
    return f"""\
{_OURS}, which writes it anew: put changes into `systemctl --user edit {UNIT}`.
[Unit]
Description={say("service.description")}
Documentation=man:systemd.service(5)
StartLimitIntervalSec=600
StartLimitBurst=20

[Service]
ExecStart={start}
{places}Restart=on-failure
RestartSec=10
TimeoutStopSec=15
UMask=0077
LimitCORE=0
{_HARDENING if hardened else ""}
[Install]
WantedBy=default.target
"""


def _quoted(word: str) -> str:
    """One word of a unit file. Source: systemd.service(5), "Command lines"; systemd.unit(5), "Specifiers"."""
    if any(ord(c) < 32 for c in word):
        raise ConfigError(say("service.odd", word=ascii(word)))
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    plain = escaped == word and not any(c in " ';" for c in word)
    return word if plain else f'"{escaped}"'


def program() -> tuple[str, ...]:
    """The command that starts this very tuidesk, from any folder."""
    script = Path(sys.executable).with_name("tuidesk")
    return (str(script),) if os.access(script, os.X_OK) else (sys.executable, "-m", "tuidesk")


def place(environ: Mapping[str, str]) -> Path:
    """Where a user's units are: XDG_CONFIG_HOME, also for a desk that TUIDESK_HOME has moved."""
    base = environ.get("XDG_CONFIG_HOME", "")
    folder = (
        Path(base)
        if os.path.isabs(base)
        else Path(environ.get("HOME") or os.path.expanduser("~")) / ".config"
    )
    return folder / "systemd" / "user" / UNIT


def text_for(paths: Paths, environ: Mapping[str, str]) -> str:
    """The unit for this home's accounts."""
    accounts = load(paths).accounts
    return unit(program(), environ, hardened=not any(account.kind in _RUNS_PROGRAMS for account in accounts))


def install(paths: Paths, environ: Mapping[str, str] = os.environ) -> tuple[Path, tuple[str, ...]]:
    """Write the unit.

    Returns:
        Where it is, and what to tell: the commands that start it, and what will not work there.

    Raises:
        ConfigError: a unit that is not ours stands there, or it cannot be written.
    """
    file = place(environ)
    text = text_for(paths, environ)
    try:
        if file.exists() and not file.read_text(errors="replace").startswith(_OURS):
            raise ConfigError(say("service.foreign", path=file))
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{UNIT}.{os.getpid()}")
        draft.write_text(text)
        draft.replace(file)
    except OSError as error:
        raise ConfigError(say("config.cannot_write", path=file, reason=error.strerror)) from error
    return file, (say("service.start"), say("service.linger"), *_warnings(paths))


def _warnings(paths: Paths) -> tuple[str, ...]:
    """Secrets that a service cannot have: there is nobody to ask, and no shell's environment."""
    told = []
    for account in load(paths).accounts:
        for source in account.sources.values():
            if source.env:
                told.append(say("service.env", account=account.id, name=source.env, unit=UNIT))
            elif source.keyring:
                told.append(say("service.keyring", account=account.id))
            elif source.command:
                told.append(say("service.command", account=account.id, program=source.command[0]))
    return tuple(told)
