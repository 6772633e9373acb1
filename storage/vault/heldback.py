"""Bytes that must not count before they are known to be the right ones.

They are kept on disk, for they may be many, and encrypted, for they may be somebody's film:
under a key that only this process knows, in a file that has no name any more. Whatever ends
the process ends them too.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from storage.vault.files import PrivateFile
from storage.vault.segments import KEY_BYTES
from storage.vault.stream import DecryptingReader, EncryptingWriter

_ABOUT: Final = b"v1|held-back"
_PIECE_BYTES: Final = 1024 * 1024


class HeldBack:
    """A place for bytes on trial: write them all, then take them back, or let them go."""

    def __init__(self, path: Path) -> None:
        self._key = os.urandom(KEY_BYTES)
        self._file = PrivateFile(path, "x+b")
        path.unlink()
        self._writer = EncryptingWriter(self._file, key=self._key, associated_data=_ABOUT)

    def append(self, data: bytes | bytearray) -> None:
        """Take the next bytes.

        Raises:
            StoreFull: There is no room.
        """
        self._writer.write(data)

    def pieces(self) -> Iterator[bytes]:
        """Yield all that was taken, once, a mebibyte at a time at most."""
        self._writer.close()
        descriptor = self._file.fileno()
        with DecryptingReader(
            lambda offset, length: os.pread(descriptor, length, offset),
            ciphertext_size=os.fstat(descriptor).st_size,
            key=self._key,
            associated_data=_ABOUT,
        ) as reader:
            while piece := reader.read(_PIECE_BYTES):
                yield piece

    def __enter__(self) -> Self:
        """Return the place."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of everything."""
        self._writer.abandon()
        self._file.close()
