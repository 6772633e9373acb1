"""Voice activity by the silero model that faster-whisper carries. Nothing is fetched."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.sound import RATE
from pipeline.analysis.speech_regions import FRAME_SAMPLES, high_passed, speech_regions

CHUNK = 18_750 * FRAME_SAMPLES
"""Ten minutes: the hour at once would hold a gigabyte."""
LEAD_IN = 32 * FRAME_SAMPLES
"""About a second before each chunk, so that the model is warm where the chunk begins."""


@dataclass(frozen=True, slots=True)
class SileroVoiceActivity:
    """Where anybody speaks, on one thread."""

    def speech(self, audio: NDArray[np.float32]) -> tuple[tuple[int, int], ...]:
        """Return sorted, disjoint intervals of speech in 16 kHz mono sound, ms."""
        if not len(audio):
            return ()
        parts = []
        for at in range(0, len(audio), CHUNK):
            lead = min(at, LEAD_IN)
            parts.append(_probabilities(audio[at - lead : at + CHUNK])[lead // FRAME_SAMPLES :])
        return speech_regions(np.concatenate(parts), duration_ms=len(audio) * 1000 // RATE)


def _probabilities(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probability of speech of each 32 ms."""
    # Imported late: onnxruntime alone costs half a second, and most processes never listen.
    from faster_whisper.vad import get_vad_model

    # The model writes into what it is given; the high-passed copy is ours to spoil.
    filtered = high_passed(audio)
    whole = np.pad(filtered, (0, -len(filtered) % FRAME_SAMPLES))
    probabilities: NDArray[np.float32] = np.asarray(get_vad_model()(whole)).reshape(-1)
    return probabilities
