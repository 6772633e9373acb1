"""Synthetic speech to train on: single sentences, each by another voice and microphone.

Here live the clips and their store. Clips are put together into windows in windows.py.
"""

import argparse
import json
import multiprocessing
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import fftconvolve, resample_poly

from pipeline.rehearsal.recipe.espeak import RATE as ESPEAK_RATE
from pipeline.rehearsal.recipe.espeak import Espeak, Samples, TimedWord, Voice
from pipeline.rehearsal.recipe.sentences import Split, draw

RATE = 16_000
"""Samples per second that Whisper models hear."""

PER_MS = RATE // 1000
LEVEL = 0.1
"""Root mean square of every clip; loudness comes with the window."""

TRAINED_VOICES = tuple(
    f"da{variant}"
    for variant in ("", *(f"+m{i}" for i in range(1, 8)), *(f"+f{i}" for i in range(1, 6)))
)
UNSEEN_VOICES = ("da+m8", "da+linda", "da+steph", "da+max", "da+david")

_CLIPS_PER_JOB = 100
_REVERBERANT = 0.7
_TAIL_KEPT = RATE * 15 // 100
_FULL_SCALE = 32_767


@dataclass(frozen=True, slots=True)
class Clip:
    """One spoken sentence: what is said and when, without the sound."""

    text: str
    voice: str
    duration_ms: int
    words: tuple[TimedWord, ...]


class Clips:
    """A store of clips: PATH.npy holds all sound one after the other, PATH.json the rest.

    The sound is mapped, not loaded, so that several processes share it.
    """

    def __init__(self, path: Path) -> None:
        self._sound = np.load(path.with_suffix(".npy"), mmap_mode="r")
        index = json.loads(path.with_suffix(".json").read_text("utf-8"))
        self._ends: list[int] = index["ends"]
        self.clips = tuple(_clip(entry) for entry in index["clips"])

    def __len__(self) -> int:
        return len(self.clips)

    def samples(self, index: int) -> Samples:
        """Return the sound of one clip."""
        start = self._ends[index - 1] if index else 0
        sound: Samples = self._sound[start : self._ends[index]].astype(np.float32) / _FULL_SCALE
        return sound

    @staticmethod
    def save(path: Path, *, clips: Sequence[tuple[Clip, Samples]]) -> None:
        """Write a store."""
        sound = [np.round(samples * _FULL_SCALE).astype(np.int16) for _, samples in clips]
        np.save(path.with_suffix(".npy"), np.concatenate(sound))
        ends = np.cumsum([len(samples) for samples in sound]).tolist()
        index = {"ends": ends, "clips": [asdict(clip) for clip, _ in clips]}
        path.with_suffix(".json").write_text(json.dumps(index, ensure_ascii=False), "utf-8")


def make_clip(
    text: str, *, espeak: Espeak, rng: random.Random, voices: Sequence[str] = TRAINED_VOICES
) -> tuple[Clip, Samples]:
    """Return a sentence in a random voice through a random microphone, mostly in a random room."""
    voice = Voice(
        name=rng.choice(voices),
        rate=rng.randint(120, 190),
        pitch=rng.randint(30, 75),
        pitch_range=rng.randint(35, 75),
    )
    utterance = espeak.say(text, voice=voice)
    samples = resample_poly(utterance.samples, RATE, ESPEAK_RATE).astype(np.float32)
    samples = _through_microphone(samples, rng=rng)
    if rng.random() < _REVERBERANT:
        samples = _in_room(samples, rng=rng)
    samples *= LEVEL / np.sqrt((samples**2).mean() + 1e-9)
    clip = Clip(
        text=text, voice=voice.name, duration_ms=utterance.duration_ms, words=utterance.words
    )
    return clip, np.clip(samples, -1, 1)


def _through_microphone(samples: Samples, *, rng: random.Random) -> Samples:
    """Return the sound with a random smooth frequency response: a tilt and three broad bumps."""
    spectrum = np.fft.rfft(samples)
    hertz = np.maximum(np.linspace(0, RATE / 2, len(spectrum)), 50)
    octave = np.log2(hertz / 50) / np.log2(RATE / 2 / 50)  # 0 at 50 Hz, 1 at the top
    gain_db = rng.uniform(-5, 5) * (octave - 0.5)
    for _ in range(3):
        height_db, centre, width = rng.uniform(-7, 7), rng.random(), rng.uniform(0.06, 0.2)
        gain_db = gain_db + height_db * np.exp(-(((octave - centre) / width) ** 2))
    return np.fft.irfft(spectrum * 10 ** (gain_db / 20), len(samples)).astype(np.float32)


def _in_room(samples: Samples, *, rng: random.Random) -> Samples:
    """Return the sound with the tail of a small room: noise that dies away."""
    decay_s = rng.uniform(0.08, 0.35)
    seconds = np.arange(int(decay_s * RATE)) / RATE
    noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(len(seconds))
    tail = noise * np.exp(-6.9 * seconds / decay_s)  # 60 dB down at decay_s
    tail *= 10 ** (rng.uniform(-22, -7) / 20) / np.sqrt((tail**2).sum())
    wet = fftconvolve(samples, tail)[: len(samples) + _TAIL_KEPT]
    wet[: len(samples)] += samples
    return wet.astype(np.float32)


def _clip(entry: dict[str, Any]) -> Clip:
    """Return a clip read back from JSON."""
    words = tuple(TimedWord(**word) for word in entry["words"])
    return Clip(
        text=entry["text"], voice=entry["voice"], duration_ms=entry["duration_ms"], words=words
    )


@dataclass(frozen=True, slots=True)
class _Job:
    """A share of the clips for one process to make."""

    seed: str
    count: int
    split: Split
    voices: tuple[str, ...]


def _make(job: _Job) -> list[tuple[Clip, Samples]]:
    """Return one share of the clips."""
    rng, espeak = random.Random(job.seed), Espeak()
    return [
        make_clip(draw(rng, split=job.split), espeak=espeak, rng=rng, voices=job.voices)
        for _ in range(job.count)
    ]


def main() -> None:
    """Make a store of clips."""
    parser = argparse.ArgumentParser(description="Make synthetic speech to train on.")
    parser.add_argument("--count", type=int, default=16_000)
    parser.add_argument("--split", type=Split, default=Split.TRAINED, choices=list(Split))
    parser.add_argument("--unseen-voices", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, required=True, help="path without extension")
    args = parser.parse_args()
    voices = UNSEEN_VOICES if args.unseen_voices else TRAINED_VOICES
    jobs = [
        _Job(f"{args.seed}-{first}", min(_CLIPS_PER_JOB, args.count - first), args.split, voices)
        for first in range(0, args.count, _CLIPS_PER_JOB)
    ]
    with multiprocessing.Pool(args.processes) as pool:
        clips = [clip for share in pool.imap(_make, jobs) for clip in share]
    Clips.save(args.out, clips=clips)
    hours = sum(clip.duration_ms for clip, _ in clips) / 3_600_000
    print(f"{len(clips)} clips, {hours:.2f} hours in {args.out}")


if __name__ == "__main__":
    main()
