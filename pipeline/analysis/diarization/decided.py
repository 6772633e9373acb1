"""What an engine has decided without saying how sure it is, as doubt that can be told."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.analysis.diarization.clusters import as_diarization
from pipeline.analysis.diarization.features import speech_frames
from pipeline.analysis.intervals import Interval
from pipeline.analysis.sound import FRAME_MS, Diarization


def decided(
    segments: Sequence[tuple[int, int, int]],
    *,
    speech: Sequence[Interval],
    frames: int,
    speakers: int,
    engine: str,
) -> Diarization:
    """Return an engine's decisions as shares of each frame; no probability is made up.

    A frame is shared evenly between the voices that it was given to: two where they overlap, all
    where somebody speaks and the engine names nobody. ``graded`` says that a whole share means
    chosen, not sure.

    Args:
        segments: (start_ms, end_ms, voice); they may overlap.
        speech: Where anybody speaks, ms.
        frames: How many there are at 10 Hz.
        speakers: How many voices there are.
        engine: Its name.
    """
    given = np.stack(
        [
            speech_frames(
                [(start, end) for start, end, who in segments if who == voice],
                frames=frames,
                step_ms=FRAME_MS,
            )
            for voice in range(speakers)
        ],
        axis=1,
    )
    shared = np.where(given.any(1, keepdims=True), given, True).astype(np.float32)
    shared /= shared.sum(1, keepdims=True)
    spoken = speech_frames(speech, frames=frames, step_ms=FRAME_MS)
    made = as_diarization(shared, spoken=spoken, engine=engine, separability=None)
    return replace(made, graded=False)
