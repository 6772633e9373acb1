"""Measuring: processor time, ratios. Wall time is not used: it depends on who else is there."""

import gc
import resource
import statistics
from collections.abc import Callable

Work = Callable[[], object]


def cpu_seconds(work: Work) -> float:
    """Return the processor time of a piece of work and of the programs that ended in it."""
    gc.collect()
    before = _used()
    work()
    return _used() - before


def ratio(
    ours: Work, floor: Work, *, rounds: int, cost: Callable[[Work], float] = cpu_seconds
) -> float:
    """Return how much ours costs for each unit of the floor's cost, median of the rounds.

    Each is done once before, unmeasured, so that neither pays for loading libraries. Then they
    take turns, and every second round begins with the other one, so that a busy spell of the
    machine meets both.
    """
    for work in (ours, floor):
        work()
    ratios = []
    for number in range(rounds):
        if number % 2:
            below, above = cost(floor), cost(ours)
        else:
            above, below = cost(ours), cost(floor)
        ratios.append(above / below)
    return statistics.median(ratios)


def _used() -> float:
    usages = (
        resource.getrusage(resource.RUSAGE_SELF),
        resource.getrusage(resource.RUSAGE_CHILDREN),
    )
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
