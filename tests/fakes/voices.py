"""Diarizers as a site may bring its own: made from a folder of models, run confined."""

import socket
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.diarization.decided import decided
from pipeline.analysis.diarization.features import frame_count
from pipeline.analysis.sound import FRAME_MS, RATE, Diarization, Sound
from storage.records import SoundLayout, Word

FRAME = RATE * FRAME_MS // 1000
LOW_HZ = (85, 140)
LOW_SHARE = 1 / 600


class FakeDiarizer:
    """Takes whatever has much under 140 Hz for the first voice; it hears no other difference."""

    name = "fake"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def diarize(
        self,
        sound: Sound,
        *,
        speech: Sequence[tuple[int, int]],
        words: Sequence[Word],  # noqa: ARG002 - it only listens
        speakers: int,
        layout: SoundLayout,  # noqa: ARG002
        language: str,  # noqa: ARG002
        seed: int = 0,  # noqa: ARG002 - nothing is random
    ) -> Diarization:
        """Return the first or the second voice for each frame of speech."""
        segments = [
            (at, min(at + 3 * FRAME_MS, end), int(not is_low(_piece(sound, at, end))))
            for start, end in speech
            for at in range(start, end, 3 * FRAME_MS)
        ]
        return decided(
            segments,
            speech=speech,
            frames=frame_count(sound.samples.shape[1]),
            speakers=speakers,
            engine=self.name,
        )


def _piece(sound: Sound, start: int, end: int) -> NDArray[np.float32]:
    return sound.samples[0, start * RATE // 1000 : min(start + 300, end) * RATE // 1000]


def is_low(piece: NDArray[np.float32]) -> bool:
    """Return whether a piece of sound at 16 kHz has much of its power where low voices have it."""
    power = np.abs(np.fft.rfft(piece * np.hanning(len(piece)))) ** 2
    hertz = np.fft.rfftfreq(len(piece), 1 / RATE)
    low = power[(hertz > LOW_HZ[0]) & (hertz < LOW_HZ[1])].sum()
    return bool(low > LOW_SHARE * power.sum())


class TelephoningDiarizer(FakeDiarizer):
    """Wants to tell somebody outside what it hears."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        socket.create_connection(("192.0.2.1", 9), timeout=1)


class NosyDiarizer(FakeDiarizer):
    """Wants to read what lies beside its models."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder.parent / "secret").read_bytes()


class TalkativeDiarizer(FakeDiarizer):
    """Describes the voice where its name is asked for."""

    name = "a deep voice, a little hoarse, likely a man of forty who comes from the north"


class LyingDiarizer(FakeDiarizer):
    """Answers with what is no diarization."""

    def diarize(self, sound: Sound, **told: object) -> Diarization:  # type: ignore[override]
        """Return shares that sum to two."""
        true = super().diarize(sound, **told)  # type: ignore[arg-type]
        return Diarization(2 * true.posteriors, engine="lies")
