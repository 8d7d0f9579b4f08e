"""Due times: when an answer or a resolution is to be there at the latest, by the target that holds."""

from collections.abc import Iterable
from typing import NamedTuple

from tuidesk.domain.instants import Instant
from tuidesk.domain.measured import Measured, Rules, Running
from tuidesk.domain.targets import SOON, Aimed, Subject, Target, aimed


class Due(NamedTuple):
    """When something is to be there at the latest."""

    at: Instant
    soon: Instant
    """From when on there is not much time left."""
    running: Running
    target: Aimed


def due(measured: Measured, rules: Rules, targets: Iterable[Target], subject: Subject) -> Due | None:
    """What is due first; None where nothing is, or its clock stands still.

    An instant: worked out from the hours once, it does not move until something happens.
    """
    found = (_due(running, measured, rules, targets, subject) for running in measured.running)
    return min((one for one in found if one is not None), default=None)


def _due(
    running: Running, measured: Measured, rules: Rules, targets: Iterable[Target], subject: Subject
) -> Due | None:
    target = aimed(targets, running.aim, subject)
    if target is None:
        return None
    calendar, paused = rules.calendar, 0
    if running.aim != "resolution":
        if measured.status in rules.pause_when:
            return None
        cuts = (cut for cut in measured.cuts if cut.status in rules.pause_when and cut.end > running.start)
        paused = sum(calendar.between(max(cut.start, running.start), cut.end) for cut in cuts)
    at = calendar.after(running.start, target.ms + paused)
    soon = calendar.after(running.start, int(target.ms * SOON) + paused)
    return None if at is None or soon is None else Due(at, soon, running, target)
