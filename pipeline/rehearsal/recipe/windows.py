"""Windows of sound as the recogniser meets them: clips with pauses, two loudnesses and noise.

Here lives the composing. What training makes of a window is in examples.py.
"""

import random
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from pipeline.rehearsal.recipe.espeak import Samples, TimedWord
from pipeline.rehearsal.recipe.synth import LEVEL, PER_MS, RATE, Clips

_LEAST_ROOM_MS = 300
_ENDS_WITH_SPEECH = 0.25
_NOISY = 0.85
_PIECE_S = 8


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence in a window; `is_cut` when it runs past the window's end."""

    start_ms: int
    end_ms: int
    text: str
    words: tuple[TimedWord, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Mixture:
    """How a window is to be filled.

    `length_ms` is how much of it carries sound; the rest is left for padding. `dense` is the
    share of short pauses.
    """

    length_ms: int
    dense: float


def noise_bank(seed: int, *, seconds: int = 240) -> Samples:
    """Return noise of unit power in many colours, from white to rumble, to take slices of."""
    rng, source = random.Random(seed), np.random.default_rng(seed)
    pieces = []
    for _ in range(seconds // _PIECE_S):
        white = source.standard_normal(_PIECE_S * RATE)
        coloured = lfilter([1.0], [1.0, -rng.uniform(0, 0.97)], white)
        pieces.append((coloured / coloured.std()).astype(np.float32))
    return np.concatenate(pieces)


def slice_of(bank: Samples, *, length: int, rng: random.Random) -> Samples:
    """Return a random stretch of a noise bank."""
    start = rng.randrange(len(bank) - length)
    return bank[start : start + length]


def compose(
    clips: Clips, *, mixture: Mixture, bank: Samples, rng: random.Random
) -> tuple[Samples, list[Said]]:
    """Return a window's sound, and what is said in it."""
    sound = np.zeros(mixture.length_ms * PER_MS, np.float32)
    loudnesses = [10 ** (rng.uniform(-16, 4) / 20) for _ in range(2)]
    said: list[Said] = []
    begins_soon = rng.random() < mixture.dense + 0.1
    now_ms = round(1000 * (rng.uniform(0, 0.6) if begins_soon else rng.uniform(0.6, 3.0)))
    while mixture.length_ms - now_ms >= _LEAST_ROOM_MS:
        index = rng.randrange(len(clips))
        clip = clips.clips[index]
        is_cut = now_ms + clip.duration_ms > mixture.length_ms - 50
        if is_cut and (not said or rng.random() < 0.4):  # noqa: PLR2004 - a share of the windows
            break
        at = now_ms * PER_MS
        piece = clips.samples(index)[: len(sound) - at]
        sound[at : at + len(piece)] += piece * rng.choice(loudnesses)
        said.append(
            Said(
                start_ms=now_ms,
                end_ms=now_ms + clip.duration_ms,
                text=clip.text,
                words=tuple(
                    TimedWord(word.text, now_ms + word.start_ms, now_ms + word.end_ms)
                    for word in clip.words
                ),
                is_cut=is_cut,
            )
        )
        if is_cut:
            break
        now_ms += clip.duration_ms + _pause_ms(mixture.dense, rng=rng)
    if said and not said[-1].is_cut and rng.random() < _ENDS_WITH_SPEECH:
        sound = sound[: (said[-1].end_ms + rng.randint(100, 600)) * PER_MS]
    if rng.random() < _NOISY:
        quieter = 10 ** (-rng.uniform(12, 50) / 20)
        sound = sound + slice_of(bank, length=len(sound), rng=rng) * LEVEL * quieter
    return (sound * 10 ** (rng.uniform(-20, 6) / 20)).astype(np.float32), said


def _pause_ms(dense: float, *, rng: random.Random) -> int:
    """Return a pause: mostly short, sometimes seconds long."""
    kind = rng.random()
    if kind < dense:
        return rng.randint(150, 1000)
    if kind < dense + 0.7 * (1 - dense):
        return rng.randint(1000, 3000)
    return rng.randint(3000, 8000)
