"""Engines for tests that implement the real ports, simply. Not mocks: they hear and answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.intervals import union
from pipeline.analysis.sound import RATE
from pipeline.analysis.speech_regions import FRAME_SAMPLES, speech_regions
from pipeline.engines.ports import RecognizedWord

WORD_MS = 400


@dataclass(frozen=True, slots=True)
class FakeRecognizer:
    """Says the words of its script in turn, one every 400 ms of speech."""

    script: tuple[str, ...] = ("Hvordan", "går", "det?", "Det", "går", "fint.")
    name: str = "fake/script"
    rehearsal: bool = True

    def fitting(self, vocabulary: Sequence[str]) -> tuple[str, ...]:  # noqa: ARG002 - its own script
        """Return none: its script is its own."""
        return ()

    def recognize(
        self,
        audio: NDArray[np.float32],
        *,
        language: str,  # noqa: ARG002 - it knows one script
        speech: Sequence[tuple[int, int]],
        progress: Callable[[float], None],
        vocabulary: Sequence[str] = (),  # noqa: ARG002 - it knows one script
    ) -> tuple[RecognizedWord, ...]:
        """Return the script spread over the speech that lies within the sound."""
        end_of_sound = len(audio) * 1000 // RATE
        words: list[RecognizedWord] = []
        for segment, (start, end) in enumerate(union(speech)):
            for at in range(start, min(end, end_of_sound), WORD_MS):
                text = self.script[len(words) % len(self.script)]
                until = min(at + WORD_MS, end, end_of_sound)
                words.append(RecognizedWord(at, until, text, 0.9, segment=segment))
            progress((segment + 1) / len(speech))
        progress(1.0)
        return tuple(words)


@dataclass(frozen=True, slots=True)
class FakeVoiceActivity:
    """Takes whatever is loud for speech."""

    loud: float = 0.01

    def speech(self, audio: NDArray[np.float32]) -> tuple[tuple[int, int], ...]:
        """Return where the sound is louder than the limit."""
        frames = np.pad(audio, (0, -len(audio) % FRAME_SAMPLES)).reshape(-1, FRAME_SAMPLES)
        level = np.sqrt((frames**2).mean(1))
        return speech_regions(
            (level > self.loud).astype(np.float32), duration_ms=len(audio) * 1000 // RATE
        )
