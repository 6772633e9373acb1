"""Voices by loudness: one microphone near each person, one channel each.

Arrival times mislead here: microphones far apart hear reflections first.
"""

from collections.abc import Sequence

from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.diarization.clusters import as_diarization, voice_cue, voices_from_cue
from pipeline.analysis.diarization.features import (
    fitted,
    frame_count,
    level_difference,
    smoothed,
    speech_frames,
)
from pipeline.analysis.diarization.mixture import ashman_d
from pipeline.analysis.sound import FRAME_MS, Diarization, Sound

SMOOTHING = 5
RESOLUTION_DB = 0.5


def diarize_by_level(
    sound: Sound, *, speech: Sequence[tuple[int, int]], speakers: int, seed: int = 0
) -> Diarization:
    """Return who speaks when by which microphone hears it louder."""
    frames = frame_count(sound.samples.shape[1])
    spoken = speech_frames(speech, frames=frames, step_ms=FRAME_MS)
    difference = level_difference(sound.samples[0], sound.samples[1])
    cue = smoothed(fitted(difference[:, None], frames=frames), width=SMOOTHING)
    voice = voice_cue(mono_for_recognition(sound), spoken=spoken)
    posteriors = voices_from_cue(
        cue - cue[spoken].mean(0), voice=voice, spoken=spoken, speakers=speakers, seed=seed
    )
    return as_diarization(
        posteriors,
        spoken=spoken,
        engine="level",
        separability=ashman_d(cue[spoken], floor=RESOLUTION_DB, seed=seed),
    )
