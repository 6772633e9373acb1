"""Frame features of sound: cepstra, pitch, arrival-time vectors, level. Not here: clustering.

Everything runs in float32 chunks through ``scipy.fft``, so an hour needs seconds and a bounded
amount of memory. Sources: Davis & Mermelstein 1980 (MFCC), Knapp & Carter 1976 (GCC-PHAT).
"""

from collections.abc import Iterable

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from pipeline.analysis.sound import FRAME_MS, RATE

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

CEPSTRA, MELS = 20, 40
WINDOW, HOP, TRANSFORM = 400, 160, 512
CHUNK = 8_000
EPSILON = 1e-9

PITCH_RATE, PITCH_WINDOW, PITCH_HOP = 8_000, 320, 160
PITCH_HZ = (70, 400)
VOICED = 0.45

GCC_WINDOW, GCC_HOP, OVERSAMPLING = 1024, 400, 4
GCC_CHUNK = 125
"""Frames at a time: the finer correlation is eight times as long as the rest."""
GCC_BAND_HZ = (300, 5_000)
MAX_LAG = 8
LEVEL_BAND_HZ = (300, 5_000)
FRAME = RATE * FRAME_MS // 1000


def _mel_filters() -> Floats:
    """Return triangular filters, 80 to 7000 Hz, each with sum 1; shape (mels, bins)."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (80, 7_000))
    edges = 700 * (10 ** (np.linspace(low, high, MELS + 2) / 2595) - 1)
    bins = np.arange(TRANSFORM // 2 + 1) * RATE / TRANSFORM
    rise = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    filters = np.maximum(0, np.minimum(rise, fall))
    return np.asarray(filters / np.maximum(filters.sum(1, keepdims=True), EPSILON), np.float32)


_MEL = _mel_filters().T
_HANN = np.hanning(WINDOW).astype(np.float32)


def _frames(audio: Floats, *, window: int, hop: int) -> Floats:
    """Return overlapping windows as a view, shape (n, window); short sound is padded to one."""
    if len(audio) < window:
        audio = np.pad(audio, (0, window - len(audio)))
    return sliding_window_view(audio, window)[::hop]


def mfcc(audio: Floats) -> Floats:
    """Return 20 mel cepstra at 100 Hz, shape (n, 20)."""
    windows = _frames(audio, window=WINDOW, hop=HOP)
    cepstra = np.empty((len(windows), CEPSTRA), np.float32)
    for at in range(0, len(windows), CHUNK):
        spectrum = scipy.fft.rfft(windows[at : at + CHUNK] * _HANN, TRANSFORM, axis=1)
        power = spectrum.real**2 + spectrum.imag**2
        log_mel = np.log(power @ _MEL + 1e-8)
        cepstra[at : at + CHUNK] = scipy.fft.dct(log_mel, axis=1, norm="ortho")[:, :CEPSTRA]
    return cepstra


def log_pitch(audio: Floats) -> Floats:
    """Return the natural logarithm of F0 at 50 Hz, NaN where unvoiced.

    Normalized autocorrelation (Boersma 1993) of 40 ms at half the rate; good enough for a
    median per voice, not for intonation.
    """
    from scipy.signal import resample_poly  # late: it costs over a second

    halved = resample_poly(audio, 1, 2).astype(np.float32, copy=False)
    windows = _frames(halved, window=PITCH_WINDOW, hop=PITCH_HOP)
    hann = np.hanning(PITCH_WINDOW).astype(np.float32)
    size = scipy.fft.next_fast_len(2 * PITCH_WINDOW, real=True)
    taper = scipy.fft.irfft(np.abs(scipy.fft.rfft(hann, size)) ** 2, size)[:PITCH_WINDOW]
    shortest, longest = PITCH_RATE // PITCH_HZ[1], PITCH_RATE // PITCH_HZ[0]
    weight = (taper[0] / taper)[shortest:longest].astype(np.float32)
    pitch = np.full(len(windows), np.nan, np.float32)
    for at in range(0, len(windows), CHUNK):
        part = windows[at : at + CHUNK]
        spectrum = scipy.fft.rfft((part - part.mean(1, keepdims=True)) * hann, size, axis=1)
        similar = scipy.fft.irfft(spectrum.real**2 + spectrum.imag**2, size, axis=1)
        scaled = similar[:, shortest:longest] * weight / (similar[:, :1] + EPSILON)
        best = scaled.argmax(1)
        voiced = scaled[np.arange(len(best)), best] > VOICED
        pitch[at : at + CHUNK] = np.where(voiced, np.log(PITCH_RATE / (best + shortest)), np.nan)
    return pitch


def arrival_times(left: Floats, right: Floats) -> Floats:
    """Return the cross-correlation of the whitened channels at 10 Hz, shape (frames, 65).

    Columns are delays from -8 to +8 samples in quarter samples (GCC-PHAT): wide enough for
    microphones up to 17 cm apart. Phase only, so loudness and voice quality play no part.
    """
    first, second = (_frames(x, window=GCC_WINDOW, hop=GCC_HOP) for x in (left, right))
    hann = np.hanning(GCC_WINDOW).astype(np.float32)
    hertz = np.arange(GCC_WINDOW // 2 + 1) * RATE / GCC_WINDOW
    band = ((hertz > GCC_BAND_HZ[0]) & (hertz < GCC_BAND_HZ[1])).astype(np.float32)
    reach = MAX_LAG * OVERSAMPLING
    per_frame = FRAME // GCC_HOP
    frames = len(first) // per_frame
    vectors = np.empty((frames, 2 * reach + 1), np.float32)
    step = GCC_CHUNK * per_frame
    for at in range(0, frames * per_frame, step):
        until = min(at + step, frames * per_frame)
        cross = scipy.fft.rfft(first[at:until] * hann, axis=1)
        cross *= scipy.fft.rfft(second[at:until] * hann, axis=1).conj()
        cross *= band / (np.abs(cross) + EPSILON)
        lags = scipy.fft.irfft(cross, GCC_WINDOW * OVERSAMPLING, axis=1)
        near = np.concatenate([lags[:, -reach:], lags[:, : reach + 1]], axis=1)
        vectors[at // per_frame : until // per_frame] = near.reshape(
            -1, per_frame, 2 * reach + 1
        ).mean(1)
    return vectors


def level_difference(left: Floats, right: Floats) -> Floats:
    """Return how much louder the first channel is in the speech band, dB at 10 Hz."""
    from scipy.signal import butter, sosfilt  # late: it costs over a second

    sections = butter(4, LEVEL_BAND_HZ, "bandpass", fs=RATE, output="sos").astype(np.float32)
    levels = []
    for channel in (left, right):
        filtered = sosfilt(sections, channel).astype(np.float32, copy=False)
        power = filtered[: len(filtered) // FRAME * FRAME].reshape(-1, FRAME)
        levels.append(10 * np.log10(np.einsum("ij,ij->i", power, power) / FRAME + 1e-10))
    return np.asarray(levels[0] - levels[1], np.float32)


def frame_count(samples: int) -> int:
    """Return how many 10 Hz frames a signal has; the last one may be short."""
    return -(-samples // FRAME)


def speech_frames(speech: Iterable[tuple[int, int]], *, frames: int, step_ms: int) -> Flags:
    """Return which frames are speech for at least half of their length, shape (frames,)."""
    flags = np.zeros(frames, np.bool_)
    for start, end in speech:
        flags[round(start / step_ms) : max(round(end / step_ms), round(start / step_ms) + 1)] = True
    return flags


def at_ten_hertz(values: Floats, *, frames: int) -> Floats:
    """Return 100 Hz features averaged to 10 Hz, cut or padded to ``frames`` rows."""
    whole = values[: len(values) // 10 * 10].reshape(-1, 10, values.shape[1]).mean(1)
    return fitted(whole, frames=frames)


def fitted(values: Floats, *, frames: int) -> Floats:
    """Return the rows cut to ``frames``, or the last row repeated up to it."""
    short = frames - len(values)
    if short <= 0:
        return values[:frames]
    return np.pad(values, ((0, short), (0, 0)), mode="edge" if len(values) else "constant")


def smoothed(values: Floats, *, width: int) -> Floats:
    """Return the running mean of ``width`` rows."""
    return uniform_filter1d(values, width, axis=0)


def principal(values: Floats, *, of: Flags, components: int) -> Floats:
    """Return the rows on the main axes of those flagged by ``of``; the first has unit spread."""
    chosen = values[of].astype(np.float64)
    center = chosen.mean(0)
    scatter = (chosen - center).T @ (chosen - center)
    # Axes of the scatter matrix: an hour has 36,000 rows but at most 65 columns.
    _, axes = np.linalg.eigh(scatter)
    turned = (values - center) @ axes[:, ::-1][:, :components]
    return np.asarray(turned / (turned[of, 0].std() + EPSILON), np.float32)
