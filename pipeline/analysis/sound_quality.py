"""What the sound of a recording suffers from, as codes with times. Not here: the advice in words.

Made so that a caseworker hears about a badly placed phone from the first minute of a test
recording instead of from an empty transcript.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.channels import (
    ChannelLayout,
    Channels,
    measure_channels,
    mono_for_recognition,
)
from pipeline.analysis.diarization.features import speech_frames
from pipeline.analysis.intervals import Interval, Intervals, bridged, total, union
from pipeline.analysis.sound import RATE, Sound

Floats = NDArray[np.float32]

QUIET_SPEECH_DB, QUIET_PEAK_DB = -45.0, -40.0
CLIPPED_RUN, CLIPPED_PER_MINUTE, NEAR_PEAK, LOUD_PEAK = 3, 20, 0.999, 0.1
NOISY_DB, VERY_NOISY_DB = 15.0, 8.0
LITTLE_SPEECH, CEASELESS_SPEECH = 0.15, 0.97
DROP_OUT_MS, DROP_OUT_BRIDGE_MS = 30, 1_000
FRAME_MS, FRAMES_ENOUGH = 20, 50
MEDIAN_TO_MEAN = 0.9
POWER_FLOOR = 1e-12
MINUTE = 60 * RATE


class SoundHintCode(StrEnum):
    """What a hint is about; ``value`` in brackets."""

    TOO_QUIET = "too_quiet"  # speech level, dBFS
    CLIPPED = "clipped"  # distorted places per minute
    NOISY = "noisy"  # signal to noise, dB
    VERY_NOISY = "very_noisy"  # signal to noise, dB
    DEAD_CHANNEL = "dead_channel"  # level of the weak channel against the other, dB
    DUAL_MONO = "dual_mono"  # correlation of the channels
    INVERTED = "inverted"  # correlation of the channels
    DROP_OUT = "drop_out"  # length, ms
    LITTLE_SPEECH = "little_speech"  # share of the recording, 0..1
    CEASELESS_SPEECH = "ceaseless_speech"  # share of the recording, 0..1


@dataclass(frozen=True, slots=True)
class SoundHint:
    """One thing to know about the sound of ``[start_ms, end_ms)``."""

    code: SoundHintCode
    start_ms: int
    end_ms: int
    value: float


def sound_hints(sound: Sound, *, speech: Sequence[Interval]) -> tuple[SoundHint, ...]:
    """Return what the sound suffers from, whole-recording hints first, then by time."""
    channels = measure_channels(sound)
    mono = mono_for_recognition(sound, channels=channels)
    whole = (0, sound.duration_ms)
    lasting = [
        *_channel_hints(channels, span=whole),
        *_level_hints(mono, speech=speech, span=whole),
    ]
    hints = [
        *lasting,
        *_passing_hints(sound, speech=speech, known={hint.code for hint in lasting}),
        *_share_hints(speech, whole=whole),
        *_clipping(mono),
        *(
            SoundHint(SoundHintCode.DROP_OUT, start, end, float(end - start))
            for start, end in drop_outs(mono)
        ),
    ]
    return tuple(sorted(hints, key=lambda hint: (hint.start_ms, hint.end_ms < whole[1])))


def _passing_hints(
    sound: Sound, *, speech: Sequence[Interval], known: set[SoundHintCode]
) -> list[SoundHint]:
    """Return what single minutes suffer from, and the whole does not; neighbors as one.

    A minute in which hardly anyone speaks says nothing about level or noise. Channels that are
    alike for a while may hear a single voice.
    """
    if SoundHintCode.VERY_NOISY in known:
        known = known | {SoundHintCode.NOISY}
    hints: list[SoundHint] = []
    for at in range(0, sound.samples.shape[1], MINUTE):
        part = Sound(sound.samples[:, at : at + MINUTE])
        start, end = at * 1000 // RATE, at * 1000 // RATE + part.duration_ms
        spoken = [(max(a, start) - start, min(b, end) - start) for a, b in speech]
        spoken = [(a, b) for a, b in spoken if a < b]
        if total(spoken) < FRAMES_ENOUGH * FRAME_MS:
            continue
        channels = measure_channels(part)
        mono = mono_for_recognition(part, channels=channels)
        for hint in (
            *_channel_hints(channels, span=(start, end)),
            *_level_hints(mono, speech=spoken, span=(start, end)),
        ):
            if hint.code not in known and hint.code is not SoundHintCode.DUAL_MONO:
                _join(hints, hint)
    return hints


def _join(hints: list[SoundHint], hint: SoundHint) -> None:
    """Add a hint, or lengthen the one that it goes on from; of their values the worse stays."""
    for place, before in enumerate(hints):
        if before.code is hint.code and before.end_ms == hint.start_ms:
            worse = min(before.value, hint.value)
            hints[place] = SoundHint(hint.code, before.start_ms, hint.end_ms, worse)
            return
    hints.append(hint)


def _channel_hints(channels: Channels, *, span: Interval) -> list[SoundHint]:
    """Return what the two channels are to each other, if that matters."""
    found = {
        ChannelLayout.DEAD_CHANNEL: (SoundHintCode.DEAD_CHANNEL, channels.level_difference_db),
        ChannelLayout.DUAL_MONO: (SoundHintCode.DUAL_MONO, channels.correlation),
        ChannelLayout.INVERTED: (SoundHintCode.INVERTED, channels.correlation),
    }.get(channels.layout)
    return [SoundHint(found[0], *span, round(found[1], 3))] if found else []


def _level_hints(mono: Floats, *, speech: Sequence[Interval], span: Interval) -> list[SoundHint]:
    """Return whether speech is too quiet or drowned in noise.

    Noise is the median power of what is not speech, so a slamming door does not count; the
    estimate was within half a decibel of the truth at 30, 20 and 12 dB.
    """
    size = RATE * FRAME_MS // 1000
    frames = mono[: len(mono) // size * size].reshape(-1, size)
    power = np.einsum("ij,ij->i", frames, frames) / size
    spoken = speech_frames(speech, frames=len(power), step_ms=FRAME_MS)
    peak = _peak(mono)
    hints = []
    level = _decibel(float(power[spoken].mean())) if spoken.any() else _decibel(peak * peak)
    if level < QUIET_SPEECH_DB or _decibel(peak * peak) < QUIET_PEAK_DB:
        hints.append(SoundHint(SoundHintCode.TOO_QUIET, *span, round(level, 1)))
    if min(spoken.sum(), (~spoken).sum()) >= FRAMES_ENOUGH:
        noise = float(np.median(power[~spoken])) / MEDIAN_TO_MEAN
        ratio = _decibel(float(power[spoken].mean()) - noise) - _decibel(noise)
        if ratio < NOISY_DB:
            code = SoundHintCode.VERY_NOISY if ratio < VERY_NOISY_DB else SoundHintCode.NOISY
            hints.append(SoundHint(code, *span, round(ratio, 1)))
    return hints


def _share_hints(speech: Sequence[Interval], *, whole: Interval) -> list[SoundHint]:
    """Return whether there is strikingly little speech, or never a pause."""
    share = total(speech) / max(whole[1], 1)
    if share < LITTLE_SPEECH:
        return [SoundHint(SoundHintCode.LITTLE_SPEECH, *whole, round(share, 3))]
    if share > CEASELESS_SPEECH:
        return [SoundHint(SoundHintCode.CEASELESS_SPEECH, *whole, round(share, 3))]
    return []


def _clipping(mono: Floats) -> list[SoundHint]:
    """Return the minutes with more than 20 flat tops.

    A flat top is three samples within .1 % of the recording's own peak, so clipping is found
    after the level was turned down as well.
    """
    peak = _peak(mono)
    if peak < LOUD_PEAK:
        return []
    hints = []
    for at in range(0, len(mono), MINUTE):
        part = mono[at : at + MINUTE]
        tops = _runs(np.abs(part) >= NEAR_PEAK * peak, at_least=CLIPPED_RUN)
        rate = len(tops) * MINUTE / len(part)
        if len(tops) and rate > CLIPPED_PER_MINUTE:
            end = (at + len(part)) * 1000 // RATE
            hints.append(SoundHint(SoundHintCode.CLIPPED, at * 1000 // RATE, end, round(rate, 1)))
    return hints


def drop_outs(mono: Floats) -> Intervals:
    """Return where samples are missing: exact zeros for 30 ms or more, close ones as one.

    Zeros before the first and after the last sound are how files begin and end.
    """
    silent = mono == 0
    if silent.all():
        return ()
    first, last = int(silent.argmin()), len(mono) - int(silent[::-1].argmin())
    holes = _runs(silent[first:last], at_least=DROP_OUT_MS * RATE // 1000)
    return bridged(
        union(((first + a) * 1000 // RATE, (first + b) * 1000 // RATE) for a, b in holes),
        gap_ms=DROP_OUT_BRIDGE_MS,
    )


def _runs(flags: NDArray[np.bool_], *, at_least: int) -> list[tuple[int, int]]:
    """Return the (start, end) of every stretch of True of a least length."""
    # A plain 0 would make whole numbers of eight bytes of it: a gigabyte for an hour.
    edge = np.int8(0)
    borders = np.flatnonzero(np.diff(flags.view(np.int8), prepend=edge, append=edge))
    starts, ends = borders[::2], borders[1::2]
    long = ends - starts >= at_least
    return list(zip(starts[long].tolist(), ends[long].tolist(), strict=True))


def _peak(mono: Floats) -> float:
    """Return the largest sample, either way, without a copy of the sound."""
    return max(float(mono.max(initial=0.0)), -float(mono.min(initial=0.0)))


def _decibel(power: float) -> float:
    """Return power as dB, with a floor instead of minus infinity."""
    return float(10 * np.log10(max(power, POWER_FLOOR)))
