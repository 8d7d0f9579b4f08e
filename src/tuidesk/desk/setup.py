"""A new account: ask, try the login, keep the secret where the agent chose, write the file.

No face is known here. Whoever has one is an `Asker`; who has none calls `write_account`.
"""

import asyncio
import shlex
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tuidesk.config import secrets
from tuidesk.config.load import Config, is_id, load
from tuidesk.config.paths import Paths, make_private, write_new
from tuidesk.config.schema import convert
from tuidesk.config.tables import COMMON, AccountFile, AccountKeys, SecretSource
from tuidesk.desk.login import LoginFailed, app_of, log_in, site_of
from tuidesk.desk.questions import Asker, Choice, ask_filled, ask_number, ask_options, ask_words
from tuidesk.desk.sign_in import PLACES, ask_how, sign_in
from tuidesk.errors import ConfigError, SecretError
from tuidesk.wire import registry
from tuidesk.wire.channel import Clock, Secrets
from tuidesk.wire.oauth.app import CLIENT_SECRET
from tuidesk.wire.oauth.grant import written
from tuidesk.words import say

WITH_ADDRESS = frozenset({"mail", "maildir"})
"""Kinds whose account is a mail address: it is asked first, and hosts are guessed from it."""
WITHOUT_SECRET = frozenset({"maildir", "pipe", "demo"})
"""Kinds that log in nowhere, but for a Maildir whose mail leaves through a server."""
EVERYWHERE = ("keyring", "command", "file", "env")
"""Where a secret can be that stays as it is."""
_PASS = "pass"
"""The program for secrets that is offered."""
SENDMAIL = Path("/usr/sbin/sendmail")
"""Where a machine with a mail system has it."""


def set_up(paths: Paths, asker: Asker, clock: Clock, *, kind: str = "", name: str = "") -> Path | None:
    """Ask for an account, try it, write it. Blocking; runs an event loop of its own for the login.

    Returns:
        The account's file, or None where the person gave up.

    Raises:
        ConfigError: nobody serves that kind, or the file cannot be written.
    """
    return _Setup(paths, asker, clock).run(kind, name)


def write_account(paths: Paths, name: str, table: Mapping[str, Any]) -> Path:
    """Write `accounts/NAME.toml`, which must not stand yet. The account's id is `name` unless the table has one.

    Raises:
        ConfigError: the table is wrong (every problem, a line each), the id is taken, or the file stands.
    """
    import tomli_w

    whole = {"id": name, **table}
    account = _account(paths, name, whole)
    account.options(registry.load(account.kind).Options)
    if any(other.id == account.id for other in load(paths).accounts):
        raise ConfigError(say("setup.taken", id=account.id))
    make_private(paths.config)
    make_private(paths.accounts)
    write_new(Path(account.file), tomli_w.dumps(whole, multiline_strings=True).encode())
    return Path(account.file)


def _account(paths: Paths, name: str, table: Mapping[str, Any]) -> AccountFile:
    """The table as `load` will read it."""
    file = paths.accounts / f"{name}.toml"
    keys, problems = convert(AccountKeys, {k: v for k, v in table.items() if k in COMMON}, file=str(file))
    if keys is None:
        raise ConfigError("\n".join(map(str, problems)))
    account = keys.id or name
    if not (is_id(name) and is_id(account)):
        raise ConfigError(say("config.bad_id"))
    return AccountFile(str(file), account, keys, {k: v for k, v in table.items() if k not in COMMON})


@dataclass(slots=True)
class _Typed:
    """A secret that was typed, or signed in for, and is not stored yet. The port `wire.channel.Secrets`.

    It serves every use but that of the app whose sign-in it is.
    """

    value: str
    """"" until somebody has signed in."""
    client_secret: str = ""

    def get(self, use: str = "", *, anew: bool = False) -> str:  # noqa: ARG002 - the port's
        return self.client_secret if use == CLIENT_SECRET else self.value

    def put(self, value: str, use: str = "") -> None:  # noqa: ARG002 - the port's
        self.value = secrets.remember(value)


class _Setup:
    """One conversation with one person about one account."""

    def __init__(self, paths: Paths, asker: Asker, clock: Clock) -> None:
        self._paths = paths
        self._asker = asker
        self._clock = clock
        self._config: Config = load(paths)

    def run(self, kind: str, name: str) -> Path | None:
        kind = kind or self._kind()
        credential = getattr(registry.load(kind), "credential", "")
        if credential:  # before anything is asked: what is asked first may stand where the secret is had
            self._asker.tell(credential)
        table = self._table({"kind": kind}, every=False)
        name = self._name(name, table)
        secret = self._secret(name, table)
        while (then := self._try(name, table, *secret)) != "write" or not self._kept(*secret):
            match then:
                case "quit":
                    return None
                case "again":
                    before, table = table, self._table(table, every=True)
                    if _login(table) != _login(before):
                        secret = self._secret(name, table)
                case "write":  # the place does not take it: nobody need sign in again for that
                    secret = self._secret(name, table, *secret)
                case _:
                    secret = self._secret(name, table, secret[0])
        return write_account(self._paths, name, _with_secret(table, secret[0]))

    def _table(self, before: Mapping[str, Any], *, every: bool) -> dict[str, Any]:
        """The account's keys but for its secret; the answers of `before` are the defaults."""
        kind = before["kind"]
        table: dict[str, Any] = {"kind": kind}
        if kind in WITH_ADDRESS:
            table["address"] = self._address(before.get("address", ""))
        options = registry.load(kind).Options
        login = ask_how(self._asker, options, {**before, **table})
        table |= {name: login[name] for name in ("auth", "oauth") if name in login}
        table |= ask_options(self._asker, options, {**login, **before, **table}, every=every)
        return table | self._way_out(table, before.get("send") or {}) if kind == "maildir" else table

    def _way_out(self, table: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """How a Maildir's replies leave: nothing in it says so."""
        here = SENDMAIL.exists()
        ways = (
            ("program", "smtp", "nothing") if here or "command" in before else ("smtp", "program", "nothing")
        )
        choices = tuple(Choice(way, say(f"setup.out_{way}")) for way in ways)
        known = "smtp" if "smtp" in before else ways[0]
        match self._asker.choose(say("setup.out"), choices, known):
            case "program":
                usual = [str(SENDMAIL), "-t", "-i"] if here else []
                line = shlex.join(before.get("command", usual))
                return {"send": {"command": list(ask_words(self._asker, say("setup.out_command"), line))}}
            case "smtp":
                return {"send": {"smtp": self._submission(table, before.get("smtp") or {})}}
        return {}

    def _submission(self, table: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        asker, domain = self._asker, str(table["address"]).rpartition("@")[2]
        host = ask_filled(asker, say("setup.smtp_host"), before.get("host", f"smtp.{domain}"))
        both = tuple(Choice(word, say(f"setup.smtp_{word}")) for word in ("tls", "starttls"))
        security = asker.choose(say("setup.smtp_security"), both, before.get("security", "tls"))
        port = ask_number(
            asker, say("setup.smtp_port"), before.get("port", 465 if security == "tls" else 587), int
        )
        user = asker.text(say("setup.smtp_user"), before.get("user", "")).strip()
        return {"host": host, "port": port, "security": security} | ({"user": user} if user else {})

    def _kind(self) -> str:
        ours = (Choice(kind, say(f"setup.kind_{kind}")) for kind in registry.KINDS)
        others = (Choice(kind, say("setup.kind_other", kind=kind)) for kind in registry.strangers())
        return self._asker.choose(say("setup.kind"), (*ours, *others), registry.KINDS[0])

    def _address(self, default: str) -> str:
        while True:
            address = self._asker.text(say("setup.address"), default).strip()
            local, _, domain = address.rpartition("@")
            if local and domain and not any(c.isspace() for c in address):
                return address
            self._asker.tell(say("setup.not_an_address"))

    def _name(self, name: str, table: Mapping[str, Any]) -> str:
        taken = {account.id for account in self._config.accounts}
        wish = name or str(table.get("address", table["kind"])).partition("@")[0]
        default = next(
            candidate
            for candidate in _names(wish if is_id(wish) else str(table["kind"]))
            if candidate not in taken and not (self._paths.accounts / f"{candidate}.toml").exists()
        )
        while True:
            name = name or self._asker.text(say("setup.name"), default).strip()
            if not is_id(name):
                self._asker.tell(say("config.bad_id"))
            elif name in taken or (self._paths.accounts / f"{name}.toml").exists():
                self._asker.tell(say("setup.taken", id=name))
            else:
                return name
            name = ""

    # --- the login --------------------------------------------------------------------------------

    def _try(
        self, name: str, table: dict[str, Any], source: SecretSource | None, typed: _Typed | None
    ) -> str:
        """Try the login and say what came of it; then `write`, `again`, `secret` or `quit`."""
        try:
            account = _account(self._paths, name, _with_secret(table, source))
            port: Secrets = typed or secrets.AccountSecrets(account, ask=True)
            site = site_of(self._config, account, port, self._clock)
            app = app_of(account.options(registry.load(account.kind).Options), site.address)
            if app is not None and typed is not None and not typed.value:
                typed.put(written(sign_in(self._asker, app, site)))
            self._asker.tell(say("setup.trying"))
            checked = asyncio.run(log_in(account, site))
        except (LoginFailed, ConfigError) as error:
            self._asker.tell(str(error))
            return self._now_what(error, "" if source is None else _login(table)[0])
        who = checked.identity.name or checked.identity.handle or name
        self._asker.tell(say("setup.logged_in", who=who))
        for finding in (*checked.findings, *checked.troubles):
            self._asker.tell(finding)
        return "write"

    def _now_what(self, error: LoginFailed | ConfigError, login: str) -> str:
        """What to do after a login that failed; a table that is wrong cannot be written."""
        writable, with_secret = isinstance(error, LoginFailed | SecretError), bool(login)
        offered = ["secret"] * with_secret + ["again"] + ["write"] * writable + ["quit"]
        words = {then: say(f"setup.then_{then}") for then in offered}
        if login == "oauth":
            words["secret"] = say("setup.then_sign_in")
        choices = tuple(Choice(then, words[then]) for then in offered)
        of_the_secret = isinstance(error, SecretError) or (isinstance(error, LoginFailed) and error.refused)
        default = "secret" if with_secret and of_the_secret else "again"
        return self._asker.choose(say("setup.now_what"), choices, default)

    # --- the secret -------------------------------------------------------------------------------

    def _secret(
        self,
        name: str,
        table: Mapping[str, Any],
        before: SecretSource | None = None,
        signed_in: _Typed | None = None,
    ) -> tuple[SecretSource | None, _Typed | None]:
        """Where the secret is to be (first offered: where it was), and the secret itself where it is not there yet."""
        login, oauth = _login(table)
        if not login:
            return None, None
        if login == "oauth":
            self._asker.tell(say("setup.rotates"))
        source = self._place(name, before, PLACES if login == "oauth" else EVERYWHERE)
        if login == "oauth":
            own = oauth.get("client_secret") and signed_in is None
            return source, signed_in or _Typed("", self._typed("setup.client_secret") if own else "")
        there = source.command or source.env or (source.file and Path(source.file).exists())
        return source, None if there else _Typed(self._typed("setup.secret"))

    def _place(self, name: str, before: SecretSource | None, places: tuple[str, ...]) -> SecretSource:
        choices = [Choice(place, say(f"setup.in_{place}")) for place in places]
        try:
            secrets.keyring_state()
        except SecretError as error:
            self._asker.tell(str(error) if places == EVERYWHERE else say("setup.no_keyring"))
            choices = choices[1:] if shutil.which(_PASS) else sorted(choices[1:], key=_last_program)
        was = {choice.value: getattr(before, choice.value, None) for choice in choices}
        usual = next((place for place, value in was.items() if value), choices[0].value)
        match self._asker.choose(say("setup.where"), tuple(choices), usual):
            case "keyring":
                return SecretSource(keyring=name)
            case "command":
                wish = shlex.join(was["command"] or (_PASS, "show", name))
                return SecretSource(command=ask_words(self._asker, say("setup.command"), wish))
            case "env":
                wish = "TUIDESK_" + "".join(c if c.isalnum() else "_" for c in name).upper()
                return SecretSource(env=ask_filled(self._asker, say("setup.env"), was["env"] or wish))
        wish = was["file"] or str(self._paths.data / "secrets" / name)
        path = Path(ask_filled(self._asker, say("setup.file"), wish)).expanduser()
        return SecretSource(file=str(path.absolute()))  # in the account's file it would be taken from there

    def _kept(self, source: SecretSource | None, typed: _Typed | None) -> bool:
        """Put a secret that was typed where it is to be; False where that place does not take it."""
        if source is None or typed is None:
            return True
        both = ((_beside(source), typed.client_secret), (source, typed.value))
        wanted = [(place, value) for place, value in both if value]  # else nobody has signed in
        taken = next((place.file for place, _ in wanted if place.file and Path(place.file).exists()), None)
        if taken is not None:  # found out before the first of two is written
            self._asker.tell(say("config.exists", path=taken))
            return False
        try:
            for place, value in wanted:
                secrets.store(place, value)
        except ConfigError as error:
            self._asker.tell(str(error))
            return False
        return True

    def _typed(self, question: str) -> str:
        while not (typed := self._asker.secret(say(question))):
            self._asker.tell(say("setup.nothing"))
        return secrets.remember(typed)


def _login(table: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """How the account logs in: `oauth` and to what, `password`, or "" where it needs no secret."""
    if table.get("auth") == "oauth":
        return "oauth", table["oauth"]
    if table["kind"] == "maildir":
        return "password" if table.get("send", {}).get("smtp", {}).get("user") else "", {}
    return "" if table["kind"] in WITHOUT_SECRET else "password", {}


def _last_program(choice: Choice) -> bool:
    """Where the usual program is missing, what only needs Enter comes first."""
    return choice.value == "command"


def _beside(source: SecretSource) -> SecretSource:
    """Where the secret of the app itself is."""
    if source.keyring:
        return SecretSource(keyring=f"{source.keyring}-client")
    return SecretSource(file=f"{source.file}.client")


def _with_secret(table: Mapping[str, Any], source: SecretSource | None) -> dict[str, Any]:
    """The account's table with what says where its secrets are."""
    if source is None:
        return dict(table)
    whole = {**table, "secret": _written(source)}
    if _login(table)[1].get("client_secret"):
        whole["secrets"] = {CLIENT_SECRET: _written(_beside(source))}
    return whole


def _written(source: SecretSource) -> dict[str, Any]:
    place: dict[str, Any] = {"keyring": source.keyring, "env": source.env, "file": source.file}
    place["command"] = list(source.command or ())
    return {key: value for key, value in place.items() if value}


def _names(wish: str) -> Iterator[str]:
    """`wish`, then the same with a number."""
    yield wish
    yield from (f"{wish}-{n}" for n in count(2))
