"""Which workers of this machine live: a file each, locked by the kernel while its process does.

A lock is let go the moment its process ends, however it ends, so a dead worker is known at once.
Of workers on other machines only their heartbeat tells (storage.workers), some seconds later.
"""

import time
from contextlib import suppress
from pathlib import Path

from storage.vault.files import PrivateFile, lock, private_folder

_FOLDER = "workers"
_AGAIN_S = 0.01


class Presence:
    """Says that a worker lives, for as long as this process does."""

    def __init__(self, home: Path, *, name: str) -> None:
        self._path = private_folder(home / _FOLDER) / name
        self._file = PrivateFile(self._path, "xb")
        while not lock(self._file.fileno()):  # somebody is just looking whether we live
            time.sleep(_AGAIN_S)

    def leave(self) -> None:
        """Say that the worker has ended. What it left undone may be taken over."""
        self._file.close()


def dead_workers(home: Path) -> tuple[str, ...]:
    """Return the workers of this machine whose process has ended."""
    return tuple(path.name for path in sorted((home / _FOLDER).glob("*")) if _is_unheld(path))


def forget(home: Path, *, name: str) -> None:
    """Forget a dead worker, if it was of this machine."""
    (home / _FOLDER / name).unlink(missing_ok=True)


def _is_unheld(path: Path) -> bool:
    with suppress(FileNotFoundError), PrivateFile(path, "rb") as file:
        return file.locked
    return False
