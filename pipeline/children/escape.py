"""Trying to do from a confined process what it must not: for ``samspil doctor`` and tests."""

import ctypes
import os
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import cast

from pipeline.children.confinement import Allowance
from pipeline.children.keeper import Task, do_confined

Json = object

_ALLOWANCE = Allowance(memory_mib=4096, cpu_s=60)


class Door(StrEnum):
    """A way out of a confined process."""

    NETWORK = "network"
    WRITING = "writing"
    READING = "reading"
    PROCESSES = "processes"


def open_doors() -> frozenset[Door]:
    """Return what a confined process can do on this machine, though it should not.

    Raises:
        PipelineError: It did not come to an end.
    """
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        tempfile.TemporaryDirectory() as folder,
    ):
        secret = Path(folder, "secret")
        secret.write_bytes(b"x")
        found = do_confined(
            Task(
                f"{__name__}:{try_doors.__name__}",
                {
                    "port": listener.getsockname()[1],
                    "folder": folder,
                    "secret": str(secret),
                    "victim": os.getpid(),
                },
            ),
            source=(),
            progress=lambda _: None,
            allowance=_ALLOWANCE,
        )
    return frozenset(map(Door, cast("list[str]", found)))


def try_doors(
    _source: object,
    _target: object,
    *,
    progress: Callable[[float], None],
    port: int,
    folder: str,
    secret: str,
    victim: int,
) -> Json:
    """Return the doors that are open.

    Args:
        progress: Called with fractions 0..1.
        port: Where somebody listens on this machine.
        folder: Where files could be written.
        secret: A file that could be read.
        victim: A process whose memory could be read.
    """
    tries: dict[Door, Callable[[], object]] = {
        Door.NETWORK: lambda: _connect(port),
        Door.WRITING: lambda: Path(folder, "escaped").write_bytes(b"x"),
        Door.READING: lambda: Path(secret).read_bytes(),
        Door.PROCESSES: lambda: _attach(victim),
    }
    found = []
    for done, (door, attempt) in enumerate(tries.items(), 1):
        with suppress(OSError):
            attempt()
            found.append(door.value)
        progress(done / len(tries))
    return found


def _connect(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        pass


_PTRACE_SEIZE = 0x4206


def _attach(pid: int) -> None:
    if sys.platform != "linux":
        raise OSError(sys.platform)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
    if libc.ptrace(_PTRACE_SEIZE, pid, None, None) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")
