"""Where one recorder's sound lies in another's: how much later it began, how its clock runs.

Both heard the same conversation from different places. First the rises and falls of the voice are
compared at 100 Hz, a stretch of the film at a time, with the whole of the other sound; then, near
the places where stretches agree, the sound itself. Not here: decoding, or moving any sound.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median_low

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import uniform_filter1d
from scipy.stats import siegelslopes

Sounds = NDArray[np.int16]
Floats = NDArray[np.float64]
Envelope = NDArray[np.float32]

RATE = 8_000
"""Samples per second of what is compared: voices lie below 4 kHz, and a sample is 0.125 ms."""
_STEP, _FRAME = 80, 256
_STEPS_PER_S = RATE // _STEP
_BANDS_HZ = (200, 450, 800, 1300, 2100, 3500)
_SMOOTHED_S = 1.0
_BLOCK_S = 60

_STRETCH_S = 40
"""At 100 ppm two clocks part by 4 ms in this time, less than a step of the envelope."""
_STRETCHES_OF_A_FILE = 6
_STANDS_OUT = 9.0
"""How many standard deviations a stretch's best place must lie above the others."""
_APART_S = 0.1
_DRIFT_MOST = 300e-6
"""Quartz clocks of recorders differ by up to 100 ppm."""

_MOMENT_S = 4.0
_MOMENTS_AT_MOST = 120
_NEAR_S = 0.06
_SILENT_DB = -20.0
_CLOSE_S = 0.015
"""How far from its line a moment may lie: sound takes this long for five meters."""
_CLEAR_PEAK = 7.0
_RIVAL_S, _RIVAL_SHARE = 0.015, 0.25
"""A second clear place so far off and so high may be the direct sound, and the first an echo."""
_DRIFT_TOLD_S = 60.0

SURE_SHARE = 0.5
SURE_MOMENTS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """Where to look in a recorder's sound: at ``begins_s + t * rate`` for the moment t of a file.

    Attributes:
        begins_s: Moment of the recorder at the file's beginning; negative where it was started
            later.
        rate: Seconds of the recorder's clock in a second of the camera's.
    """

    begins_s: float
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where a recorder's sound lies under the files of a film.

    Attributes:
        lines: One for each file, in order.
        confidence: Share of the compared moments that clearly agree with them and with nothing
            else, 0..1.
        agreeing: How many those are.
        spread_ms: Half of the agreeing moments lie nearer to their line than this.
    """

    lines: tuple[Line, ...]
    confidence: float
    agreeing: int
    spread_ms: float

    @property
    def drift_ppm(self) -> float:
        """By how much the recorder's clock is faster, in millionths."""
        return (self.lines[0].rate - 1) * 1e6

    @property
    def sure(self) -> bool:
        """Whether the two have heard the same conversation."""
        return self.agreeing >= SURE_MOMENTS and self.confidence >= SURE_SHARE


@dataclass(frozen=True, slots=True)
class _Moment:
    """One short piece of a file, found in the other sound or not.

    Attributes:
        clear: Whether it was found.
        rivaled: Whether a second place is clear as well.
    """

    file: int
    at_s: float
    offset_s: float
    clear: bool
    rivaled: bool


def align(files: Sequence[Sounds], recorder: Sounds) -> Alignment | None:
    """Return where the recorder's sound lies under each file of a film; None if nowhere.

    Each file has its own place, because a camera may lose time between two; the recorder's clock
    is one. A file too short or too silent to be found lies where its neighbor says.

    Args:
        files: The camera's sound, file by file, mono at 8 kHz, shape (n,).
        recorder: The other sound, all of it, likewise.

    Source: Knapp & Carter, The generalized correlation method for estimation of time delay,
        IEEE Transactions on Acoustics, Speech and Signal Processing 24 (1976) 320, on the phase
        transform; Siegel, Robust regression using repeated medians, Biometrika 69 (1982) 242.
    """
    if len(recorder) < _MOMENT_S * RATE:
        return None
    moments: list[_Moment] = []
    search = _Search(envelope(recorder))
    for number, file in enumerate(files):
        places = search.places_of(envelope(file))
        if places:
            moments.extend(_moments(number, file, recorder, places))
    if not any(moment.clear for moment in moments):
        return None
    return _fitted(files, moments)


def _fitted(files: Sequence[Sounds], moments: Sequence[_Moment]) -> Alignment:
    clear = [moment for moment in moments if moment.clear]
    file = np.array([moment.file for moment in clear])
    at_s = np.array([moment.at_s for moment in clear])
    offset_s = np.array([moment.offset_s for moment in clear])
    drift = _common_drift(file, at_s, offset_s)
    level = offset_s - drift * at_s
    begins, errors = {}, np.zeros(len(clear))
    for number in np.unique(file):
        mine = file == number
        begins[int(number)] = median_low(level[mine].tolist())  # one of them, so one agrees
        errors[mine] = np.abs(level[mine] - begins[int(number)])
    agreeing = errors < _CLOSE_S
    certain = agreeing & ~np.array([moment.rivaled for moment in clear])
    return Alignment(
        tuple(_lines(files, begins, rate=1 + drift)),
        confidence=float(certain.sum()) / len(moments),
        agreeing=int(certain.sum()),
        spread_ms=float(np.median(errors[agreeing])) * 1000,
    )


def _common_drift(file: NDArray[np.int64], at_s: Floats, offset_s: Floats) -> float:
    """Return the slope that the files share; none where no file is long enough to tell."""
    slopes, spans = [], []
    for number in np.unique(file):
        mine = file == number
        span = float(np.ptp(at_s[mine]))
        if span >= _DRIFT_TOLD_S:
            slopes.append(float(siegelslopes(offset_s[mine], at_s[mine]).slope))
            spans.append(span)
    drift = float(np.average(slopes, weights=spans)) if slopes else 0.0
    return float(np.clip(drift, -_DRIFT_MOST, _DRIFT_MOST))


def _lines(files: Sequence[Sounds], begins: dict[int, float], *, rate: float) -> Iterator[Line]:
    starts = np.cumsum([0.0, *(len(file) / RATE for file in files)])
    for number in range(len(files)):
        near = min(begins, key=lambda known: abs(known - number))
        yield Line(begins[near] + float(starts[number] - starts[near]) * rate, rate)


def envelope(sound: Sounds) -> Envelope:
    """Return how the voice rises and falls, shape (bands, steps of 10 ms).

    The logarithm makes near and far microphones alike; what stays for longer than a second, such
    as noise and the color of a room, is taken out.
    """
    borders = np.round(np.array(_BANDS_HZ) * _FRAME / RATE).astype(int)
    window = np.hanning(_FRAME).astype(np.float32)
    pieces = []
    for at in range(0, max(1, len(sound) - _FRAME + 1), _BLOCK_S * RATE):
        block = sound[at : at + _BLOCK_S * RATE + _FRAME - _STEP].astype(np.float32)
        if len(block) < _FRAME:
            break
        frames = np.lib.stride_tricks.sliding_window_view(block, _FRAME)[::_STEP]
        power = np.abs(fft.rfft(frames * window, axis=1)) ** 2
        bands = np.add.reduceat(power, borders, axis=1)[:, :-1]
        pieces.append(np.log(bands + 1.0).astype(np.float32))
    if not pieces:
        return np.zeros((len(_BANDS_HZ) - 1, 0), np.float32)
    levels = np.concatenate(pieces).T
    return np.asarray(
        levels - uniform_filter1d(levels, round(_SMOOTHED_S * _STEPS_PER_S), axis=1), np.float32
    )


class _Search:
    """Looks for stretches of a file in the whole of a recorder's sound."""

    def __init__(self, whole: Envelope) -> None:
        self._length = whole.shape[1]
        self._size = fft.next_fast_len(self._length + _STRETCH_S * _STEPS_PER_S, real=True)
        self._spectrum = fft.rfft(_evened(whole), self._size, axis=1)

    def places_of(self, file: Envelope) -> list[tuple[float, float]]:
        """Return (middle of a stretch, how much later it is in the recorder) in seconds.

        Only stretches that agree about the file's place are told.
        """
        length = file.shape[1]
        stretch = min(length, _STRETCH_S * _STEPS_PER_S)
        if stretch <= (_MOMENT_S + 1) * _STEPS_PER_S:
            return []
        count = min(_STRETCHES_OF_A_FILE, length // stretch)
        found = []
        for start in np.linspace(0, length - stretch, count).astype(int):
            lag = self._lag_of(file[:, start : start + stretch])
            if lag is not None:
                found.append(((start + stretch / 2) / _STEPS_PER_S, (lag - start) / _STEPS_PER_S))
        return max(([b for b in found if _agree(a, b)] for a in found), key=len, default=[])

    def _lag_of(self, stretch: Envelope) -> int | None:
        """Return the recorder's step where a stretch begins, which may lie before its first."""
        spectrum = fft.rfft(_evened(stretch), self._size, axis=1)
        match = fft.irfft((self._spectrum * spectrum.conj()).sum(0), self._size)
        place = int(match.argmax())
        if match[place] <= match.mean() + _STANDS_OUT * match.std():
            return None
        return place if place < self._length else place - self._size


def _evened(some: Envelope) -> Envelope:
    return np.asarray(some / (some.std(axis=1, keepdims=True) + 1e-6), np.float32)


def _agree(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[1] - b[1]) < _APART_S + _DRIFT_MOST * abs(a[0] - b[0])


def _moments(
    number: int, file: Sounds, recorder: Sounds, places: Sequence[tuple[float, float]]
) -> Iterator[_Moment]:
    """Yield the file's moments, compared sample by sample near where its stretches were found."""
    length = round(_MOMENT_S * RATE)
    count = min(_MOMENTS_AT_MOST, 1 + (len(file) - length) // RATE)
    starts = np.linspace(0, len(file) - length, count).astype(int)
    levels = [_power(file[start : start + length]) for start in starts]
    heard = np.percentile(levels, 90) * 10 ** (_SILENT_DB / 10)
    at, lags = np.array(places).T
    for start, level in zip(starts, levels, strict=True):
        at_s = (start + length / 2) / RATE
        about = round(float(np.interp(at_s, at, lags)) * RATE)
        near = round(_NEAR_S * RATE)
        first = start + about - near
        other = recorder[max(0, first) : first + length + 2 * near]
        if level < heard or first < 0 or len(other) < length + 2 * near:
            continue
        found = _phase_peak(file[start : start + length], other)
        offset_s = (about - near + found.lag) / RATE
        yield _Moment(number, at_s, offset_s, found.clear, found.rivaled)


def _power(sound: Sounds) -> float:
    return float(np.mean(np.square(sound, dtype=np.float32)))


@dataclass(frozen=True, slots=True)
class _Peak:
    """Where a shorter sound lies in a longer one, in samples from its beginning."""

    lag: float
    clear: bool
    rivaled: bool


def _phase_peak(short: Sounds, long: Sounds) -> _Peak:
    """Return where the shorter sound begins in the longer one, and whether that is clear.

    Only the phases count, of the frequencies of voices: an echo then weakens the peak and does
    not broaden it. A strong single echo makes a second peak, and nobody knows which of the two is
    the direct sound.
    """
    size = fft.next_fast_len(len(long) + len(short), real=True)
    cross = (
        fft.rfft(long.astype(np.float32), size) * fft.rfft(short.astype(np.float32), size).conj()
    )
    cross /= np.abs(cross) + 1e-9
    frequency = np.arange(len(cross)) * RATE / size
    cross[(frequency < _BANDS_HZ[0]) | (frequency > _BANDS_HZ[-1])] = 0
    match = fft.irfft(cross, size)
    wanted = match[: len(long) - len(short) + 1]
    peak = int(wanted.argmax())
    least = _CLEAR_PEAK * match.std()
    besides = np.abs(np.arange(len(wanted)) - peak) > _RIVAL_S * RATE
    rivaled = bool(wanted[besides].max(initial=0) > max(least, _RIVAL_SHARE * wanted[peak]))
    if not 0 < peak < len(wanted) - 1:
        return _Peak(float(peak), clear=False, rivaled=rivaled)
    left, top, right = wanted[peak - 1 : peak + 2]
    lag = peak + 0.5 * float(left - right) / float(left - 2 * top + right)
    return _Peak(lag, clear=bool(top > least), rivaled=rivaled)
