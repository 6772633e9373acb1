"""What diarizers have in common that hear one channel, decide, and do not say how sure they are."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.diarization.decided import decided
from pipeline.analysis.diarization.features import frame_count
from pipeline.analysis.intervals import Interval
from pipeline.analysis.sound import Diarization, Sound
from storage.records import SoundLayout, Word


class DecidingDiarizer(ABC):
    """A ``pipeline.engines.ports.Diarizer`` that only listens; nothing in it is random."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Engine and the beginning of its models' checksum."""

    @abstractmethod
    def segments(
        self, audio: NDArray[np.float32], *, speakers: int
    ) -> Sequence[tuple[int, int, int]]:
        """Return (start_ms, end_ms, voice) as decided; they may overlap.

        Args:
            audio: 16 kHz, one channel.
            speakers: How many voices there are; they are numbered from 0.
        """

    def diarize(
        self,
        sound: Sound,
        *,
        speech: Sequence[Interval],
        words: Sequence[Word],  # noqa: ARG002 - it only listens
        speakers: int,
        layout: SoundLayout,  # noqa: ARG002 - it hears one channel
        language: str,  # noqa: ARG002 - and no words
        seed: int = 0,  # noqa: ARG002 - nothing in it is random
    ) -> Diarization:
        """Return what it has decided."""
        audio = mono_for_recognition(sound)
        return decided(
            self.segments(audio, speakers=speakers) if speech else (),
            speech=speech,
            frames=frame_count(len(audio)),
            speakers=speakers,
            engine=self.name,
        )
