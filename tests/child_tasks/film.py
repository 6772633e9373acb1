"""Tasks that confined processes are given in tests."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from pipeline.engines.opened import Opened, Ranges
from pipeline.errors import MediaRefused, Refusal

Progress = Callable[[float], None]


class File(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...
    def write(self, data: bytes, /) -> int: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def tell(self) -> int: ...


def turn_round(source: File, target: File, *, progress: Progress) -> list[int]:
    """Copy a file backwards, its halves in turn, and tell where both files are then."""
    half = source.seek(0, os.SEEK_END) // 2
    for done, start in enumerate((half, 0), 1):
        source.seek(start)
        target.seek(start)
        target.write(source.read(half))
        progress(done / 2)
    return [source.tell(), target.tell()]


def interleave(files: Sequence[Ranges], target: File, *, progress: Progress) -> list[int]:
    """Write the first file's bytes in turn with the second's, and those with themselves."""
    first, second, again = Opened(files[0]), Opened(files[1]), Opened(files[1])
    again.seek(-1000, os.SEEK_END)
    while piece := first.read(1000):
        target.write(piece + second.read(500) + again.read(500))
        again.seek(max(0, again.tell() - 1000))
    progress(1.0)
    return [file.size for file in files]


def refuse(_files: Sequence[Ranges], _target: File, *, progress: Progress, number: int) -> None:
    progress(0.1)
    raise MediaRefused(Refusal.DAMAGED, file=number)


def settings_seen(_source: File, _target: File, *, progress: Progress) -> list[str]:
    progress(1.0)
    return [name for name in os.environ if name.startswith("SAMSPIL")]


def limits_seen(_source: File, _target: File, *, progress: Progress) -> list[int]:
    progress(1.0)
    kinds = (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
    return [resource.getrlimit(kind)[1] for kind in kinds]


def spin(_source: File, _target: File, *, progress: Progress) -> None:
    progress(0.1)
    while True:
        pass


def spin_in_a_program(_source: File, _target: File, *, progress: Progress) -> int:
    progress(0.1)
    return subprocess.run([sys.executable, "-c", "while True: pass"], check=False).returncode


def swallow(_source: File, _target: File, *, progress: Progress, mib: int) -> int:
    progress(0.1)
    return len(bytearray(mib * 1024 * 1024))


def crash(_source: File, _target: File, *, progress: Progress) -> None:
    progress(0.1)
    os.abort()


def wait_for_ever(source: File, _target: File, *, progress: Progress) -> None:
    source.seek(os.getpid())
    source.read(1)  # so the keeper knows
    progress(0.1)
    while True:
        os.sched_yield()


def blunder(_source: File, _target: File, *, progress: Progress) -> None:
    progress(0.1)
    raise ValueError("Uxnvaplq said this")


def say(_source: File, _target: File, *, progress: Progress, line: str) -> None:
    """Say something to the keeper past the library."""
    progress(0.1)
    for each in range(3, 64):
        try:
            os.write(each, line.encode() + b"\n")
        except OSError:
            continue
    while True:
        os.sched_yield()


def fetch(
    _source: File, _target: File, *, progress: Progress, program: str, lines: list[list[str]]
) -> list[Any]:
    """Run a program with several command lines and tell how each ended and what it said."""
    progress(0.1)
    runs = [
        subprocess.run(
            [program, *line],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=20,
        )
        for line in lines
    ]
    return [[run.returncode, run.stdout.decode(errors="replace")[-300:]] for run in runs]
