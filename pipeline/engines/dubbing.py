"""Laying a separate recorder's sound under a film, on the film's clock. Not here: finding where.

Where the recorder was not running, the camera's own sound is heard.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from pipeline.analysis.alignment import Line
from pipeline.engines.joining import RATE, Piece, with_channels

Samples = NDArray[np.float32]

_BLOCK = RATE
_MARGIN = 64
"""Samples round a place that its cubic spline depends on: what lies further adds under 1e-30."""
_FADE = RATE // 50
_KEPT = 2 * RATE


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the film, in samples, and where its sound lies in the recorder's.

    Attributes:
        first: Place in the recorder's samples for ``start``.
        step: The recorder's samples for each of the film's.
    """

    start: int
    end: int
    first: float
    step: float


def stretches(pieces: Sequence[Piece], lines: Sequence[Line]) -> tuple[Stretch, ...]:
    """Return for each file of a film where its sound lies in the recorder's."""
    borders = [0, *(round(piece.begins * RATE) for piece in pieces[1:])]
    borders.append(round(pieces[-1].ends * RATE) + RATE)  # sound may end after the picture
    return tuple(
        Stretch(
            start,
            end,
            first=(line.begins_s + (start / RATE - float(piece.zero)) * line.rate) * RATE,
            step=line.rate,
        )
        for (start, end), piece, line in zip(pairwise(borders), pieces, lines, strict=True)
    )


def dubbed(
    camera: Iterator[Samples],
    recorder: Callable[[], Iterator[Samples]],
    *,
    length: int,
    places: Sequence[Stretch],
    channels: int,
) -> Iterator[Samples]:
    """Yield the film's sound with the recorder's in its place, both at 48 kHz.

    Args:
        camera: The film's own sound, from its beginning.
        recorder: Gives the recorder's sound from its beginning.
        length: The recorder's samples in all.
        places: Where the film's parts lie in them, without a gap between.
        channels: Of the result.
    """
    tape = _Tape(recorder, channels=channels)
    at = 0
    for chunk in camera:
        own = with_channels(chunk, channels)
        done = 0
        while done < own.shape[1]:
            place = next(p for p in places if at < p.end) if at < places[-1].end else places[-1]
            until = place.end - at if at < place.end else own.shape[1]
            block = own[:, done : done + min(_BLOCK, until)]
            wanted = place.first + (at - place.start + np.arange(block.shape[1])) * place.step
            heard = np.clip(np.minimum(wanted, length - 1 - wanted) / _FADE, 0, 1)
            if heard.any():
                share = heard.astype(np.float32)
                block = block * (1 - share) + tape.at(wanted) * share
            yield np.asarray(block, np.float32)
            at += block.shape[1]
            done += block.shape[1]


class _Tape:
    """Sound that is read forward and can be asked for between its samples.

    Of what was read, the last seconds stay; further back it is wound to the beginning.
    """

    def __init__(self, begin: Callable[[], Iterator[Samples]], *, channels: int) -> None:
        self._begin = begin
        self._channels = channels
        self._wind_back()

    def _wind_back(self) -> None:
        self._chunks = self._begin()
        self._held = np.zeros((self._channels, 0), np.float32)
        self._start = 0

    def at(self, places: NDArray[np.floating[Any]]) -> Samples:
        """Return the sound at rising places, given in samples, by cubic splines."""
        first = int(places[0]) - _MARGIN
        part = self._read(first, int(places[-1]) + _MARGIN)
        return np.stack([map_coordinates(row, [places - first], order=3) for row in part])

    def _read(self, first: int, last: int) -> Samples:
        if first < self._start and self._start > 0:
            self._wind_back()
        while self._start + self._held.shape[1] < last:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            more = with_channels(chunk, self._channels)
            held = np.concatenate([self._held, more], axis=1)
            gone = min(held.shape[1], max(0, first - _KEPT - self._start))
            self._held = held[:, gone:]
            self._start += gone
        part = np.zeros((self._channels, last - first), np.float32)
        begin, end = max(first, self._start), min(last, self._start + self._held.shape[1])
        if begin < end:
            part[:, begin - first : end - first] = self._held[
                :, begin - self._start : end - self._start
            ]
        return part
