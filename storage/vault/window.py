"""An encrypting writer in which an mp4 muxer can seek back. Forward-only ones: stream.py.

A muxer returns to what it wrote: to the sizes of its boxes, and to the front, where the
index must lie if a browser is to start before the whole file has come. A segment must never
be encrypted twice under one nonce, so the two regions that a muxer returns to stay in memory
as plaintext until nobody can return to them: the head until the end, and the latest bytes
for as long as they are the latest.
"""

import io
from typing import TYPE_CHECKING, Protocol

from storage.vault.errors import RegionClosed
from storage.vault.segments import LAYOUT, Layout, SegmentCipher, Sink, write_all
from storage.vault.stream import SealingWriter

if TYPE_CHECKING:
    from typing_extensions import Buffer

HEAD_BYTES = 8 * 1024 * 1024
"""Room for the index of about four hours of film (measured: 2 MB per hour at 25 pictures)."""
WINDOW_BYTES = 32 * 1024 * 1024
"""How far back from its end a file may still be changed."""


class SeekableSink(Sink, Protocol):
    """Where ciphertext goes when its parts are not written in order."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""


class WindowedEncryptingWriter(SealingWriter):
    """Encrypts what is written, and lets head and latest bytes be written again.

    With PyAV: ``av.open(writer, "w", format="mp4", options={"moov_size": "4000000"})`` puts
    the index at the front. A gap that a muxer leaves for later is filled with zeros.
    """

    def __init__(
        self,
        sink: SeekableSink,
        *,
        key: bytes,
        associated_data: bytes,
        head_bytes: int = HEAD_BYTES,
        window_bytes: int = WINDOW_BYTES,
        layout: Layout = LAYOUT,
    ) -> None:
        self._plain: dict[int, bytearray] = {}
        self._sink = sink
        self._layout = layout
        self._head = max(1, -(-head_bytes // layout.segment_bytes))
        self._window = max(1, -(-window_bytes // layout.segment_bytes))
        self._next = self._head
        self._position = 0
        self._end = 0
        self._cipher = SegmentCipher.fresh(key=key, associated_data=associated_data)
        write_all(sink, self._cipher.header)

    def seekable(self) -> bool:
        """Return True, within the limits of head and window."""
        return True

    def tell(self) -> int:
        """Return the place where the next write begins."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place; whether it can still be written shows when it is."""
        self._check_open()
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._end}[whence]
        if base + offset < 0:
            raise ValueError(f"{base + offset} is before the beginning")
        self._position = base + offset
        return self._position

    def write(self, data: "Buffer", /) -> int:
        """Write at the present place.

        Raises:
            RegionClosed: The place is neither in the head nor among the latest bytes, or a
                gap before it is larger than the head.
        """
        self._check_open()
        view = memoryview(data).cast("B")
        gap = self._position - self._end
        if gap > self._head * self._layout.segment_bytes:
            raise RegionClosed(f"a gap of {gap} bytes is larger than the head")
        if gap > 0 and view:
            self._put(bytes(gap), self._end)
        self._put(view, self._position)
        self._position += len(view)
        return len(view)

    def _put(self, data: "Buffer", position: int) -> None:
        view = memoryview(data)
        first = self._layout.locate(position)[0]
        last = self._layout.locate(position + max(len(view) - 1, 0))[0]
        if view and max(first, self._head) <= min(last, self._next - 1):
            raise RegionClosed(f"{self._end - position} bytes before the end")
        while view:
            index, within = self._layout.locate(position)
            taken = min(len(view), self._layout.capacity(index) - within)
            segment = self._plain.setdefault(index, bytearray())
            segment[within : within + taken] = view[:taken]
            view = view[taken:]
            position += taken
            self._end = max(self._end, position)
            self._emit_what_left_the_window()

    def _emit_what_left_the_window(self) -> None:
        while self._next < self._layout.locate(self._end)[0] - self._window:
            self._emit(self._next, last=False)
            self._next += 1

    def _emit(self, index: int, *, last: bool) -> None:
        sealed = self._cipher.seal(self._plain.pop(index, b""), index=index, last=last)
        self._sink.seek(self._layout.ciphertext_start(index))
        write_all(self._sink, sealed)

    def _seal(self) -> None:
        last = self._layout.last_segment(self._end)
        for index in sorted(self._plain) or [0]:
            self._emit(index, last=index == last)
        self._sink.seek(self._layout.ciphertext_size(self._end))

    def _forget(self) -> None:
        self._plain.clear()
