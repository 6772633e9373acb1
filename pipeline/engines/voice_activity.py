"""Voice activity by the silero model that faster-whisper carries. Nothing is fetched."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.sound import RATE
from pipeline.analysis.speech_regions import (
    FRAME_SAMPLES,
    high_passed,
    levels,
    raised_by,
    speech_regions,
    without_faint,
)

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
        starts = range(0, len(audio), CHUNK)
        loudness = np.concatenate([levels(high_passed(audio[at : at + CHUNK])) for at in starts])
        raised = raised_by(loudness)
        parts = []
        for at in starts:
            lead = min(at, LEAD_IN)
            heard = high_passed(audio[at - lead : at + CHUNK])
            heard *= np.float32(10 ** (raised / 20))
            parts.append(_probabilities(heard)[lead // FRAME_SAMPLES :])
        spoken = speech_regions(np.concatenate(parts), duration_ms=len(audio) * 1000 // RATE)
        return without_faint(spoken, levels=loudness) if raised else spoken


def _probabilities(filtered: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probability of speech of each 32 ms; the model writes into what it is given."""
    # Imported late: onnxruntime alone costs half a second, and most processes never listen.
    from faster_whisper.vad import get_vad_model

    whole = np.pad(filtered, (0, -len(filtered) % FRAME_SAMPLES))
    probabilities: NDArray[np.float32] = np.asarray(get_vad_model()(whole)).reshape(-1)
    return probabilities
