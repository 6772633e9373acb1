"""From speech probabilities to intervals. Not here: the model that makes the probabilities.

Room rumble hides up to half of the speech from the voice activity model; a high-pass at 150 Hz
and low thresholds bring it back. Making quiet recordings louder first does not: on quiet meetings
the model then takes as much noise for speech as it finds speech, and more on some.
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
PADDING_MS = 20


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


def speech_regions(
    probabilities: NDArray[np.float32], *, duration_ms: int, frame_ms: float = FRAME_MS
) -> Intervals:
    """Return where somebody speaks.

    Speech starts at .3 and lasts until .15 (hysteresis); pauses under 150 ms do not end it,
    sounds under 100 ms are dropped, and each region is given 20 ms on both sides.
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
