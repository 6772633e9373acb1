"""From cues at 10 Hz to voices: the step that ``arrival_time`` and ``level`` share."""

import numpy as np

from pipeline.analysis.diarization.features import (
    EPSILON,
    Flags,
    Floats,
    at_ten_hertz,
    mfcc,
    principal,
    smoothed,
)
from pipeline.analysis.diarization.mixture import (
    fitted_mixture,
    log_likelihoods,
    smoothed_posteriors,
)
from pipeline.analysis.sound import Diarization

VOICE_WEIGHT = 0.3
VOICE_SMOOTHING = 11
SWITCH_NATS = 6.0
CORRELATED_FRAMES = 2.0
"""Neighbouring frames share smoothing windows; counting each fully makes posteriors too sure."""


def voice_cue(audio: Floats, *, spoken: Flags) -> Floats:
    """Return how the voice sounds as six slow axes at 10 Hz, shape (frames, 6)."""
    cepstra = smoothed(at_ten_hertz(mfcc(audio), frames=len(spoken)), width=VOICE_SMOOTHING)
    return principal(cepstra, of=spoken, components=6)


def voices_from_cue(
    cue: Floats, *, voice: Floats, spoken: Flags, speakers: int, seed: int
) -> Floats:
    """Return posteriors from a spatial cue supported by the sound of the voice, (frames, k)."""
    spatial = cue / (cue[spoken].std(0).max() + EPSILON)
    joined = np.hstack([spatial, VOICE_WEIGHT * voice])
    mixture = fitted_mixture(joined[spoken], components=speakers, seed=seed, restarts=8)
    evidence = np.zeros((len(spoken), speakers))
    evidence[spoken] = log_likelihoods(mixture, joined[spoken]) / CORRELATED_FRAMES
    return smoothed_posteriors(evidence, switch_nats=SWITCH_NATS).astype(np.float32)


def as_diarization(
    posteriors: Floats, *, spoken: Flags, engine: str, separability: float | None
) -> Diarization:
    """Return the value that travels: silence is zero, precision is half."""
    kept = np.where(spoken[:, None], posteriors, 0).astype(np.float16)
    return Diarization(kept, engine=engine, separability=separability)
