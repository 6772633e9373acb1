"""The parent's side: starts a child, gives it tasks, watches it, kills it.

Permission is asked for again several times a second while a task runs. When it is gone, the
child and every program it started are killed, whatever they are doing.
"""

import json
import math
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.children.described import failed
from pipeline.errors import ChildDied, StageKilled, TaskFailed, WorkTooLong

MEMORY_MIB = 8_192
"""Address space, of which libraries reserve far more than they use."""
NICENESS = 10
TASKS = "pipeline.stages"

_ROOT = Path(__file__).parents[2]
_READ_AT_ONCE = 65_536
_LONGEST_ANSWER = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task has returned, and what it took.

    Attributes:
        value: Small JSON: ids, figures, codes.
        peak_mib: Highest resident memory, with that of the programs it ran at the same time.
    """

    value: object
    seconds: float
    peak_mib: float


class Supervised:
    """One child process that does one task at a time.

    Use it as a context manager. After a kill it is spent; start another.
    """

    def __init__(
        self, *, memory_mib: int = MEMORY_MIB, niceness: int = NICENESS, tasks: str = TASKS
    ) -> None:
        """Start the child; ``tasks`` names the package whose functions it may be asked for."""
        command = [sys.executable, "-P", "-m", "pipeline.children.child"]
        command += ["--memory-mib", str(memory_mib), "--niceness", str(niceness), "--tasks", tasks]
        self._process = _start(command)
        self._pipes_in_use = threading.Lock()
        self._killed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the child, idle or not."""
        self.kill()

    @property
    def pid(self) -> int:
        """Id of the child, and of the group that its programs belong to."""
        return self._process.pid

    def run(
        self,
        task: str,
        args: Mapping[str, object],
        *,
        progress: Callable[[float], None],
        still_allowed: Callable[[], bool],
        limit_s: float = math.inf,
        poll_s: float = 0.2,
    ) -> Outcome:
        """Let the child do a task and return what it answers.

        Args:
            task: Such as ``pipeline.stages.proxy:make``.
            args: Keyword arguments, as small JSON; never secrets or spoken words.
            progress: Called with fractions 0..1 that never go back.
            still_allowed: Asked before the task and while it runs. If it raises, the child is
                killed and the error passed on.
            limit_s: How long the task may take, in seconds.
            poll_s: How often it is asked, in seconds.

        Raises:
            StageKilled: Permission is gone, or another thread has killed the child.
            WorkTooLong: The task has taken more time than it may; the child is killed.
            TaskFailed: The task raised an error.
            ChildDied: The child ended without an answer.
        """
        began = time.monotonic()

        def check() -> None:
            if self._killed or not still_allowed():
                raise StageKilled
            if time.monotonic() - began > limit_s:
                raise WorkTooLong

        with self._using_pipes():
            check()
            self._ask(task, args)
            for line in self._lines(poll_s, check):
                answer = json.loads(line)
                if "progress" in answer:
                    progress(answer["progress"])
                else:
                    return _outcome(answer, seconds=time.monotonic() - began)
            raise self._death()

    def kill(self) -> None:
        """Kill the child and its programs, from any thread. Safe to repeat."""
        self._killed = True
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._close_pipes()

    @contextmanager
    def _using_pipes(self) -> Iterator[None]:
        try:
            with self._pipes_in_use:
                yield
        except TaskFailed:
            raise
        except BaseException:
            self.kill()
            raise
        finally:
            if self._killed:
                self._close_pipes()

    def _close_pipes(self) -> None:
        """Close them, unless a thread still reads: it would wait forever for one that is closed."""
        if not self._pipes_in_use.acquire(blocking=False):
            return
        try:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
        finally:
            self._pipes_in_use.release()

    def _ask(self, task: str, args: Mapping[str, object]) -> None:
        line = json.dumps({"task": task, "args": dict(args)}) + "\n"
        try:
            assert self._process.stdin is not None  # noqa: S101 - it was asked for
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()
        except (OSError, ValueError):
            raise self._death() from None

    def _lines(self, poll_s: float, check: Callable[[], None]) -> Iterator[bytes]:
        """Yield the child's lines until it ends, and check in between at least every poll."""
        held = b""
        checked = time.monotonic()
        with selectors.DefaultSelector() as selector:
            assert self._process.stdout is not None  # noqa: S101 - it was asked for
            output = self._process.stdout.fileno()
            selector.register(output, selectors.EVENT_READ)
            while len(held) < _LONGEST_ANSWER:
                ready = selector.select(poll_s)
                if time.monotonic() - checked >= poll_s or not ready:
                    check()
                    checked = time.monotonic()
                if ready:
                    received = os.read(output, _READ_AT_ONCE)
                    if not received:
                        return
                    *whole, held = (held + received).split(b"\n")
                    yield from whole

    def _death(self) -> StageKilled | ChildDied:
        if self._killed:
            return StageKilled()
        self.kill()
        return ChildDied(f"exit {self._process.returncode}")


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    paths = [str(_ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,
    )


def _outcome(answer: dict[str, object], *, seconds: float) -> Outcome:
    if "kind" in answer:
        raise failed(answer)
    return Outcome(value=answer["done"], seconds=seconds, peak_mib=float(str(answer["peak_mib"])))
