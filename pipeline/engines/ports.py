"""What the stages ask of engines. Implementations are in this package, fakes in the tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.sound import Diarization, Sound
from storage.records import SoundLayout, Word


@dataclass(frozen=True, slots=True)
class RecognizedWord(Word):
    """A word as recognized, with its punctuation; a ``Word`` wherever one is wanted.

    Attributes:
        segment: Counts the recognizer's own segments from 0; words of one share a number.
    """

    segment: int = 0


class Recognizer(Protocol):
    """Speech to words."""

    @property
    def name(self) -> str:
        """Engine and model, such as "faster-whisper/rehearsal"."""
        ...

    @property
    def rehearsal(self) -> bool:
        """Whether this is the rehearsal model, which says nothing about real speech."""
        ...

    def fitting(self, vocabulary: Sequence[str]) -> tuple[str, ...]:
        """Return as many of the words, from the first on, as this one can be told at once."""
        ...

    def recognize(
        self,
        audio: NDArray[np.float32],
        *,
        language: str,
        speech: Sequence[tuple[int, int]],
        progress: Callable[[float], None],
        vocabulary: Sequence[str] = (),
    ) -> tuple[RecognizedWord, ...]:
        """Return the words of 16 kHz mono sound in order of start.

        Args:
            audio: Shape (n,).
            language: Of the conversation: da, sv or en.
            speech: Where anybody speaks, ms; nothing else is listened to.
            progress: Called with a rising share 0..1, at the end with 1.
            vocabulary: Names and terms that may come up, no more than fit; a hint, never a
                promise.
        """
        ...


class VoiceActivity(Protocol):
    """Where anybody speaks."""

    def speech(self, audio: NDArray[np.float32]) -> tuple[tuple[int, int], ...]:
        """Return sorted, disjoint intervals of speech in 16 kHz mono sound, ms."""
        ...


class Diarizer(Protocol):
    """Which voice speaks when."""

    @property
    def name(self) -> str:
        """Engine, such as "measured", and the models that it uses, if any."""
        ...

    def diarize(
        self,
        sound: Sound,
        *,
        speech: Sequence[tuple[int, int]],
        words: Sequence[Word],
        speakers: int,
        layout: SoundLayout,
        language: str,
        seed: int = 0,
    ) -> Diarization:
        """Return posteriors at 10 Hz; the same seed gives the same result.

        What was learned about a voice ends with the call: no voice print is kept.

        Args:
            sound: All channels as recorded, never a downmix.
            speech: Where anybody speaks, ms.
            words: Recognized words in order of start; may be empty.
            speakers: How many people take part, as told at upload.
            layout: How the sound was caught, as told at upload.
            language: Of the conversation: da, sv or en.
            seed: For whatever is random in the engine.
        """
        ...
