"""What a sign-in gave. It is kept as one line of JSON, which is the account's secret, and nowhere else.

The access token is in it beside the refresh token, so that another process does not have to redeem one for its own.
"""

import json
from typing import Any, NamedTuple


class Grant(NamedTuple):
    """A refresh token, and the access token that came with it."""

    refresh_token: str
    access_token: str
    use_until: float
    """Unix time."""
    mark: str
    """Whose it is: `App.mark`."""

    def __repr__(self) -> str:
        return "Grant(…)"  # a traceback shows no token


def written(grant: Grant) -> str:
    """One line."""
    return json.dumps(grant._asdict(), separators=(",", ":"))


def read(line: str) -> Grant | None:
    """The line's grant; None where it is something else, a password perhaps."""
    try:
        found: Any = json.loads(line)
        grant = Grant(**found)
    except (ValueError, TypeError, RecursionError):
        return None
    texts = (grant.refresh_token, grant.access_token, grant.mark)
    whole = all(isinstance(one, str) for one in texts) and isinstance(grant.use_until, int | float)
    return grant if whole else None
