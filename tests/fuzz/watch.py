"""Watching what work does to the disk: which files it leaves, opens and writes in the clear."""

import ctypes
import os
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

_OPENED = 0x20
_EVENT = struct.Struct("iIII")
_WINDOW = 24
_VARIED = 12
_STANDARD_ERROR = 2


class Bait:
    """A file that nothing has a reason to open. Linux tells when something does."""

    def __init__(self, path: Path) -> None:
        path.write_bytes(b"not for you")
        self.path = path
        libc = ctypes.CDLL(None, use_errno=True)
        self._events = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if libc.inotify_add_watch(self._events, os.fsencode(path), _OPENED) < 0:
            raise OSError(ctypes.get_errno(), "inotify_add_watch")

    @property
    def taken(self) -> bool:
        """Return whether it was opened since this was asked last."""
        try:
            return len(os.read(self._events, 4096)) >= _EVENT.size
        except BlockingIOError:
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._events)


def files_in(folders: Iterable[Path]) -> set[Path]:
    """Return every file below some folders."""
    return {path for folder in folders for path in folder.rglob("*") if path.is_file()}


def readable_in(folders: Iterable[Path], content: bytes) -> set[Path]:
    """Return the files that hold a telling stretch of some content in the clear."""
    wanted = _telling(content)
    found = set()
    for path in files_in(folders) if wanted else ():
        with suppress(FileNotFoundError):
            held = path.read_bytes()
            if any(each in held for each in wanted):
                found.add(path)
    return found


def written_by(group: int, *, outside: Path) -> set[Path]:
    """Return the files outside a folder that a group of processes has open for writing now.

    Python's own compiled modules do not count.
    """
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            if int(stat.read_text().rsplit(")", 1)[1].split()[2]) != group:
                continue
            for each in (stat.parent / "fd").iterdir():
                if int(each.name) <= _STANDARD_ERROR:
                    continue  # it belongs to whoever has started all this
                path = each.readlink()
                flags = int((stat.parent / "fdinfo" / each.name).read_text().split()[3], 8)
                if path.is_relative_to(outside) or "__pycache__" in path.parts:
                    continue
                if flags & os.O_ACCMODE and path.is_file():
                    found.add(path)
    return found


def _telling(content: bytes) -> list[bytes]:
    """Return stretches of content that are there in no other file by chance."""
    windows = (
        content[at : at + _WINDOW] for at in range(0, len(content), max(1, len(content) // 9))
    )
    return [each for each in windows if len(each) == _WINDOW and len(set(each)) >= _VARIED]
