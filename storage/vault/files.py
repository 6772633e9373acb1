"""Files that only this program's user may read: making, syncing, and running out of room.

What is written into them is ciphertext all the same; see segments.py.
"""

import errno
import fcntl
import io
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from storage.vault.errors import StoreFull

if TYPE_CHECKING:
    from typing_extensions import Buffer

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def room_wanted() -> Generator[None]:
    """Run a block that writes, and say so if there is no room.

    Raises:
        StoreFull: The disk is full, or a quota or file size limit is reached.
    """
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StoreFull from error
        raise


def private_folder(path: Path) -> Path:
    """Return the folder; it and those above it are made if need be, closed to other users."""
    if not path.is_dir():
        private_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def sync_folder(path: Path) -> None:
    """Make new names in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock(descriptor: int) -> bool:
    """Return whether the file is now ours alone; a killed process lets go by itself."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def remove_unheld(folder: Path) -> int:
    """Remove the files that no process has open, and return how many they were.

    An empty one is left: it has just been made, and its maker is about to lock it.
    """
    removed = 0
    for path in folder.glob("*"):
        with PrivateFile(path, "rb") as file:
            if file.locked and file.seek(0, os.SEEK_END):
                path.unlink()
                removed += 1
    return removed


class PrivateFile(io.FileIO):
    """A file with mode 0600, unbuffered, locked by whoever has it open."""

    def __init__(self, path: Path, mode: str) -> None:
        super().__init__(path, mode, opener=_open_private)
        self.locked = lock(self.fileno())

    def write(self, data: "Buffer", /) -> int:
        """Write some or all of the bytes.

        Raises:
            StoreFull: There is no room left.
        """
        with room_wanted():
            return super().write(data)

    def sync(self) -> None:
        """Wait until what was written survives a power cut."""
        with room_wanted():
            os.fsync(self.fileno())


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)
