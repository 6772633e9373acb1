"""Tasks that children are given in tests."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable

from pipeline.engines.ffmpeg import encode
from pipeline.engines.ffmpeg_command import find_program
from pipeline.engines.probing import probe
from pipeline.errors import MediaRefused, Refusal

Progress = Callable[[float], None]

_NEVER_ENDING = (
    *("-loglevel", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=64x36:r=5"),
    *("-f", "null", "-"),
)


def add(*, progress: Progress, left: int, right: int) -> int:
    progress(0.5)
    progress(0.2)
    progress(1.0)
    return left + right


def chatter(*, progress: Progress) -> str:
    print("a library says hello on standard output")  # noqa: T201
    os.write(1, b"and another one past Python\n")
    progress(1.0)
    return "done"


def refuse(*, progress: Progress) -> None:
    progress(0.0)
    raise MediaRefused(Refusal.TRUNCATED)


def blunder(*, progress: Progress) -> None:
    progress(0.0)
    raise ValueError("Uxnvaplq said this")


def unspeakable(*, progress: Progress) -> object:
    progress(0.0)
    return io.BytesIO()


def crash(*, progress: Progress) -> None:
    progress(0.0)
    os._exit(7)


def forever(*, progress: Progress, report: str) -> None:
    """Work with a program beside, as encoding does; write both process ids down."""
    program = subprocess.Popen(
        [find_program().path, *_NEVER_ENDING],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    with open(report + ".part", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(f"{os.getpid()} {program.pid}")
    os.replace(report + ".part", report)  # noqa: PTH105
    while True:
        progress(0.3)
        time.sleep(0.05)


def swallow(*, progress: Progress, mib: int) -> int:
    data = bytearray(mib * 1024 * 1024)
    data[::4096] = b"x" * len(data[::4096])
    progress(1.0)
    return len(data)


def niceness(*, progress: Progress) -> list[int]:
    import resource  # noqa: PLC0415

    progress(1.0)
    return [os.nice(0), resource.getrlimit(resource.RLIMIT_CORE)[0], len(sys.argv)]


def _hidden(*, progress: Progress) -> None:
    progress(1.0)


class _Slow(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > len(self.getbuffer()) // 3:
            time.sleep(0.5)
        return super().read(min(size or 0, 4096))


def encode_slowly(*, progress: Progress, film: str) -> int:
    with open(film, "rb") as file:  # noqa: PTH123
        data = file.read()
    found = probe(io.BytesIO(data), size=len(data))
    return encode(_Slow(data), io.BytesIO(), probe=found, progress=progress).duration_ms


def begin_a_program_slowly(*, progress: Progress, mib: int) -> None:
    """Hold some memory and have a second process that has not become a program yet."""
    held = bytearray(os.urandom(1)) * (mib * 1024 * 1024)
    pid = os.fork()
    if not pid:
        time.sleep(0.6)
        os._exit(0)
    os.waitpid(pid, 0)
    progress(len(held) / len(held))


def run_a_program(*, progress: Progress, mib: int, of_the_program: int) -> None:
    """Hold some memory and run a program that holds some for a while."""
    held = bytearray(os.urandom(1)) * (mib * 1024 * 1024)
    code = f"import time; held = bytearray(b'x') * ({of_the_program} << 20); time.sleep(0.6)"
    subprocess.run([sys.executable, "-c", code], check=True)
    progress(len(held) / len(held))
