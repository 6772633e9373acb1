"""The child's side: takes tasks from standard input, answers on standard output.

A line in: ``{"task": "pipeline.stages.proxy:make", "args": {...}}``. Lines out: any number of
``{"progress": 0.4}``, then ``{"done": ..., "peak_mib": ...}`` or ``{"error": code, "kind": ...}``.
When standard input ends, the parent is gone, and this process and its programs die at once.
"""

import argparse
import importlib
import json
import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import TextIO, cast

from pipeline.children.described import described
from pipeline.children.limits import (
    die_with_group,
    forget_peak,
    peak_mib,
    programs_watched,
    restrain,
)

Json = object
Task = Callable[..., Json]

_PROGRESS_STEP = 0.005


class TaskNotAllowed(Exception):
    """Only functions of the stages can be asked for."""


def main() -> None:
    """Take tasks until the parent is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory-mib", type=int, required=True)
    parser.add_argument("--niceness", type=int, required=True)
    parser.add_argument("--tasks", required=True)
    arguments = parser.parse_args()
    restrain(memory_mib=arguments.memory_mib, niceness=arguments.niceness)
    answers = _Answers(_private_stdout())
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(waiting,), daemon=True).start()
    while True:
        line = waiting.get()
        answers.give(_answer(line, answers, tasks=arguments.tasks))


def task_named(name: str, *, tasks: str) -> Task:
    """Return the function that a task's name means.

    Raises:
        TaskNotAllowed: It is not a public function of a module in the ``tasks`` package.
    """
    module, _, function = name.partition(":")
    if not (module.startswith(f"{tasks}.") and function.isidentifier()) or function[0] == "_":
        raise TaskNotAllowed
    found = getattr(importlib.import_module(module), function, None)
    if not callable(found) or getattr(found, "__module__", None) != module:
        raise TaskNotAllowed
    return cast("Task", found)


class _Answers:
    """Writes one line at a time; progress comes from several threads."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._reported = 0.0

    def begin(self) -> None:
        self._reported = 0.0

    def progress(self, fraction: float) -> None:
        """Report a fraction 0..1; it never goes back, and small steps are left out."""
        with self._lock:
            if fraction >= self._reported + _PROGRESS_STEP:
                self._reported = min(1.0, fraction)
                self._write({"progress": round(self._reported, 3)})

    def give(self, answer: dict[str, Json]) -> None:
        with self._lock:
            self._write(answer)

    def _write(self, answer: dict[str, Json]) -> None:
        self._stream.write(json.dumps(answer) + "\n")
        self._stream.flush()


def _private_stdout() -> TextIO:
    """Return standard output for answers alone; what libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _listen(waiting: "queue.SimpleQueue[str]") -> None:
    for line in sys.stdin:
        waiting.put(line)
    die_with_group()


def _answer(line: str, answers: _Answers, *, tasks: str) -> dict[str, Json]:
    answers.begin()
    forget_peak()
    try:
        request = json.loads(line)
        task = task_named(request["task"], tasks=tasks)
        with programs_watched() as programs:
            result = task(progress=answers.progress, **request["args"])
        json.dumps(result)
    except Exception as error:  # noqa: BLE001 - the parent decides what it means
        return described(error)
    return {"done": result, "peak_mib": round(peak_mib() + programs.mib, 1)}


if __name__ == "__main__":
    main()
