"""The confined side: does one task on somebody's file, and can do nothing else.

It gets no key, no path and no name: what it reads and writes it asks of its keeper, on standard
output, as lines of JSON: ``{"read": 4096, "at": 0, "of": 1}`` of the second file,
``{"write": 100}`` with the bytes after it, ``{"seek": [0, 2]}`` in what is written,
``{"progress": 0.4}``, and at last ``{"done": ...}`` or ``{"error": ...}``. The keeper's answers,
and the task itself, come on standard input; when that ends, the keeper is gone, and this process
dies at once.
"""

import argparse
import importlib
import json
import os
import queue
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from pipeline.children.confinement import Allowance, confine
from pipeline.children.described import described
from pipeline.engines.opened import MOST_AT_ONCE, Opened

Json = object
Task = Callable[..., Json]

_ORPHANED = 113


def main() -> None:
    """Do the one task that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory-mib", type=int, required=True)
    parser.add_argument("--cpu-s", type=int, required=True)
    parser.add_argument("--readable", type=Path, action="append", default=[])
    arguments = parser.parse_args()
    allowance = Allowance(memory_mib=arguments.memory_mib, cpu_s=arguments.cpu_s)
    confine(allowance, readable=arguments.readable)
    keeper = _Keeper(os.fdopen(os.dup(1), "wb", buffering=0))
    os.dup2(2, 1)  # what libraries print is no request
    task, _ = keeper.listen()
    keeper.tell(_outcome(task, keeper))


class FileOfKeeper:
    """A file that the keeper reads for us."""

    def __init__(self, keeper: "_Keeper", number: int, *, size: int) -> None:
        self._keeper = keeper
        self._number = number
        self.size = size

    def pread(self, offset: int, length: int, /) -> bytes:
        """Return a range, at most ``MOST_AT_ONCE``."""
        _, data = self._keeper.ask({"read": length, "at": offset, "of": self._number})
        return data


class TargetOfKeeper:
    """A file that the keeper writes for us, much at a time: a muxer writes little at a time."""

    def __init__(self, keeper: "_Keeper") -> None:
        self._keeper = keeper
        self._gathered = bytearray()

    def write(self, data: "bytes | bytearray | memoryview", /) -> int:
        """Write all of the bytes."""
        self._gathered += data
        if len(self._gathered) >= MOST_AT_ONCE:
            self.flush()
        return memoryview(data).nbytes

    def flush(self) -> None:
        """Have the keeper write what has been gathered."""
        view = memoryview(bytes(self._gathered))
        self._gathered.clear()
        for at in range(0, len(view), MOST_AT_ONCE):
            piece = view[at : at + MOST_AT_ONCE]
            self._keeper.tell({"write": len(piece)}, piece)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""
        self.flush()
        answer, _ = self._keeper.ask({"seek": [offset, whence]})
        return int(str(answer["at"]))

    def tell(self) -> int:
        """Return the place."""
        return self.seek(0, os.SEEK_CUR)


class _Keeper:
    """The other end of the two pipes; several threads may ask."""

    def __init__(self, requests: BinaryIO) -> None:
        self._requests = requests
        self._asking, self._telling = threading.Lock(), threading.Lock()
        self._answers: queue.SimpleQueue[tuple[dict[str, Json], bytes]] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def ask(self, request: dict[str, Json]) -> tuple[dict[str, Json], bytes]:
        """Return what the keeper answers."""
        with self._asking:
            self.tell(request)
            return self.listen()

    def listen(self) -> tuple[dict[str, Json], bytes]:
        """Return what the keeper says next."""
        return self._answers.get()

    def tell(self, request: dict[str, Json], data: "bytes | memoryview" = b"") -> None:
        """Say something that needs no answer."""
        line = json.dumps(request).encode() + b"\n"
        with self._telling:
            for part in (line, data):
                _write_all(self._requests, part)

    def _listen(self) -> None:
        answers = sys.stdin.buffer
        for line in answers:
            answer = json.loads(line)
            self._answers.put((answer, answers.read(answer.get("bytes", 0))))
        os._exit(_ORPHANED)


def _write_all(pipe: BinaryIO, data: "bytes | memoryview") -> None:
    view = memoryview(data)
    while view:
        view = view[pipe.write(view) :]


def _outcome(request: dict[str, Json], keeper: _Keeper) -> dict[str, Json]:
    def progress(fraction: float) -> None:
        keeper.tell({"progress": fraction})

    try:
        module, _, function = str(request["task"]).partition(":")
        task = cast("Task", getattr(importlib.import_module(module), function))
        args = cast("dict[str, Json]", request["args"])
        sizes = cast("int | list[int]", request["sizes"])
        source = (
            Opened(FileOfKeeper(keeper, 0, size=sizes))
            if isinstance(sizes, int)
            else tuple(FileOfKeeper(keeper, n, size=size) for n, size in enumerate(sizes))
        )
        target = TargetOfKeeper(keeper)
        result = task(source, target, progress=progress, **args)
        target.flush()
        json.dumps(result)
    except Exception as error:  # noqa: BLE001 - the keeper decides what it means
        return {"error": described(error)}
    return {"done": result}


if __name__ == "__main__":
    main()
