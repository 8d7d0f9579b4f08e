"""How the accounts are: those that the files name, and those that the store alone remembers."""

from pathlib import Path

from tuidesk.config.load import Config, load
from tuidesk.desk import read
from tuidesk.desk.home import locate, reading
from tuidesk.desk.picture import AccountState
from tuidesk.errors import NotFound
from tuidesk.words import say


def accounts(home: str | None) -> tuple[AccountState, ...]:
    """Every account, by id. One whose file is new, wrong, switched off or gone is not as the store last knew it.

    Raises:
        StoreError: the store cannot be read.
    """
    try:
        with reading(home) as connection:
            known = {state.id: state for state in read.accounts(connection)}
    except NotFound:
        known = {}
    config = load(locate(home))
    # a file that cannot be read may be that of any account: its `id` is in it
    unnamed = known if _broken(config) else _gone(known)
    return tuple(state for _, state in sorted({**unnamed, **_configured(config, known)}.items()))


def _gone(known: dict[str, AccountState]) -> dict[str, AccountState]:
    """As they are where no file names them."""
    return {
        account: state if state.is_import else state._replace(health="gone", detail=say("doctor.gone"))
        for account, state in known.items()
    }


def _configured(config: Config, known: dict[str, AccountState]) -> dict[str, AccountState]:
    found = {
        account: known.get(account, _state(account, ""))._replace(health="config", detail=why)
        for account, why in _broken(config).items()
    }
    for account in config.accounts:
        state = known.get(account.id, _state(account.id, account.kind, account.name))
        off = not account.keys.enabled
        found[account.id] = state._replace(health="off", detail="") if off else state
    return found


def _broken(config: Config) -> dict[str, str]:
    """What is wrong in the files of accounts that cannot be read, by the name of the file."""
    found: dict[str, str] = {}
    for problem in config.problems:
        file = Path(problem.file)
        if file.parent.name == "accounts" and file.suffix == ".toml":
            found.setdefault(file.stem, str(problem))
    return found


def _state(account: str, kind: str, label: str = "") -> AccountState:
    """As an account is that nobody has synced yet."""
    return AccountState(
        id=account,
        kind=kind,
        label=label or account,
        health="new",
        detail="",
        heard_at=None,
        caught_up=False,
        done=0,
        total=0,
        going_out=0,
    )
