"""Sounds made for tests: voices of harmonics, a room of delays. No recording of anybody."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.signal import lfilter  # noqa: TID253 - a test pays what it costs

from pipeline.analysis.sound import RATE, Sound

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Voice:
    """How a made voice sounds: pitch in hertz, and a factor on its formants."""

    pitch: float
    tract: float = 1.0


LOW, HIGH = Voice(110.0), Voice(215.0, tract=1.17)
VOWELS = ((700, 1_150, 2_500), (300, 2_200, 2_900), (350, 800, 2_400), (500, 1_700, 2_500))


def say(voice: Voice, *, seconds: float, seed: int) -> Floats:
    """Return vowels in syllables of a fifth of a second, with a moving pitch."""
    random = np.random.default_rng(seed)
    pieces = []
    for _ in range(max(1, round(seconds / 0.2))):
        n = RATE // 5
        pitch = voice.pitch * (1 + 0.08 * random.normal()) * np.linspace(1.05, 0.95, n)
        pulses = np.diff(np.floor(np.cumsum(pitch) / RATE), prepend=0) + 0.02 * random.normal(
            size=n
        )
        for formant in VOWELS[random.integers(len(VOWELS))]:
            radius = np.exp(-np.pi * 90 / RATE)
            angle = 2 * np.pi * formant * voice.tract / RATE
            pulses = lfilter([1 - radius], [1, -2 * radius * np.cos(angle), radius**2], pulses)
        pieces.append(pulses / np.abs(pulses).max() * np.hanning(n) ** 0.3)
    return (0.3 * np.concatenate(pieces)).astype(np.float32)


def delayed(signal: Floats, *, samples: float) -> Floats:
    """Return the signal later by a fraction of a sample or more."""
    spectrum = scipy.fft.rfft(signal)
    turn = np.exp(-2j * np.pi * np.arange(len(spectrum)) * samples / len(signal))
    return scipy.fft.irfft(spectrum * turn, len(signal)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Talk:
    """A made conversation: a dry track per voice, and who speaks when."""

    tracks: tuple[Floats, ...]
    truth: tuple[tuple[int, int, str], ...]

    @property
    def speech(self) -> tuple[tuple[int, int], ...]:
        """When anybody speaks."""
        return tuple((start, end) for start, end, _ in self.truth)


def talk(voices: Sequence[Voice], *, seconds: float, seed: int = 0) -> Talk:
    """Return voices taking turns of one to four seconds with short pauses."""
    random = np.random.default_rng(seed)
    tracks = [np.zeros(round(seconds * RATE), np.float32) for _ in voices]
    truth: list[tuple[int, int, str]] = []
    at, who = 0.4, 0
    while True:
        said = say(voices[who], seconds=random.uniform(1, 4), seed=int(random.integers(1 << 30)))
        start, end = round(at * RATE), round(at * RATE) + len(said)
        if end > len(tracks[0]):
            return Talk(tuple(tracks), tuple(truth))
        tracks[who][start:end] = said
        truth.append((start * 1000 // RATE, end * 1000 // RATE, str(who)))
        at = end / RATE + random.uniform(0.2, 0.6)
        who = (who + int(random.integers(1, len(voices)))) % len(voices) if len(voices) > 1 else 0


def one_device(made: Talk, *, delays: Sequence[float], noise: float = 0.003) -> Sound:
    """Return the talk on two microphones a hand apart; a delay in samples per voice."""
    random = np.random.default_rng(7)
    left, right = (
        sum(delayed(t, samples=sign * d / 2) for t, d in zip(made.tracks, delays, strict=True))
        for sign in (-1, 1)
    )
    both = np.stack([left, right]) + noise * random.normal(size=(2, len(made.tracks[0])))
    return Sound(both.astype(np.float32))


def two_microphones(made: Talk, *, crosstalk_db: float = -9.0, noise: float = 0.003) -> Sound:
    """Return the talk of two on a microphone each, the other softer and later."""
    random = np.random.default_rng(7)
    leak = 10 ** (crosstalk_db / 20)
    first, second = made.tracks
    both = np.stack(
        [
            first + leak * delayed(second, samples=60),
            second + leak * delayed(first, samples=60),
        ]
    )
    return Sound((both + noise * random.normal(size=both.shape)).astype(np.float32))
