"""All figures anew, from the whole history: what was measured as things happened must be the same."""

from collections.abc import Callable
from functools import partial

from tuidesk.desk import figures
from tuidesk.desk.desk import Desk
from tuidesk.store.sql import scalar


def recompute(desk: Desk, told: Callable[[int, int], None]) -> tuple[int, int]:
    """Make the samples and due times of every conversation anew. Blocking.

    Args:
        told: hears how many are done, and of how many.

    Returns:
        How many conversations there were, and how many samples were not what the history comes to.

    Raises:
        StoreError: the store cannot be written.
    """
    total = int(
        desk.read(lambda connection: scalar(connection, "SELECT count(*) FROM conversation")).result()
    )
    done = wrong = at = 0
    while True:
        job = partial(figures.recompute, timing=desk.timing, behind=at, now=desk.clock.now())
        if (made := desk.write(job).result()) is None:
            return done, wrong
        at, done, wrong = made[0], done + made[1], wrong + made[2]
        told(done, total)
