"""Voices by sound alone, from one channel and without models.

Reliable only when voices differ strongly (2-7 % of speech with the wrong voice; 11-28 % for
alike ones), so its result is always marked as doubtful.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.diarization.clusters import as_diarization
from pipeline.analysis.diarization.features import (
    EPSILON,
    Flags,
    Floats,
    frame_count,
    log_pitch,
    mfcc,
    principal,
    speech_frames,
)
from pipeline.analysis.diarization.mixture import fitted_mixture, smoothed_posteriors
from pipeline.analysis.intervals import Interval
from pipeline.analysis.sound import FRAME_MS, Diarization, Sound

CEPSTRUM_MS, PITCH_MS = 10, 20
WINDOW_MS, STEP_MS = 1_500, 500
AXES = 15
VOICED_ENOUGH = 6
ROUNDS = 3
FRAMES_PER_COMPONENT, MAX_COMPONENTS, MAX_TRAINING = 300, 8, 15_000
SPEECH_ENOUGH = 200
PITCH_WEIGHT = 0.5
MIN_PITCH_SPREAD = 0.06
COUNTED_FRAMES = 3.0
"""Ten neighbouring frames say about as much as three independent ones."""
SWITCH_NATS = 8.0
IMPOSSIBLE = -1e3


def diarize_by_sound(
    sound: Sound, *, speech: Sequence[Interval], speakers: int, seed: int = 0
) -> Diarization:
    """Return who speaks when by how voices sound.

    Windows of 1.5 s are clustered by the mean and spread of their cepstra and by pitch; a
    mixture per cluster then redraws the borders frame by frame, three times.
    """
    audio = mono_for_recognition(sound)
    frames = frame_count(len(audio))
    spoken = speech_frames(speech, frames=frames, step_ms=FRAME_MS)
    cepstra, pitch = mfcc(audio), log_pitch(audio)
    pieces = windows(speech)
    described = describe(cepstra, pitch, pieces=pieces, speech=speech)
    everything = np.ones(len(pieces), np.bool_)
    cue = np.hstack(
        [
            principal(described[:, :-1], of=everything, components=AXES),
            described[:, -1:],
        ]
    )
    groups = fitted_mixture(cue, components=speakers, seed=seed).predict(cue)
    votes = np.zeros((frames, speakers))
    for (start, end), group in zip(pieces, groups, strict=True):
        votes[start // FRAME_MS : max(end // FRAME_MS, start // FRAME_MS + 1), group] += 1
    posteriors = _redrawn(cepstra, pitch, votes=votes, spoken=spoken, seed=seed)
    return as_diarization(posteriors, spoken=spoken, engine="acoustic", separability=None)


def windows(speech: Sequence[Interval]) -> tuple[Interval, ...]:
    """Return pieces of at most 1.5 s every half second, never across a pause."""
    pieces: list[Interval] = []
    for start, end in speech:
        spare = end - start - WINDOW_MS
        if spare <= WINDOW_MS * 0.3:
            pieces.append((start, end))
            continue
        steps = -(-spare // STEP_MS)
        pieces += [
            (start + spare * i // steps, start + spare * i // steps + WINDOW_MS)
            for i in range(steps + 1)
        ]
    return tuple(pieces)


def describe(
    cepstra: Floats, pitch: Floats, *, pieces: Sequence[Interval], speech: Sequence[Interval]
) -> Floats:
    """Return one row per piece: mean and spread of 19 cepstra, last its pitch against the rest.

    The first cepstrum is loudness and is left out. Sums over pieces come from cumulative sums,
    so their number and overlap cost nothing.
    """
    spoken = speech_frames(speech, frames=len(cepstra), step_ms=CEPSTRUM_MS)
    shape = cepstra[:, 1:].astype(np.float64)
    shape = (shape - shape[spoken].mean(0)) / (shape[spoken].std(0) + EPSILON)
    mean = _means(shape, pieces=pieces, step_ms=CEPSTRUM_MS)
    square = _means(shape * shape, pieces=pieces, step_ms=CEPSTRUM_MS)
    spread = np.sqrt(np.maximum(square - mean * mean, 1e-4))
    voiced = ~np.isnan(pitch)
    tone = np.stack([np.where(voiced, pitch, 0), voiced], axis=1).astype(np.float64)
    share = _means(tone, pieces=pieces, step_ms=PITCH_MS)
    lengths = np.array([(end - start) / PITCH_MS for start, end in pieces])
    known = share[:, 1] * lengths >= VOICED_ENOUGH
    level = np.divide(share[:, 0], share[:, 1], where=known, out=np.zeros(len(pieces)))
    usual = np.median(level[known]) if known.any() else 0.0
    level = np.where(known, level, usual)
    level = (level - level.mean()) / (level.std() + EPSILON)
    return np.column_stack([mean, spread, level]).astype(np.float32)


def _means(values: NDArray[np.float64], *, pieces: Sequence[Interval], step_ms: int) -> Floats:
    """Return the mean of the rows of each piece."""
    sums = np.vstack([np.zeros(values.shape[1]), np.cumsum(values, 0)])
    borders = np.array(pieces) // step_ms
    first = np.minimum(borders[:, 0], len(values) - 1)
    last = np.clip(borders[:, 1], first + 1, len(values))
    means: Floats = (sums[last] - sums[first]) / (last - first)[:, None]
    return means


def _redrawn(
    cepstra: Floats, pitch: Floats, *, votes: NDArray[np.float64], spoken: Flags, seed: int
) -> Floats:
    """Return posteriors after re-fitting each voice to its own frames; shape (frames, k)."""
    frames, speakers = votes.shape
    fine = frames * 10
    loud = np.repeat(spoken, 10)[: len(cepstra)]
    standard = (cepstra - cepstra[loud].mean(0)) / (cepstra[loud].std(0) + EPSILON)
    tone = np.full(frames * 5, np.nan, np.float32)
    tone[: min(len(pitch), len(tone))] = pitch[: len(tone)]
    random = np.random.default_rng(seed)
    owner = np.where(votes.sum(1) > 0, votes.argmax(1), -1)
    posteriors = np.full((frames, speakers), 1 / speakers)
    for _ in range(ROUNDS):
        evidence = np.zeros((fine, speakers), np.float32)
        for voice in range(speakers):
            own = np.flatnonzero(np.repeat(owner == voice, 10)[: len(loud)] & loud)
            if len(own) < SPEECH_ENOUGH:
                evidence[:, voice] = IMPOSSIBLE
                continue
            if len(own) > MAX_TRAINING:
                own = random.choice(own, MAX_TRAINING, replace=False)
            parts = min(MAX_COMPONENTS, max(1, len(own) // FRAMES_PER_COMPONENT))
            mixture = fitted_mixture(
                standard[own], components=parts, seed=seed, shape="diag", restarts=1
            )
            evidence[np.flatnonzero(loud), voice] = mixture.score_samples(standard[loud])
            evidence[:, voice] += np.repeat(_pitch_evidence(tone, owner == voice), 2)
        per_frame = evidence.reshape(frames, 10, speakers).mean(1) * COUNTED_FRAMES
        per_frame[~spoken] = 0
        posteriors = smoothed_posteriors(per_frame, switch_nats=SWITCH_NATS)
        owner = np.where(spoken, posteriors.argmax(1), -1)
    return posteriors.astype(np.float32)


def _pitch_evidence(tone: Floats, own: Flags) -> Floats:
    """Return how well each 20 ms fits the pitch of one voice's frames, 0 where unvoiced."""
    mine = tone[np.repeat(own, 5)]
    mine = mine[~np.isnan(mine)]
    if len(mine) < SPEECH_ENOUGH // 5:
        return np.zeros_like(tone)
    middle = np.median(mine)
    spread = max(MIN_PITCH_SPREAD, 1.48 * float(np.median(np.abs(mine - middle))))
    fit = -0.5 * np.clip(((tone - middle) / spread) ** 2, 0, 9) - np.log(spread)
    return np.where(np.isnan(tone), 0, PITCH_WEIGHT * fit).astype(np.float32)
