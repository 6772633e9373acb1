"""Rooms made for tests: two people at a table, and a small device with two capsules before them.

By the image source method (pyroomacoustics), every reflection of a box of a room until its sound
has faded by 60 dB in .45 s; microphone noise 18 dB under the speech. Who talks are the voices of
the sample, cut from it line by line, so that each moment's speaker and words are known. They have
been in a room before, the sample's own, which makes it harder and no easier.

Source: Allen & Berkley, Image method for efficiently simulating small-room acoustics, Journal of
    the Acoustical Society of America 65 (1979) 943.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import oaconvolve  # noqa: TID253 - a test pays what it costs

from pipeline.analysis.intervals import union
from pipeline.analysis.sound import RATE, Sound
from pipeline.engines.sound import decode, whole
from pipeline.rehearsal import SAMPLE, SampleLine, sample_script
from storage.records import Word

SIZE_M = (5.2, 4.1, 2.6)
FADES_S = 0.45
TABLE_M = np.array([2.6, 2.0, 0.8])
SEATED_M = 1.2
CAPSULES_M = 0.14
NOISE_DB = -18.0
JITTER_MS, WRONG = 80, 0.2


@dataclass(frozen=True, slots=True)
class Scene:
    """A conversation in a room.

    Attributes:
        sound: What the device has recorded, a channel for each capsule.
        lines: What was said by whom, and when.
    """

    sound: Sound
    lines: tuple[SampleLine, ...]

    @property
    def mono(self) -> Sound:
        """What one capsule has recorded."""
        return Sound(self.sound.samples[:1])

    @property
    def truth(self) -> tuple[tuple[int, int, str], ...]:
        """Who speaks when."""
        return tuple((line.start_ms, line.end_ms, line.role.value) for line in self.lines)

    @property
    def speech(self) -> tuple[tuple[int, int], ...]:
        """When anybody speaks."""
        return union((line.start_ms, line.end_ms) for line in self.lines)


def scene(*, seconds: int, seed: int) -> Scene:
    """Return the beginning of the sample in a room; the seed chooses seats, device and noise."""
    random = np.random.default_rng(seed)
    lines = tuple(line for line in sample_script().lines if line.end_ms <= seconds * 1000)
    with SAMPLE.open("rb") as film:
        chunks = decode(film, duration_ms=seconds * 1000, progress=lambda _: None)
        played = whole(chunks, duration_ms=seconds * 1000)[0]
    heard = _responses(random)
    length = len(played)
    both = np.zeros((2, length))
    for voice, role in enumerate(sample_script().speakers):
        alone = np.zeros(length)
        for line in lines:
            if line.role is role:
                part = slice(line.start_ms * RATE // 1000, line.end_ms * RATE // 1000)
                alone[part] = played[part]
        for capsule in range(2):
            both[capsule] += oaconvolve(alone, heard[capsule][voice])[:length]
    spoken = np.sqrt((both[np.abs(both) > np.abs(both).max() / 100] ** 2).mean())
    both += random.normal(scale=spoken * 10 ** (NOISE_DB / 20), size=both.shape)
    return Scene(Sound((0.5 * both / np.abs(both).max()).astype(np.float32)), lines)


def heard_words(made: Scene, *, seed: int) -> tuple[tuple[Word, ...], NDArray[np.intp]]:
    """Return the words as a recognizer gives them, and which of the two has said each.

    A fifth are other words of the conversation, and times are off by a tenth of a second or so.
    """
    random = np.random.default_rng(seed)
    roles = list(sample_script().speakers)
    every = [word.text for line in made.lines for word in line.words]
    said = []
    for line in made.lines:
        for word in line.words:
            start = max(0, word.start_ms + round(random.normal(scale=JITTER_MS)))
            end = max(start + 1, word.end_ms + round(random.normal(scale=JITTER_MS)))
            text = random.choice(every) if random.random() < WRONG else word.text
            said.append((Word(start, end, str(text)), roles.index(line.role)))
    said.sort(key=lambda pair: pair[0].start_ms)
    return tuple(word for word, _ in said), np.array([who for _, who in said])


def _responses(random: np.random.Generator) -> Sequence[Sequence[NDArray[np.float64]]]:
    """Return what each capsule hears of a click of each of the two."""
    import pyroomacoustics  # noqa: PLC0415 - it takes seconds, and most of the bench needs it not

    absorbed, order = pyroomacoustics.inverse_sabine(FADES_S, SIZE_M)
    room = pyroomacoustics.ShoeBox(
        SIZE_M, fs=RATE, materials=pyroomacoustics.Material(absorbed), max_order=order
    )
    turned = random.uniform(0, 2 * np.pi)
    for opposite in (0, np.pi):
        angle = turned + opposite + random.uniform(-0.5, 0.5)
        away = random.uniform(0.7, 1.1)
        room.add_source([*(TABLE_M[:2] + away * _toward(angle)), SEATED_M])
    # It lies as it happens to lie, but not so that both are equally far from its two capsules.
    along = turned + random.uniform(-0.8, 0.8)
    half = CAPSULES_M / 2 * np.array([*_toward(along), 0])
    room.add_microphone_array(np.stack([TABLE_M - half, TABLE_M + half], axis=1))
    room.compute_rir()
    return room.rir


def _toward(angle: float) -> NDArray[np.float64]:
    return np.array([np.cos(angle), np.sin(angle)])
