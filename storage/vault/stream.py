"""One encrypted stream: a writer that goes forward and a reader that seeks.

Keys come from the caller; bytes go to a sink or come from a range function. Nothing here
knows of recordings, files or stores. Writers that seek back or survive a kill are in
window.py and resumable.py, the format itself is in segments.py.
"""

import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING

from storage.vault.segments import (
    HEADER_BYTES,
    LAYOUT,
    Layout,
    SegmentCipher,
    Sink,
    write_all,
)

if TYPE_CHECKING:
    from typing_extensions import Buffer

SEGMENTS_KEPT = 8
"""Decrypted segments in memory per reader (2 MiB): sound and picture of an mp4 alternate."""

ReadAt = Callable[[int, int], "Buffer"]
"""``read_at(offset, length)`` gives that range of the ciphertext."""


class SealingWriter(io.RawIOBase):
    """What encrypting writers share: only an orderly close seals the stream.

    Leaving a ``with`` block by an exception, or forgetting the writer, abandons it: what lies
    in the sink then does not authenticate, so half a file can never pass for a whole one.

    Attributes:
        sealed: The stream is complete. False while writing, and forever once abandoned.
    """

    sealed = False

    def writable(self) -> bool:
        """Return True: this is all it does."""
        return True

    def abandon(self) -> None:
        """Close without sealing; what was written stays unreadable."""
        if not self.closed:
            self._forget()
            super().close()

    def close(self) -> None:
        """Seal the stream. The sink stays open; it belongs to the caller."""
        if self.closed:
            return
        try:
            self._seal()
            self.sealed = True
        finally:
            self.abandon()

    def _seal(self) -> None:
        raise NotImplementedError

    def _forget(self) -> None:
        raise NotImplementedError

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("the writer is closed")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Seal after success, abandon after an exception."""
        if kind is None:
            self.close()
        else:
            self.abandon()

    def __del__(self) -> None:
        """Abandon: Python's own would close, and so seal half a file."""
        self.abandon()


class EncryptingWriter(SealingWriter):
    """Encrypts what is written, from beginning to end, in constant memory."""

    def __init__(
        self, sink: Sink, *, key: bytes, associated_data: bytes, layout: Layout = LAYOUT
    ) -> None:
        self._held = bytearray()
        self._index = 0
        self._written = 0
        self._sink = sink
        self._layout = layout
        self._cipher = SegmentCipher.fresh(key=key, associated_data=associated_data)
        write_all(sink, self._cipher.header)

    def tell(self) -> int:
        """Return how much plaintext was written."""
        return self._written

    def write(self, data: "Buffer", /) -> int:
        """Encrypt all of the bytes; a segment leaves once more is known to follow it."""
        self._check_open()
        view = memoryview(data).cast("B")
        size = len(view)
        while view:
            capacity = self._layout.capacity(self._index)
            if len(self._held) == capacity:
                self._emit(self._held)
                self._held = bytearray()
            elif not self._held and len(view) > capacity:
                self._emit(view[:capacity])
                view = view[capacity:]
            else:
                taken = capacity - len(self._held)
                self._held += view[:taken]
                view = view[taken:]
        self._written += size
        return size

    def _emit(self, content: "Buffer", *, last: bool = False) -> None:
        write_all(self._sink, self._cipher.seal(content, index=self._index, last=last))
        self._index += 1

    def _seal(self) -> None:
        self._emit(self._held, last=True)

    def _forget(self) -> None:
        self._held = bytearray()


class DecryptingReader(io.RawIOBase):
    """Reads an encrypted stream at any place, from any thread.

    Opening it authenticates the last segment, whose nonce says that it is the last: so a
    stream that was cut or lengthened is refused before its first byte is read. Every other
    segment is authenticated when it is first needed.

    Raises:
        TamperedBlob: A byte, the length, the key or the associated data is another one.
    """

    def __init__(
        self,
        read_at: ReadAt,
        *,
        ciphertext_size: int,
        key: bytes,
        associated_data: bytes,
        layout: Layout = LAYOUT,
        read_ahead: int = 1,
    ) -> None:
        """Open a stream; ``read_ahead`` segments are fetched at once in forward reading."""
        self.size = layout.plaintext_size(ciphertext_size)
        self._read_at = read_at
        self._ciphertext_size = ciphertext_size
        self._layout = layout
        self._read_ahead = min(read_ahead, SEGMENTS_KEPT)
        header = bytes(read_at(0, HEADER_BYTES))
        self._cipher = SegmentCipher(header, key=key, associated_data=associated_data)
        self._last = layout.last_segment(self.size)
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._position = 0
        self._position_lock = threading.RLock()
        self._next_expected = 0
        self._segment(self._last, upto=self._last)

    def readable(self) -> bool:
        """Return True: this is all it does."""
        return True

    def seekable(self) -> bool:
        """Return True: any place can be read."""
        return True

    def tell(self) -> int:
        """Return the place where the next read begins."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place in the plaintext and return it."""
        with self._position_lock:
            base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
            if base + offset < 0:
                raise ValueError(f"{base + offset} is before the beginning")
            self._position = base + offset
            return self._position

    def readinto(self, buffer: "Buffer", /) -> int:
        """Fill the buffer from the present place, less at the end."""
        view = memoryview(buffer).cast("B")
        filled = 0
        with self._position_lock:
            for part in self._parts(self._position, len(view)):
                view[filled : filled + len(part)] = part
                filled += len(part)
            self._position += filled
        return filled

    def readall(self) -> bytes:
        """Return everything from the present place on."""
        with self._position_lock:
            data = self.pread(self._position, self.size)
            self._position += len(data)
        return data

    def pread(self, offset: int, length: int) -> bytes:
        """Return a range of the plaintext, shorter at the end; the place stays as it is."""
        return b"".join(self._parts(offset, length))

    def run(self, offset: int, end: int, *, segments: int) -> list[memoryview]:
        """Return what comes next of a range, for one who reads it once from beginning to end.

        It reaches to the end of so many segments or of the range. Nothing is copied or kept.
        """
        self._check_open()
        if not 0 <= offset < end <= self.size:
            raise ValueError(f"nothing lies between {offset} and {end}")
        first = self._layout.locate(offset)[0]
        stop = min(first + segments - 1, self._layout.locate(end - 1)[0])
        found = []
        for index, content in self._fetch(first, stop).items():
            begin = self._layout.plaintext_start(index)
            found.append(memoryview(content)[max(0, offset - begin) : end - begin])
        return found

    def close(self) -> None:
        """Forget the decrypted segments."""
        if not self.closed:
            kept = getattr(self, "_kept", None)  # opening may have been refused halfway
            if kept is not None:
                kept.clear()
        super().close()

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("the reader is closed")

    def _parts(self, offset: int, length: int) -> Iterator[memoryview]:
        """Yield a range of the plaintext in the pieces that its segments make of it."""
        self._check_open()
        if offset < 0 or length < 0:
            raise ValueError(f"no range begins at {offset} with {length} bytes")
        end = min(offset + length, self.size)
        while offset < end:
            index, within = self._layout.locate(offset)
            segment = self._segment(index, upto=self._layout.locate(end - 1)[0])
            part = memoryview(segment)[within : within + end - offset]
            yield part
            offset += len(part)

    def _segment(self, index: int, *, upto: int) -> bytes:
        """Return one segment, and fetch those up to ``upto`` along with it if it is not kept."""
        with self._lock:
            kept = self._kept.get(index)
            if kept is not None:
                self._kept.move_to_end(index)
                return kept
            ahead = index + self._read_ahead - 1 if index == self._next_expected else index
            stop = min(max(upto, ahead), self._last, index + SEGMENTS_KEPT - 1)
            self._next_expected = stop + 1
        opened = self._fetch(index, stop)
        with self._lock:
            self._kept.update(opened)
            for number in opened:
                self._kept.move_to_end(number)
            while len(self._kept) > SEGMENTS_KEPT:
                self._kept.popitem(last=False)
        return opened[index]

    def _fetch(self, first: int, stop: int) -> dict[int, bytes]:
        start = self._layout.ciphertext_start(first)
        end = min(self._layout.ciphertext_start(stop + 1), self._ciphertext_size)
        run = memoryview(self._read_at(start, end - start))
        opened: dict[int, bytes] = {}
        for index in range(first, stop + 1):
            begin = self._layout.ciphertext_start(index) - start
            sealed = run[begin : self._layout.ciphertext_start(index + 1) - start]
            opened[index] = self._cipher.open(sealed, index=index, last=index == self._last)
        return opened
