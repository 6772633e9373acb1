"""Speech packed into a recognizer's 30-second windows, and the way back.

Long silence is where recognizers invent text and where they spend time for nothing, so it is cut
out; short pauses stay, because punctuation hangs on them.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from pipeline.analysis.intervals import Interval, Intervals, padded

MARGIN_MS = 300
WINDOW_MS = 29_900


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces of the recording that are recognized together, joined end to end."""

    pieces: Intervals

    @property
    def length_ms(self) -> int:
        """Length of the pieces together."""
        return sum(end - start for start, end in self.pieces)

    def original(self, start_ms: int, end_ms: int) -> Interval:
        """Return where a stretch of the window lies in the recording.

        A word that seems to reach over a cut belongs to the piece that holds more of it.
        """
        offsets = [0, *accumulate(end - start for start, end in self.pieces)]
        first, last = (
            min(max(bisect_right(offsets, at) - 1, 0), len(self.pieces) - 1)
            for at in (start_ms, max(start_ms, end_ms - 1))
        )
        piece = max(
            range(first, last + 1),
            key=lambda i: min(end_ms, offsets[i + 1]) - max(start_ms, offsets[i]),
        )
        low, high = self.pieces[piece]
        shift = low - offsets[piece]
        start = min(max(start_ms + shift, low), high)
        return start, max(start, min(end_ms + shift, high))


def pack(speech: Sequence[Interval], *, duration_ms: int) -> tuple[Window, ...]:
    """Return windows of at most 30 s that hold all speech and its margins, in order."""
    windows: list[Window] = []
    held: list[Interval] = []
    room = WINDOW_MS
    for piece in padded(speech, by_ms=MARGIN_MS, within=(0, duration_ms)):
        for start, end in _halved(piece):
            if held and end - start > room:
                windows.append(Window(tuple(held)))
                held, room = [], WINDOW_MS
            held.append((start, end))
            room -= end - start
    if held:
        windows.append(Window(tuple(held)))
    return tuple(windows)


def _halved(piece: Interval) -> Intervals:
    """Return the piece in equal parts that fit into a window."""
    start, end = piece
    parts = -(-(end - start) // WINDOW_MS)
    borders = [start + (end - start) * i // parts for i in range(parts + 1)]
    return tuple(pairwise(borders))
