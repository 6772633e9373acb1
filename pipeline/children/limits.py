"""What a child process asks of the operating system. Linux where it is, POSIX elsewhere."""

import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

MIB = 1024 * 1024
_RESET_PEAK = "5"


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
    with suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(ln for ln in lines if ln.startswith("VmHWM:")).split()[1]) / 1024
    return _mib(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def programs_peak_mib() -> float:
    """Return the highest resident memory of any program that this process has seen end."""
    return _mib(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def _mib(ru_maxrss: int) -> float:
    """Return MiB; macOS counts bytes where Linux counts KiB."""
    return ru_maxrss / (MIB if sys.platform == "darwin" else 1024)
