"""Reading a file from a place on, where only ranges of it can be asked for."""

import os
from typing import Protocol

MOST_AT_ONCE = 1024 * 1024
"""Bytes in one request."""


class Ranges(Protocol):
    """A file of which any range can be had; how often it is opened makes no difference."""

    @property
    def size(self) -> int:
        """Return how many bytes it has."""

    def pread(self, offset: int, length: int, /) -> bytes:
        """Return a range, shorter at the end."""


class Opened:
    """A file opened once more: it has a place of its own. Only one thread may use it.

    Each request may cost a turn between processes or a journey to a store. Who goes on reading
    where he was gets twice as much fetched as the last time; who jumps, what he asks for.
    """

    def __init__(self, file: Ranges) -> None:
        self._file = file
        self._place = 0
        self._held = b""
        self._held_at = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes, or what is left if that is less or the size is negative."""
        end = self._file.size if size < 0 else min(self._file.size, self._place + size)
        pieces = []
        while self._place < end:
            within = self._place - self._held_at
            if not 0 <= within < len(self._held):
                self._fetch(end - self._place)
                within = 0
            piece = self._held[within : within + end - self._place]
            if not piece:
                break
            pieces.append(piece)
            self._place += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place and return it; nothing is fetched.

        Raises:
            ValueError: It lies before the beginning.
        """
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._file.size}[whence]
        if base + offset < 0:
            raise ValueError(f"{base + offset} is before the beginning")
        self._place = base + offset
        return self._place

    def tell(self) -> int:
        """Return the place."""
        return self._place

    def _fetch(self, wanted: int) -> None:
        goes_on = self._place == self._held_at + len(self._held)
        ahead = 2 * len(self._held) if goes_on else 0
        length = min(MOST_AT_ONCE, max(wanted, ahead))
        self._held = self._file.pread(self._place, length)
        self._held_at = self._place
