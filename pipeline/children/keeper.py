"""The keeper's side: lets a confined process work on a film, and holds the files for it.

The film's key, the store and the database stay here. What the confined process says is not
believed: it can make a bad copy of its own film, and nothing else.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from pipeline.children.described import again
from pipeline.engines.opened import MOST_AT_ONCE, Ranges
from pipeline.errors import ChildDied, EngineFailed, Failure, MediaRefused, WorkTooLong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.children.confinement import Allowance

Progress = Callable[[float], None]

_LONGEST_LINE = 1024 * 1024
_PIPE_BYTES = 512 * 1024
_OURS = Path(__file__).parents[2]
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ")
"""All else stays here: the settings of a site are among it."""
_CRASHES = frozenset(
    {signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT, signal.SIGSYS}
)


class Target(Protocol):
    """Where a task's result goes."""

    def write(self, data: bytes, /) -> int | None:
        """Write all of the bytes."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done: ``package.module:function`` with small JSON for arguments."""

    name: str
    args: Mapping[str, object]


def do_confined(
    task: Task,
    *,
    source: Ranges | Sequence[Ranges],
    target: Target | None = None,
    progress: Progress,
    allowance: "Allowance",
    readable: Iterable[Path] = (),
) -> object:
    """Let a confined process do a task and return what it answers, small JSON to be checked.

    Args:
        task: Its function is called with source, target, ``progress`` and the arguments.
        source: What it reads: a file, which is opened for it, or several (or none), of which it
            gets ranges.
        target: What it writes, if anything.
        progress: Called with fractions 0..1.
        allowance: How much it may use.
        readable: Files and folders that it may read besides libraries and programs.

    Raises:
        MediaRefused: The task refuses the film.
        EngineFailed: A program or library stopped or crashed over the film, or the process asked
            for what none of ours asks for.
        WorkTooLong: It has used up its time.
        TaskFailed: The task raised another error.
        ChildDied: It was killed, as it is when memory runs out.
    """
    sources = source if isinstance(source, Sequence) else (source,)
    sizes = [each.size for each in sources]
    told = sizes if isinstance(source, Sequence) else sizes[0]
    with _started(allowance, readable=readable) as process:
        assert process.stdin is not None  # noqa: S101 - they were asked for
        assert process.stdout is not None  # noqa: S101
        try:
            _say(process.stdin, {"task": task.name, "args": dict(task.args), "sizes": told})
            while line := process.stdout.readline(_LONGEST_LINE):
                request = _parsed(line)
                if "done" in request:
                    return request["done"]
                if "error" in request:
                    raise _error_of(request["error"], files=len(sources))
                if "progress" in request:
                    progress(_fraction(request["progress"]))
                else:
                    _serve(request, process, sources=sources, target=target)
        except BrokenPipeError:
            pass  # how it ended says why
        raise _death(process)


def _serve(
    request: dict[str, object],
    process: "subprocess.Popen[bytes]",
    *,
    sources: Sequence[Ranges],
    target: Target | None,
) -> None:
    """Do to a file what is asked."""
    assert process.stdin is not None  # noqa: S101 - they were asked for
    assert process.stdout is not None  # noqa: S101
    match request:
        case {"read": int(size), "at": int(at), "of": int(number)} if (
            0 <= size <= MOST_AT_ONCE
            and 0 <= number < len(sources)
            and 0 <= at <= sources[number].size
        ):
            data = sources[number].pread(at, size)
            _say(process.stdin, {"bytes": len(data)}, data)
        case {"write": int(size)} if 0 <= size <= MOST_AT_ONCE and target is not None:
            data = process.stdout.read(size)
            if len(data) == size:
                target.write(data)
        case {"seek": [int(offset), int(whence)]} if whence in {0, 1, 2} and target is not None:
            _say(process.stdin, {"at": target.seek(offset, whence)})
        case _:
            raise _misbehaved()


def _parsed(line: bytes) -> dict[str, object]:
    try:
        request = json.loads(line)
    except ValueError:
        raise _misbehaved() from None
    if not isinstance(request, dict):
        raise _misbehaved()
    return request


def _fraction(value: object) -> float:
    if not isinstance(value, int | float):
        raise _misbehaved()
    return min(1.0, max(0.0, float(value)))


def _error_of(description: object, *, files: int) -> Exception:
    try:
        error = again(description)  # type: ignore[arg-type] # checked by using it
    except (KeyError, TypeError, ValueError):
        return _misbehaved()
    if isinstance(error, MediaRefused) and error.file not in {None, *range(1, files + 1)}:
        return _misbehaved()
    return error


def _widen(*pipes: IO[bytes] | None) -> None:
    """Let a pipe hold what is asked for at once, where the system can: fewer turns are taken."""
    widen = getattr(fcntl, "F_SETPIPE_SZ", None)
    for pipe in pipes:
        if pipe is not None and widen is not None:
            with suppress(OSError):
                fcntl.fcntl(pipe, widen, _PIPE_BYTES)


def _misbehaved() -> EngineFailed:
    return EngineFailed(Failure.CRASHED, detail="said what none of ours says")


def _say(pipe: IO[bytes], answer: dict[str, object], data: bytes = b"") -> None:
    pipe.write(json.dumps(answer).encode() + b"\n")
    pipe.write(data)
    pipe.flush()


def _death(process: "subprocess.Popen[bytes]") -> Exception:
    """Return what the end of a process means that has not answered."""
    code = -process.wait()
    if code == signal.SIGXCPU:
        return WorkTooLong()
    if code in _CRASHES:
        return EngineFailed(Failure.CRASHED, detail=f"signal {code}")
    return ChildDied(f"exit {-code}")


@contextmanager
def _started(
    allowance: "Allowance", *, readable: Iterable[Path]
) -> "Iterator[subprocess.Popen[bytes]]":
    """Start a confined process; leaving kills it. Its programs end when it does not feed them."""
    command = [sys.executable, "-P", "-B", "-m", "pipeline.children.confined"]
    command += ["--memory-mib", str(allowance.memory_mib), "--cpu-s", str(allowance.cpu_s)]
    for path in readable:
        command += ["--readable", str(path)]
    passed_on = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={**passed_on, "PYTHONPATH": str(_OURS)},
    )
    try:
        _widen(process.stdin, process.stdout)
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
