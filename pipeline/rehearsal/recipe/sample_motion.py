"""Who moves when in the sample's picture.

Here lives the way from voices and lines to poses: whoever speaks moves mouth, head and hands; the
other breathes, blinks, and nods now and then. All is drawn from a seed, so that a film made anew
is the same film.
"""

import random
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.rehearsal import Label, Phase, SampleLine, SampleRole, SampleScript
from pipeline.rehearsal.recipe.espeak import Samples
from pipeline.rehearsal.recipe.sample_figures import Pose
from pipeline.rehearsal.recipe.sample_voices import RATE

FRAMES_PER_S = 25

Track = npt.NDArray[np.float64]
"""One value a frame."""

_FRAME_MS = 1000 // FRAMES_PER_S
_LONG_LINE_MS = 1100
_LONG_PAUSE_MS = 2000
_GESTURES = {SampleRole.CASEWORKER: 0.75, SampleRole.YOUTH: 0.45}
_GRAVE = frozenset({Phase.EXPLORATION, Phase.WORRY})
_SMILES = {
    # (otherwise, in grave phases)
    SampleRole.CASEWORKER: (0.9, 0.25),
    SampleRole.YOUTH: (0.45, -0.45),
}
_NODS = 0.55
_NOD_DEG = 5.0
_BOWED_DEG = 6.0
_BLINK_FRAMES = 4
_BLINK_EVERY_S = (2.2, 5.5)


def poses(script: SampleScript, *, role: SampleRole, voice: Samples, seed: int) -> list[Pose]:
    """Return one figure's pose for every frame of the film."""
    frames = script.duration_ms // _FRAME_MS
    rng = random.Random(f"{seed}-{role}")
    own = [line for line in script.lines if line.role is role]
    others = [line for line in script.lines if line.role is not role]
    seconds = np.arange(frames) / FRAMES_PER_S
    speaking = _eased(_spans(own, frames=frames), seconds=0.15)
    loud = _loudness(voice, frames=frames)
    gesture = _eased(_gestures(own, frames=frames, rng=rng, role=role), seconds=0.22)
    bowed = _eased(_bowed(script.lines, frames=frames, role=role), seconds=0.6)
    phase = rng.uniform(0, 6)
    nod = (
        _nods(others, frames=frames, rng=rng)
        + speaking * (1.6 * np.sin(5.1 * seconds + phase) + 2.2 * _eased(loud, seconds=0.08))
        + _BOWED_DEG * bowed
    )
    sway = speaking * (1.2 + np.sin(2.3 * seconds + phase)) + 0.5 * np.sin(0.31 * seconds + phase)
    breath = np.sin(2 * np.pi * seconds / rng.uniform(3.8, 4.4) + phase)
    wave = gesture * (2.5 * np.sin(6.3 * seconds + phase) + 3 * np.sin(2.9 * seconds))
    lids = _blinks(frames, rng=rng)
    smile = _eased(_smiles(script.lines, frames=frames, role=role), seconds=1.5)
    return [
        Pose(
            breath=float(breath[i]),
            nod=float(nod[i]),
            sway=float(sway[i]),
            mouth=float(loud[i]),
            lids=float(lids[i]),
            gesture=float(gesture[i]),
            wave=float(wave[i]),
            smile=float(smile[i]),
        )
        for i in range(frames)
    ]


def _loudness(voice: Samples, *, frames: int) -> Track:
    """Return how far the mouth is open: the loudness of each frame's sound, from 0 to 1."""
    per_frame = RATE // FRAMES_PER_S
    pieces = voice[: frames * per_frame].reshape(-1, per_frame).astype(np.float64)
    level = np.zeros(frames)
    level[: len(pieces)] = np.sqrt((pieces**2).mean(axis=1))
    usual = float(np.percentile(level[level > level.max() / 10], 90))
    return np.clip(level / usual, 0.0, 1.0)


def _spans(lines: Sequence[SampleLine], *, frames: int) -> Track:
    """Return 1 in every frame in which one of the lines is spoken, else 0."""
    track = np.zeros(frames)
    for line in lines:
        track[line.start_ms // _FRAME_MS : line.end_ms // _FRAME_MS + 1] = 1
    return track


def _gestures(
    lines: Sequence[SampleLine], *, frames: int, rng: random.Random, role: SampleRole
) -> Track:
    """Return how far the hand is raised: in some of the longer lines."""
    track = np.zeros(frames)
    for line in lines:
        height = rng.uniform(0.55, 1.0) * (rng.random() < _GESTURES[role])
        if line.end_ms - line.start_ms > _LONG_LINE_MS:
            track[line.start_ms // _FRAME_MS : (line.end_ms - 150) // _FRAME_MS] = height
    return track


def _bowed(lines: Sequence[SampleLine], *, frames: int, role: SampleRole) -> Track:
    """Return how far the head is bowed: the youth's, while searching for words or worried."""
    track = np.zeros(frames)
    if role is not SampleRole.YOUTH:
        return track
    for before, line in pairwise(lines):
        if line.role is role and line.start_ms - before.end_ms > _LONG_PAUSE_MS:
            track[(before.end_ms + 500) // _FRAME_MS : (line.start_ms + 300) // _FRAME_MS] = 1
        if line.role is role and line.phase is Phase.WORRY:
            track[line.start_ms // _FRAME_MS : line.end_ms // _FRAME_MS] = 0.8
    return track


def _smiles(lines: Sequence[SampleLine], *, frames: int, role: SampleRole) -> Track:
    """Return the corners of the closed mouth: lower while the talk is about hard things."""
    light, grave = _SMILES[role]
    track = np.full(frames, light)
    hard = [line for line in lines if line.phase in _GRAVE]
    track[hard[0].start_ms // _FRAME_MS : hard[-1].end_ms // _FRAME_MS] = grave
    return track


def _nods(lines: Sequence[SampleLine], *, frames: int, rng: random.Random) -> Track:
    """Return the listener's nods towards the end of some of the other's lines."""
    track = np.zeros(frames)
    seconds = np.arange(FRAMES_PER_S) / FRAMES_PER_S
    shape = _NOD_DEG * np.sin(2 * np.pi * 1.8 * seconds) ** 2 * np.exp(-1.6 * seconds)
    for line in lines:
        nods = rng.random() < _NODS
        if nods and Label.BACKCHANNEL not in line.labels:
            at = (line.end_ms - 250) // _FRAME_MS
            track[at : at + len(shape)] += shape[: frames - at]
    return track


def _blinks(frames: int, *, rng: random.Random) -> Track:
    """Return 1 in the frames of each blink, else 0."""
    track = np.zeros(frames)
    at = rng.uniform(*_BLINK_EVERY_S)
    while at * FRAMES_PER_S < frames:
        start = int(at * FRAMES_PER_S)
        track[start : start + _BLINK_FRAMES] = 1
        at += rng.uniform(*_BLINK_EVERY_S)
    return track


def _eased(track: Track, *, seconds: float) -> Track:
    """Return a track without corners: smoothed by a bell of the given width, without delay."""
    reach = int(3 * seconds * FRAMES_PER_S) + 1
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (seconds * FRAMES_PER_S)) ** 2)
    padded = np.pad(track, reach, mode="edge")
    return np.convolve(padded, bell / bell.sum(), mode="valid")
