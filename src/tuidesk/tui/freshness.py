"""How old what the screen shows is, in words: account by account, and summed up for the status line."""

from collections.abc import Sequence

from tuidesk.desk.picture import AccountState
from tuidesk.desk.progress import bar
from tuidesk.domain.instants import MINUTE, SECOND, Instant
from tuidesk.domain.text import clean, cut, pad, wrap
from tuidesk.tui import when
from tuidesk.words import say

SILENT: Instant = 3 * MINUTE
"""An account that has said nothing for so long, not even that there is nothing new, is named."""

_MOST_SAID = 20
"""Lines of what a channel says about itself: a server may be long-winded."""
_WORST = ("auth", "config", "crashed", "offline")


def name(account: AccountState) -> str:
    return cut(clean(account.label, lines=False), 24)


def is_silent(account: AccountState, now: Instant) -> bool:
    return account.heard_at is None or now - account.heard_at > SILENT


def is_well(account: AccountState, now: Instant) -> bool:
    """Heard a moment ago, and with nothing to complain about."""
    return account.health in ("ok", "syncing") and not is_silent(account, now)


def ago(at: Instant | None, now: Instant) -> str:
    """`12 s ago`, `4m ago`, or never."""
    if at is None:
        return say("tui.never")
    if now - at < MINUTE:
        return say("tui.seconds_ago", count=max(now - at, 0) // SECOND)
    return say("tui.ago", span=when.span(now - at))


def trouble(account: AccountState, now: Instant) -> str:
    """What is wrong with an account in a few words, "" where nothing is."""
    if account.is_import:
        return ""
    called = name(account)
    if account.health == "offline":
        since = when.clock(account.heard_at) if account.heard_at is not None else ""
        return say("tui.offline_since", name=called, when=since) if since else say("tui.offline", name=called)
    if account.health in _WORST:
        return say(f"tui.health_{account.health}", name=called)
    if account.health == "new" or is_well(account, now):
        return ""
    if account.heard_at is None:
        return say("tui.unheard", name=called)
    return say("tui.silent", name=called, span=when.span(now - account.heard_at))


def summary(accounts: Sequence[AccountState], now: Instant) -> tuple[str, str]:
    """The accounts in one sentence for the status line, and its style."""
    accounts = _live(accounts)
    if not accounts:
        return say("tui.no_accounts"), "quiet"
    troubles = [words for account in _by_weight(accounts) if (words := trouble(account, now))]
    reading = [account for account in accounts if not account.caught_up and not trouble(account, now)]
    well = sum(account.caught_up and not trouble(account, now) for account in accounts)
    parts = troubles[:1]
    if len(troubles) > 1:
        parts.append(say("tui.more_troubles", count=len(troubles) - 1))
    if reading:
        parts.append(_progress(reading[0]))
    if well:
        parts.append(say("tui.ok_one") if well == 1 else say("tui.ok", count=well))
    words = ", ".join(parts)
    return (say("tui.alert", words=words), "alert") if troubles else (words, "quiet")


def _live(accounts: Sequence[AccountState]) -> list[AccountState]:
    """Those that a service is behind."""
    return [account for account in accounts if not account.is_import]


def _by_weight(accounts: Sequence[AccountState]) -> list[AccountState]:
    return sorted(accounts, key=lambda a: _WORST.index(a.health) if a.health in _WORST else len(_WORST))


def _progress(account: AccountState) -> str:
    if not account.total:
        return say("tui.reading", name=name(account))
    done, total = account.done, account.total
    return say("tui.reading_of", name=name(account), bar=bar(done, total, 10), done=done, total=total)


def loading(accounts: Sequence[AccountState]) -> str:
    """What is being read for the first time, "" where everything has been."""
    for account in accounts:
        if not account.caught_up and account.health in ("new", "syncing", "ok"):
            done, total = account.done, account.total
            if total:
                return say("tui.loading_of", name=name(account), bar=bar(done, total), done=done, total=total)
            return say("tui.loading", name=name(account))
    return ""


def all_offline(accounts: Sequence[AccountState], going_out: int) -> str:
    """Where no account can be reached: since when, and what waits. Else ""."""
    accounts = _live(accounts)
    if not accounts or any(account.health != "offline" for account in accounts):
        return ""
    heard = [account.heard_at for account in accounts if account.heard_at is not None]
    if not heard:
        return say("tui.offline_never")
    words = say("tui.offline_all", when=when.clock(max(heard)))
    if going_out:
        return words + say("tui.offline_wait", count=going_out)
    return words


def needs_agent(accounts: Sequence[AccountState]) -> str:
    """The account that goes on only when the agent does something, and what its channel said. Else ""."""
    for account in accounts:
        if account.health in ("auth", "config", "crashed"):
            detail = "; ".join(clean(account.detail).strip().splitlines())
            return say(f"tui.needs_{account.health}", name=name(account), detail=detail)
    return ""


def empty(view: str, accounts: Sequence[AccountState], now: Instant, key: str = "g a") -> str:
    """What stands in a view with nothing in it, or what may be the reason; `key` shows accounts."""
    accounts = _live(accounts)
    troubles = [words for account in accounts if (words := trouble(account, now))]
    if troubles:
        return say("tui.empty_trouble", key=key, troubles="; ".join(troubles))
    if reading := loading(accounts):
        return reading
    checked = max((account.heard_at for account in accounts if account.heard_at is not None), default=None)
    return say(
        "tui.empty_open" if view == "open" else f"tui.empty_{view}",
        count=len(accounts),
        accounts=say("tui.account_one" if len(accounts) == 1 else "tui.account_many"),
        ago=ago(checked, now),
    )


def lines(account: AccountState, now: Instant, cells: int) -> tuple[tuple[tuple[str, str], ...], ...]:
    """An account on the screen of accounts: how it is, and below it, whole, what its channel says about that."""
    detail = clean(account.detail).strip()
    said = wrap(detail, max(cells - 5, 8))[:_MOST_SAID] if detail else []
    return (_line(account, now), *((("    " + part, "words"),) for part in said))


def _line(account: AccountState, now: Instant) -> tuple[tuple[str, str], ...]:
    """Name, kind, how it is, how old its data is, what goes out."""
    words = trouble(account, now)
    state = say("tui.account_reading", done=account.done, total=account.total)
    if account.caught_up or words:
        state = (
            say(f"tui.state_{account.health}")
            if account.health != "ok" or not words
            else say("tui.state_silent")
        )
    return (
        (("! " if words else "  "), "alert"),
        (pad(name(account), 24), "name"),
        (" " + pad(clean(account.kind, lines=False), 10), "quiet"),
        (" " + pad(state, 26), "alert" if words else "good"),
        (f" {say('tui.heard', ago=ago(account.heard_at, now))}", "quiet"),
        (f"  {say('tui.account_out', count=account.going_out)}" if account.going_out else "", "alert"),
    )
