"""An encrypted upload that goes on after a kill, as the tus protocol needs it.

The part file is the finished stream, only shorter: header, then whole segments. What an
orderly end leaves of a segment lies beside it (tail.py). The format is in segments.py; who may
upload what is decided elsewhere.

The one danger is to seal a segment twice with different content under one nonce, which
would give both away. So content is sealed only when its segment is complete, and the rest waits
in memory until then or until the upload is closed; and where a kill tore a segment in the midst
of its writing, the bytes that stayed must be those that sealing it again gives.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from storage.vault.errors import (
    TamperedBlob,
    UploadBusy,
    UploadDiverged,
    UploadMissing,
    UploadOverrun,
)
from storage.vault.files import PrivateFile, sync_folder
from storage.vault.segments import HEADER_BYTES, LAYOUT, Layout, SegmentCipher, write_all
from storage.vault.tail import Tail

if TYPE_CHECKING:
    from typing_extensions import Buffer


class ResumableUpload:
    """A file of known length on its way in.

    One process at a time may hold an upload open.

    Attributes:
        length: How many bytes were declared.
    """

    def __init__(
        self,
        file: PrivateFile,
        *,
        key: bytes,
        associated_data: bytes,
        tail: Tail,
        length: int,
        layout: Layout,
    ) -> None:
        if not file.locked:
            file.close()
            raise UploadBusy
        self.length = length
        self._layout = layout
        self._file = file
        self._tail = tail
        try:
            size = file.seek(0, os.SEEK_END)
            if size < HEADER_BYTES:  # killed before anything was sealed
                self._cipher = SegmentCipher.fresh(key=key, associated_data=associated_data)
                file.truncate(0)
                file.seek(0)
                write_all(file, self._cipher.header)
                size = HEADER_BYTES
            else:
                header = os.pread(file.fileno(), HEADER_BYTES, 0)
                self._cipher = SegmentCipher(header, key=key, associated_data=associated_data)
            self._torn_until = size
            self._border, self._index = self._stored(size)
            self._held = bytearray(b"" if self.done else tail.read(index=self._index))
            self._saved = len(self._held)
            if length == 0 and not self.done:
                self._commit(b"")
        except BaseException:
            file.close()
            raise

    @classmethod
    def begin(
        cls,
        path: Path,
        *,
        key: bytes,
        associated_data: bytes,
        length: int,
        layout: Layout = LAYOUT,
    ) -> Self:
        """Return a new upload; the path must not exist."""
        if length < 0:
            raise ValueError(f"no file is {length} bytes long")
        file = PrivateFile(path, "x+b")
        sync_folder(path.parent)
        tail = Tail(path, key=key, associated_data=associated_data)
        return cls(
            file,
            key=key,
            associated_data=associated_data,
            tail=tail,
            length=length,
            layout=layout,
        )

    @classmethod
    def resume(
        cls,
        path: Path,
        *,
        key: bytes,
        associated_data: bytes,
        length: int,
        layout: Layout = LAYOUT,
    ) -> Self:
        """Return an upload that was begun earlier, where it was closed or what a kill has left.

        Raises:
            UploadMissing: Nothing was begun at this path.
            UploadBusy: Another process has it open.
            TamperedBlob: The last whole segment is not ours, or the length is another one.
        """
        try:
            file = PrivateFile(path, "r+b")
        except FileNotFoundError:
            raise UploadMissing from None
        tail = Tail(path, key=key, associated_data=associated_data)
        return cls(
            file,
            key=key,
            associated_data=associated_data,
            tail=tail,
            length=length,
            layout=layout,
        )

    @property
    def offset(self) -> int:
        """How many bytes are stored: what the sender may forget.

        While the upload is open, whole segments only; once it is closed, everything.
        """
        return self._border + self._saved

    @property
    def done(self) -> bool:
        """Return whether everything has arrived and the stream is sealed."""
        return self._index > self._layout.last_segment(self.length)

    def append(self, data: bytes | bytearray | memoryview) -> int:
        """Take the next bytes and return how many are stored now, counted from the beginning.

        Raises:
            UploadOverrun: That would be more than was declared; nothing was taken.
            UploadDiverged: A kill tore a segment, and these are not the bytes that it held.
            StoreFull: There is no room; go on later from ``offset``.
        """
        view = memoryview(data).cast("B")
        total = self._border + len(self._held) + len(view)
        if total > self.length:
            raise UploadOverrun(f"{total} bytes of {self.length}")
        while view:
            capacity = self._content_size(self._index)
            taken = min(capacity - len(self._held), len(view))
            if taken == capacity:
                self._commit(view[:taken])
            else:
                self._held += view[:taken]
                if len(self._held) == capacity:
                    self._commit_held()
            view = view[taken:]
        return self.offset

    def close(self) -> None:
        """Make everything that was taken survive a power cut.

        Raises:
            StoreFull: There is no room for the beginning of a segment; it is let go.
        """
        if self._file.closed:
            return
        try:
            self._file.sync()
            if len(self._held) > self._saved:
                self._tail.write(self._held, index=self._index)
                self._saved = len(self._held)
            elif not self._held:
                self._tail.remove()
        finally:
            self._file.close()

    def __enter__(self) -> Self:
        """Return the upload."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close: what is stored stays, whatever happened."""
        self.close()

    def _content_size(self, index: int) -> int:
        left = self.length - self._layout.plaintext_start(index)
        return min(self._layout.capacity(index), left)

    def _stored(self, size: int) -> tuple[int, int]:
        """Return offset and number of the first segment that is not wholly there."""
        last = self._layout.last_segment(self.length)
        complete = self._layout.ciphertext_size(self.length)
        if size > complete:
            raise TamperedBlob(f"{size} bytes are stored, {complete} were to come")
        index = last + 1 if size == complete else size // self._layout.segment_bytes
        if index:
            start = self._layout.ciphertext_start(index - 1)
            end = min(self._layout.ciphertext_start(index), complete)
            sealed = os.pread(self._file.fileno(), end - start, start)
            self._cipher.open(sealed, index=index - 1, last=index - 1 == last)
        return min(self._layout.plaintext_start(index), self.length), index

    def _commit_held(self) -> None:
        """Seal the segment that is full now; what does not fit is as if it had never come."""
        try:
            self._commit(self._held)
        except BaseException:
            del self._held[self._saved :]
            raise
        self._held, self._saved = bytearray(), 0

    def _commit(self, content: "Buffer") -> None:
        index = self._index
        last = index == self._layout.last_segment(self.length)
        sealed = self._cipher.seal(content, index=index, last=last)
        start = self._layout.ciphertext_start(index)
        torn_bytes = max(0, self._torn_until - start)
        torn = os.pread(self._file.fileno(), min(torn_bytes, self._layout.segment_bytes), start)
        if not sealed.startswith(torn):
            raise UploadDiverged(f"segment {index}")
        self._file.seek(start)
        write_all(self._file, sealed)
        self._index = index + 1
        self._border = min(self._layout.plaintext_start(self._index), self.length)
