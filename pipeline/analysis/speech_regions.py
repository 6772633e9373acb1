"""From speech probabilities to intervals. Not here: the model that makes the probabilities.

Room rumble hides up to half of the speech from the voice activity model; a high-pass at 150 Hz
and low thresholds bring it back. A quiet recording hides as much: the model hears level, so quiet
sound is raised before. What it then hears far below everything else is the next room, and left
out (``pipeline/decisions/0017``).
"""

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.intervals import Intervals, bridged, padded
from pipeline.analysis.sound import RATE

HIGH_PASS_HZ = 150
FRAME_SAMPLES = 512
FRAME_MS = FRAME_SAMPLES * 1000 / RATE
START, STOP = 0.3, 0.15
MIN_SPEECH_MS = 100
MIN_SILENCE_MS = 150
PADDING_MS = 100
LOUD_DB = -35.0
"""The level, re full scale, to which the loudest twentieth of a quiet recording is raised."""
MOST_RAISED_DB = 30.0
"""So that the hiss of an empty room is never taken for talk."""
FAINT_DB = 25.0
_SILENT = 1e-12


def high_passed(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the 16 kHz signal without what lies under 150 Hz; always a fresh array."""
    from scipy.signal import sosfilt  # late: it costs over a second

    filtered: NDArray[np.float32] = sosfilt(_sections(), audio).astype(np.float32, copy=False)
    return filtered


@cache
def _sections() -> NDArray[np.float32]:
    """Return the filter; in float32 it keeps the signal float32, half the memory of an hour."""
    from scipy.signal import butter

    sections = butter(4, HIGH_PASS_HZ, "highpass", fs=RATE, output="sos")
    return sections.astype(np.float32)


def levels(filtered: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the level of each whole frame of high-passed sound, dB re full scale, (frames,)."""
    frames = filtered[: len(filtered) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    power = np.einsum("ij,ij->i", frames, frames) / FRAME_SAMPLES
    decibels: NDArray[np.float32] = 10 * np.log10(power + np.float32(_SILENT))
    return decibels


def raised_by(levels: NDArray[np.float32]) -> float:
    """Return by how many dB a recording is to be made louder before it is listened to, 0..30."""
    if not len(levels):
        return 0.0
    return float(np.clip(LOUD_DB - np.quantile(levels, 0.95), 0, MOST_RAISED_DB))


def without_faint(spoken: Intervals, *, levels: NDArray[np.float32]) -> Intervals:
    """Return the regions but for those 25 dB and more below the mean power of all of them."""
    power = 10 ** (levels.astype(np.float64) / 10)
    parts = [power[int(start / FRAME_MS) : int(end / FRAME_MS) + 1] for start, end in spoken]
    if not sum(map(len, parts)):
        return spoken
    faint = np.concatenate(parts).mean() * 10 ** (-FAINT_DB / 10)
    return tuple(
        region
        for region, part in zip(spoken, parts, strict=True)
        if not len(part) or part.mean() > faint
    )


def speech_regions(
    probabilities: NDArray[np.float32], *, duration_ms: int, frame_ms: float = FRAME_MS
) -> Intervals:
    """Return where somebody speaks.

    Speech starts at .3 and lasts until .15 (hysteresis); pauses under 150 ms do not end it,
    sounds under 100 ms are dropped, and each region is given 100 ms on both sides:
    the model is late at quiet beginnings.
    """
    state = np.where(probabilities >= START, 1, np.where(probabilities < STOP, -1, 0))
    decided = np.where(state != 0, np.arange(len(state)), -1)
    last = np.maximum.accumulate(decided) if len(decided) else decided
    on = np.where(last >= 0, state[last] > 0, False)
    borders = np.flatnonzero(np.diff(on.astype(np.int8), prepend=0, append=0))
    spoken = [
        (round(int(a) * frame_ms), round(int(b) * frame_ms))
        for a, b in list(pairwise(borders))[::2]
    ]
    lasting = [
        (start, end)
        for start, end in bridged(spoken, gap_ms=MIN_SILENCE_MS)
        if end - start >= MIN_SPEECH_MS
    ]
    return padded(lasting, by_ms=PADDING_MS, within=(0, duration_ms))
