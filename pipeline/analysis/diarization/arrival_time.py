"""Voices by direction: the tiny difference in when sound reaches two microphones.

For one stereo device (phone, webcam, recorder). Works for identical voices, needs no models,
and fails where the device saves the same sound twice or where people walk about; so it
reports how separable the directions were and ``route`` decides.
"""

from collections.abc import Sequence

import numpy as np

from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.diarization.clusters import as_diarization, voice_cue, voices_from_cue
from pipeline.analysis.diarization.features import (
    arrival_times,
    fitted,
    frame_count,
    principal,
    smoothed,
    speech_frames,
)
from pipeline.analysis.diarization.mixture import ashman_d
from pipeline.analysis.sound import FRAME_MS, Diarization, Sound

SMOOTHING = 5
DIRECTIONS = 3
RESOLUTION = 0.5
"""Of the peak's position, in columns (quarter samples): the floor of its spread."""


def diarize_by_arrival_time(
    sound: Sound, *, speech: Sequence[tuple[int, int]], speakers: int, seed: int = 0
) -> Diarization:
    """Return who speaks when by direction; ``separability`` is that of the delay's peak.

    The correlation vector is reduced to three axes instead of to its peak, because the
    reflections of each seat are as telling as its direct sound.
    """
    frames = frame_count(sound.samples.shape[1])
    spoken = speech_frames(speech, frames=frames, step_ms=FRAME_MS)
    vectors = smoothed(
        fitted(arrival_times(sound.samples[0], sound.samples[1]), frames=frames), width=SMOOTHING
    )
    cue = principal(vectors, of=spoken, components=DIRECTIONS)
    voice = voice_cue(mono_for_recognition(sound), spoken=spoken)
    peaks = vectors[spoken].argmax(1).astype(np.float64)
    posteriors = voices_from_cue(cue, voice=voice, spoken=spoken, speakers=speakers, seed=seed)
    return as_diarization(
        posteriors,
        spoken=spoken,
        engine="arrival_time",
        separability=ashman_d(peaks, floor=RESOLUTION, seed=seed),
    )
