"""Where much moves in a film's pictures: a place to look, never a measure of anybody.

The share of the picture that changes, a little at a time. It knows no people: two who sit in one
picture have one curve together, and a half of a picture is nobody. It is drawn beside the film so
that a moment can be found again, relative to that film alone; no figure is made of it, and one
film's says nothing beside another's. Not here: reading films (engines.pictures), drawing.

The pictures compared lie one or two seconds apart: those are decoded for the thumbnails anyway. Ten
a second would cost ten times as much and point to much the same places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Floats = NDArray[np.float64]

SIZE: Final = (320, 180)
"""Width and height of what is compared; shrunk with averages, which takes a sensor's grain out."""
CHANGED: Final = 12
"""A pixel has changed if its brightness, 0..255, differs by more than this."""
BIN_MS: Final = 1000
MOST_BINS: Final = 10_800
"""One for each second of three hours."""
UNKNOWN: Final = 255
"""The level of a bin in which light or camera moved. The greatest of the others is one less."""

_CELLS: Final = (6, 8)
_TOUCHED: Final = 0.02
"""A cell of the picture has changed if more than this share of its pixels has."""
_WHOLE: Final = 0.75
"""People who move leave most of the picture as it was; light and camera hardly a cell."""
_ENOUGH: Final = 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """How the picture at ``end_ms`` differs from that at ``start_ms``.

    Attributes:
        share: Of the pixels, 0..1; None where the picture changed as a whole.
    """

    start_ms: int
    end_ms: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Movement:
    """Movement over a film, in bins of one length from its beginning on.

    Attributes:
        levels: 0 (nothing changed) .. 254 (all but the whole picture), or ``UNKNOWN``. A level
            is the square root of the share, so that small movements show beside large ones.
    """

    every_ms: int
    levels: tuple[int, ...]


def changed_share(before: Image, after: Image) -> float | None:
    """Return the share of the pixels that have changed from one picture to a later one.

    Formula: pixels whose brightness differs by more than ``CHANGED`` / all pixels, of two
    brightness pictures of ``SIZE``. Unit: share of the picture, 0..1. None where more than three
    quarters of the picture's cells changed: then light or camera moved, or the scene was cut, and
    what people did is not to be told from that.

    Caveat: it grows with how near somebody sits and how their clothes stand out, and a camera that
    moves before a bare wall is taken for somebody who moves.

    Source: Ramseyer & Tschacher 2011, "Nonverbal synchrony in psychotherapy" (motion energy
    analysis by frame differencing). What is made of it depends on parameters and agrees poorly
    with what people see outside a laboratory (PMC6370201), hence no figure.
    """
    changed = np.maximum(before, after) - np.minimum(before, after) > CHANGED
    rows, columns = _CELLS
    height, width = changed.shape
    cells = changed.reshape(rows, height // rows, columns, width // columns).mean(axis=(1, 3))
    return None if (cells > _TOUCHED).mean() > _WHOLE else float(changed.mean())


def movement(changes: Sequence[Change], *, duration_ms: int) -> Movement:
    """Return movement over a whole film from changes in time order that do not overlap.

    A bin has the mean share of the time in it that is known. It is ``UNKNOWN`` where less than
    half of it is. Bins are of ``BIN_MS``, longer only where ``MOST_BINS`` would not reach.
    """
    every_ms = max(BIN_MS, -(-duration_ms // MOST_BINS))
    edges = np.arange(max(1, -(-duration_ms // every_ms)) + 1) * every_ms
    known_ms, moved_ms = _until(edges, changes)
    lengths = np.minimum(edges[1:], max(duration_ms, 1)) - edges[:-1]
    is_known = known_ms >= _ENOUGH * lengths
    shares = np.divide(moved_ms, known_ms, out=np.zeros(len(lengths)), where=is_known)
    levels = np.where(is_known, np.rint(np.sqrt(np.clip(shares, 0, 1)) * (UNKNOWN - 1)), UNKNOWN)
    return Movement(every_ms, tuple(int(level) for level in levels))


def _until(edges: NDArray[np.int64], changes: Sequence[Change]) -> tuple[Floats, Floats]:
    """Return for each bin how many of its ms are known, and the same times their share."""
    if not changes:
        nothing = np.zeros(len(edges) - 1)
        return nothing, nothing
    moments = np.array([(each.start_ms, each.end_ms) for each in changes], np.float64)
    known = np.array([each.share is not None for each in changes])
    shares = np.array([each.share or 0.0 for each in changes])
    lengths = moments[:, 1] - moments[:, 0]

    def per_bin(amounts: Floats) -> Floats:
        """Spread amounts evenly over the time of their changes."""
        after = np.cumsum(amounts)
        sums = np.column_stack((after - amounts, after)).ravel()
        return np.diff(np.interp(edges, moments.ravel(), sums))

    return per_bin(lengths * known), per_bin(lengths * known * shares)
