"""What a child process asks of the operating system. Linux where it is, POSIX elsewhere."""

import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024
_RESET_PEAK = "5"
_LOOK_S = 0.1


def restrain(*, memory_mib: int, niceness: int) -> None:
    """Leave no core file, cap the memory, give way to others.

    The kernel's parent-death signal is not asked for: it would kill this process alone, and
    sooner than the watching of standard input, which kills the programs of the group as well.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # some systems do not cap address space
        resource.setrlimit(resource.RLIMIT_AS, (memory_mib * MIB, memory_mib * MIB))
    os.nice(niceness)


def die_with_group() -> None:
    """End this process and the programs it started, at once."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(113)


def forget_peak() -> None:
    """Begin to measure the memory peak anew, where the kernel can."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text(_RESET_PEAK)


def peak_mib() -> float:
    """Return the highest resident memory of this process since ``forget_peak``."""
    found = _high_water_mib("self")
    return _mib(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) if found is None else found


@dataclass(slots=True)
class ProgramsPeak:
    """The highest resident memory of the programs that ran at the same time in a block."""

    mib: float = 0.0


@contextmanager
def programs_watched() -> Iterator[ProgramsPeak]:
    """Watch the programs that this process starts in the block.

    They are looked at while they run, because what the kernel says of one that has ended
    counts the memory of this process too, from which it was started. Where there is no /proc,
    nothing is found.
    """
    peak, over = ProgramsPeak(), threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_S):
            now = sum(_high_water_mib(pid) or 0.0 for pid in _programs_of("self"))
            peak.mib = max(peak.mib, now)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _programs_of(parent: str) -> Iterator[str]:
    """Yield the ids of running programs; one that has not begun yet is still its parent."""
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        with suppress(OSError):
            for pid in task.read_text(encoding="ascii").split():
                if _command_line(pid) != _command_line(parent):
                    yield pid
                    yield from _programs_of(pid)


def _command_line(pid: str) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _high_water_mib(pid: str) -> float | None:
    """Return the highest resident memory of a process, None if it is gone or not known."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        return int(next(ln for ln in lines if ln.startswith("VmHWM:")).split()[1]) / 1024
    return None


def _mib(ru_maxrss: int) -> float:
    """Return MiB; macOS counts bytes where Linux counts KiB."""
    return ru_maxrss / (MIB if sys.platform == "darwin" else 1024)
