"""Measuring: processor time, ratios, memory. Wall time depends on who else is there."""

import gc
import os
import resource
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Final

Work = Callable[[], object]
_RESET_PEAK: Final = "5"


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


def peak_growth_mib(process: int, work: Work) -> float:
    """Return how much more memory a process holds at its peak during the work than before it."""
    Path(f"/proc/{process}/clear_refs").write_text(_RESET_PEAK)
    before = _memory_mib(process, "VmRSS")
    work()
    return _memory_mib(process, "VmHWM") - before


def process_cpu_s(process: int) -> float:
    """Return how much processor time a process has used since it began."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    user, system = (int(ticks) for ticks in fields[11:13])
    return (user + system) / os.sysconf("SC_CLK_TCK")


def memory_mib(process: int) -> float:
    """Return how much memory a process holds."""
    return _memory_mib(process, "VmRSS")


def _memory_mib(process: int, name: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return int(next(ln for ln in lines if ln.startswith(f"{name}:")).split()[1]) / 1024


def _used() -> float:
    usages = (
        resource.getrusage(resource.RUSAGE_SELF),
        resource.getrusage(resource.RUSAGE_CHILDREN),
    )
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
