"""Two voices from one channel, by sound and text together.

Text knows who speaks: the caseworker says "you" and asks, the youth says "I" and "don't know".
Each sentence gets a text score; a discriminant learned from the surest sentences says how that
voice sounds, which corrects the rest, round after round (co-training).
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logsumexp

from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.diarization.acoustic import describe
from pipeline.analysis.diarization.clusters import as_diarization
from pipeline.analysis.diarization.features import (
    frame_count,
    log_pitch,
    mfcc,
    principal,
    speech_frames,
)
from pipeline.analysis.intervals import Interval
from pipeline.analysis.language import SpeechLanguage
from pipeline.analysis.roles import role_score
from pipeline.analysis.sound import FRAME_MS, Diarization, Sound
from storage.records import Word

Values = NDArray[np.float64]

SENTENCE_END = re.compile(r"[.?!…]$")
PAUSE_MS = 400
MIN_UNIT_MS = 150
AXES = 12
AXES_WEIGHT, PITCH_WEIGHT = 3.0, 2.0
TEXT_WEIGHT = 0.8
SOUND_WEIGHT = 0.6
LIMIT = 3.0
ROUNDS = 6
CHANGE, AFTER_QUESTION, AFTER_PAUSE, SHORT_PAUSE_MS = 0.42, 0.30, 0.12, 150
FULL_WEIGHT_MS, SURE_SOUND_MS = 4_000, 1_500
SHRINKAGE = 0.3
UNITS_ENOUGH = 8

Unit = tuple[Word, ...]


def sentences(words: Sequence[Word]) -> tuple[Unit, ...]:
    """Return the words cut at sentence ends and at pauses of .4 s: most hold one voice."""
    units: list[Unit] = []
    start = 0
    for i, word in enumerate(words):
        last = i + 1 == len(words)
        if last or SENTENCE_END.search(word.text) or words[i + 1].start_ms - word.end_ms > PAUSE_MS:
            units.append(tuple(words[start : i + 1]))
            start = i + 1
    return tuple(units)


def diarize_by_sound_and_text(
    sound: Sound, *, speech: Sequence[Interval], words: Sequence[Word], language: SpeechLanguage
) -> Diarization:
    """Return who of two speaks when; voice 0 is the one whose words fit the caseworker."""
    audio = mono_for_recognition(sound)
    frames = frame_count(len(audio))
    spoken = speech_frames(speech, frames=frames, step_ms=FRAME_MS)
    units = sentences(words)
    spans = tuple(
        (unit[0].start_ms, max(unit[-1].end_ms, unit[0].start_ms + MIN_UNIT_MS)) for unit in units
    )
    described = describe(mfcc(audio), log_pitch(audio), pieces=spans, speech=spans)
    all_units = np.ones(len(units), np.bool_)
    axes = principal(described[:, :-1], of=all_units, components=AXES)
    cue = np.hstack([AXES_WEIGHT * axes, PITCH_WEIGHT * described[:, -1:]])
    texts = [" ".join(word.text for word in unit) for unit in units]
    caseworker = _co_trained(cue.astype(np.float64), texts=texts, spans=spans, language=language)
    posteriors = np.full((frames, 2), 0.5, np.float32)
    for (start, end), belief in zip(spans, caseworker, strict=True):
        posteriors[start // FRAME_MS : max(-(-end // FRAME_MS), start // FRAME_MS + 1)] = (
            belief,
            1 - belief,
        )
    return as_diarization(posteriors, spoken=spoken, engine="fused", separability=None)


def _co_trained(
    cue: Values, *, texts: Sequence[str], spans: Sequence[Interval], language: SpeechLanguage
) -> Values:
    """Return the probability that each unit is the caseworker's."""
    borders = np.array(spans)
    lengths = (borders[:, 1] - borders[:, 0]).astype(np.float64)
    text = np.clip([role_score(line, language=language) for line in texts], -LIMIT, LIMIT)
    change = _change_chances(texts, borders=borders)
    weights = np.minimum(lengths, FULL_WEIGHT_MS)
    sure = SOUND_WEIGHT * np.minimum(1, lengths / SURE_SOUND_MS)
    belief = _chained(expit(text), change=change)
    for _ in range(ROUNDS):
        heard = np.clip(sure * _discriminant(cue, belief=belief, weights=weights), -LIMIT, LIMIT)
        belief = _chained(expit(heard + TEXT_WEIGHT * text), change=change)
    return belief


def _change_chances(texts: Sequence[str], *, borders: NDArray[np.int_]) -> Values:
    """Return how likely the voice changes before each unit; after a question it mostly does."""
    asked = np.array([False, *("?" in line for line in texts[:-1])])
    pause = np.concatenate([[0], borders[1:, 0] - borders[:-1, 1]]) > SHORT_PAUSE_MS
    return np.asarray(CHANGE + AFTER_QUESTION * asked + AFTER_PAUSE * pause)


def _discriminant(cue: Values, *, belief: Values, weights: Values) -> Values:
    """Return a linear discriminant learned from soft labels; the covariance is shrunk."""
    one, two = belief * weights, (1 - belief) * weights
    mean_one, mean_two = one @ cue / one.sum(), two @ cue / two.sum()
    rest = cue - np.outer(belief, mean_one) - np.outer(1 - belief, mean_two)
    spread = (rest * weights[:, None]).T @ rest / weights.sum()
    size = len(spread)
    spread = (1 - SHRINKAGE) * spread + SHRINKAGE * np.trace(spread) / size * np.eye(size)
    direction = np.linalg.solve(spread + 1e-9 * np.eye(size), mean_one - mean_two)
    return np.asarray((cue - (mean_one + mean_two) / 2) @ direction)


def _chained(belief: Values, *, change: Values) -> Values:
    """Return the beliefs smoothed along the conversation (forward-backward, two states)."""
    likely = np.log(np.clip(np.stack([1 - belief, belief], axis=1), 1e-3, 1))
    stay, leave = np.log1p(-change), np.log(change)
    moves = np.stack([np.stack([stay, leave], 1), np.stack([leave, stay], 1)], 1)
    forward, backward = likely.copy(), np.zeros_like(likely)
    for i in range(1, len(belief)):
        forward[i] += logsumexp(forward[i - 1][:, None] + moves[i], axis=0)
    for i in range(len(belief) - 2, -1, -1):
        backward[i] = logsumexp(moves[i + 1] + likely[i + 1] + backward[i + 1], axis=1)
    joint = forward + backward
    return np.asarray(expit(joint[:, 1] - joint[:, 0]))
