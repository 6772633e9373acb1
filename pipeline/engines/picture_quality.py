"""Measures of what spoils a picture, from brightness alone. Not here: reading films.

All of it is a hint to the one who filmed ("the lens was covered from 3:10"); nothing is decided
by it, and nothing is measured about the people in the picture.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


class PictureCode(StrEnum):
    """What may be wrong with the picture."""

    DARK = "dark"
    COVERED = "covered"
    OVER_EXPOSED = "over_exposed"
    FROZEN = "frozen"
    MAYBE_OUT_OF_FOCUS = "maybe_out_of_focus"


@dataclass(frozen=True, slots=True)
class PictureHint:
    """A stretch in which the picture may be spoiled."""

    code: PictureCode
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Look:
    """Measures of one picture, brightness 0..255.

    Attributes:
        low: 5 % of the pixels are darker.
        high: 95 % of the pixels are darker.
        blur: 0 sharp .. 1 blurred.
        change: Mean difference from the picture before; None for the first.
    """

    at_ms: int
    mean: float
    low: float
    high: float
    blur: float
    change: float | None


_COVERED_CONTRAST, _COVERED_MEAN = 12, 60
_DARK_MEAN, _DARK_HIGH = 45, 80
_BRIGHT_MEAN, _BRIGHT_LOW = 215, 200
_BLURRED = 0.5
"""Sharp scenes measured .35-.38; sensor noise brings blurred ones down to .4: hence "maybe"."""
_SAME_SHARE, _SAME_AT_MOST = 0.35, 0.05
_SHORTEST_MS = {
    PictureCode.DARK: 4_000,
    PictureCode.COVERED: 2_000,
    PictureCode.OVER_EXPOSED: 4_000,
    PictureCode.FROZEN: 6_000,
    PictureCode.MAYBE_OUT_OF_FOCUS: 10_000,
}


def look_at(luma: Image, *, at_ms: int, previous: Image | None) -> Look:
    """Return the measures of one picture."""
    low, high = np.percentile(luma[::4, ::4], (5, 95))
    change = None if previous is None else float(cv2.absdiff(luma, previous).mean())
    return Look(
        at_ms=at_ms,
        mean=float(luma.mean()),
        low=float(low),
        high=float(high),
        blur=_blur(luma),
        change=change,
    )


def hints_from(looks: Sequence[Look], *, duration_ms: int) -> tuple[PictureHint, ...]:
    """Return the stretches that last long enough to be worth mentioning, in time order."""
    hints = [
        hint
        for code, holds in _tests(looks).items()
        for hint in _stretches(code, holds, looks, duration_ms=duration_ms)
    ]
    return tuple(sorted(hints, key=lambda hint: (hint.start_ms, hint.code)))


def _tests(looks: Sequence[Look]) -> dict[PictureCode, Callable[[Look], bool]]:
    changes = [look.change for look in looks if look.change is not None]
    same = max(_SAME_AT_MOST, _SAME_SHARE * float(np.median(changes))) if changes else 0.0
    return {
        PictureCode.COVERED: _is_covered,
        PictureCode.DARK: lambda look: (
            not _is_covered(look) and (look.mean < _DARK_MEAN or look.high < _DARK_HIGH)
        ),
        PictureCode.OVER_EXPOSED: lambda look: look.mean > _BRIGHT_MEAN or look.low > _BRIGHT_LOW,
        PictureCode.FROZEN: lambda look: look.change is not None and look.change < same,
        PictureCode.MAYBE_OUT_OF_FOCUS: lambda look: not _is_covered(look) and look.blur > _BLURRED,
    }


def _is_covered(look: Look) -> bool:
    return look.high - look.low < _COVERED_CONTRAST and look.mean < _COVERED_MEAN


def _stretches(
    code: PictureCode, holds: Callable[[Look], bool], looks: Sequence[Look], *, duration_ms: int
) -> Iterable[PictureHint]:
    ends = [*(look.at_ms for look in looks), duration_ms][1:]
    began: int | None = None
    for look, end in zip(looks, ends, strict=True):
        if holds(look) and began is None:
            began = look.at_ms
        if began is not None and (not holds(look) or look is looks[-1]):
            stop = end if holds(look) else look.at_ms
            if stop - began >= _SHORTEST_MS[code]:
                yield PictureHint(code, began, stop)
            began = None


def _blur(luma: Image) -> float:
    """Return how blurred a picture is: blurring it once more changes a sharp one much more.

    Grain is taken out first. Source: Crete et al. 2007, "The blur effect: perception and
    estimation with a new no-reference perceptual blur metric".
    """
    calm = cv2.medianBlur(luma, 5).astype(np.float32)
    shares = []
    for axis, kernel in ((0, (1, 9)), (1, (9, 1))):
        before = np.abs(np.diff(calm, axis=axis))
        after = np.abs(np.diff(cv2.blur(calm, kernel), axis=axis))
        total = float(before.sum())
        lost = float(np.maximum(0, before - after).sum())
        shares.append((total - lost) / total if total else 0.0)
    return max(shares)
