"""(error, attempt) → seconds to wait, or None: not again. Pure; the dice are handed in."""

from tuidesk.errors import AuthFailed, ChannelError, RateLimited, Rejected, Unavailable, Unsupported

FIRST_S = 1.0
MOST_S = 60.0
LONGEST_S = 86_400.0
"""What a channel says beyond a day is taken for a day."""


def wait_s(error: Exception, attempt: int, dice: float) -> float | None:
    """How long to leave a channel alone after `error` on try number `attempt` (1 is the first).

    Retry-After is obeyed to the letter, a limit without one and an absent channel double the wait from 1 s to 60 s,
    with up to half of it added by `dice` (0 to 1) so that clients do not come back together.

    Returns:
        Seconds, or None where trying again cannot help: a wrong login, a refused command, a thing the channel lacks.
    """
    if isinstance(error, AuthFailed | Rejected | Unsupported):
        return None
    if isinstance(error, RateLimited) and error.after is not None:
        return min(max(0.0, error.after), LONGEST_S)
    doubled = min(FIRST_S * 2.0 ** min(max(attempt, 1) - 1, 10), MOST_S)
    if isinstance(error, ChannelError) and not isinstance(error, Unavailable | RateLimited):
        doubled = max(doubled, 5.0)
    return doubled * (1 + dice / 2)
