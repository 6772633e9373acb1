"""How good recognition and diarization are against a known truth. Not here: anything about people.

For benches and for a site's own test of a model; nothing here is ever shown about a conversation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import jiwer
import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.errors import ReferenceInvalid
from pipeline.analysis.language import spoken_form

GRID_MS = 10
RTTM_FIELDS = 8

Spoken = tuple[int, int, str]
"""(start_ms, end_ms, who)."""


@dataclass(frozen=True, slots=True)
class DiarizationScore:
    """Shares of the true speaking time. ``error`` is the sum of the other three."""

    error: float
    missed: float
    false_alarm: float
    confusion: float
    names: dict[str, str]


def diarization_score(
    truth: Sequence[Spoken], found: Sequence[Spoken], *, collar_ms: int = 0
) -> DiarizationScore:
    """Return the diarization error rate on a 10 ms grid, overlap scored.

    Found voices are given the true names that fit best (Hungarian method). Without a collar the
    figure mostly shows where borders were drawn; look at the confusion.

    Source: NIST Rich Transcription 2009 evaluation plan; equal to pyannote.metrics to 4 digits.
    """
    steps = max((end for _, end, _ in (*truth, *found)), default=0) // GRID_MS + 1
    true_names, found_names = (sorted({who for _, _, who in some}) for some in (truth, found))
    true_grid = _grid(truth, names=true_names, steps=steps)
    found_grid = _grid(found, names=found_names, steps=steps)
    scored = np.ones(steps, np.bool_)
    if collar_ms:
        for start, end, _ in truth:
            for border in (start, end):
                scored[max(0, border - collar_ms) // GRID_MS : (border + collar_ms) // GRID_MS] = (
                    False
                )
    true_grid, found_grid = true_grid[:, scored], found_grid[:, scored]
    from scipy.optimize import linear_sum_assignment  # late: the command needs only the words

    shared = true_grid.astype(np.float32) @ found_grid.astype(np.float32).T
    rows, columns = linear_sum_assignment(-shared)
    right = sum(
        ((true_grid[i] & found_grid[j]).astype(int) for i, j in zip(rows, columns, strict=True)),
        np.zeros(true_grid.shape[1], int),
    )
    should, does = true_grid.sum(0), found_grid.sum(0)
    spoken = max(int(should.sum()), 1)
    missed = float(np.maximum(should - does, 0).sum()) / spoken
    extra = float(np.maximum(does - should, 0).sum()) / spoken
    confused = float((np.minimum(should, does) - right).sum()) / spoken
    return DiarizationScore(
        error=missed + extra + confused,
        missed=missed,
        false_alarm=extra,
        confusion=confused,
        names={found_names[j]: true_names[i] for i, j in zip(rows, columns, strict=True)},
    )


def _grid(some: Sequence[Spoken], *, names: Sequence[str], steps: int) -> NDArray[np.bool_]:
    """Return who speaks in each step, shape (names, steps)."""
    grid = np.zeros((len(names), steps), np.bool_)
    for start, end, who in some:
        grid[names.index(who), round(start / GRID_MS) : round(end / GRID_MS)] = True
    return grid


def parse_rttm(untrusted_text: str, *, recording: str | None = None) -> tuple[Spoken, ...]:
    """Return the SPEAKER lines of an RTTM file; other lines are skipped.

    Args:
        untrusted_text: The lines.
        recording: Leave out what is said of other recordings than the one of this name.

    Raises:
        ReferenceInvalid: A time is no number, or a length is negative.
    """
    found = []
    for line in map(str.split, untrusted_text.splitlines()):
        if len(line) < RTTM_FIELDS or line[0] != "SPEAKER" or recording not in {None, line[1]}:
            continue
        try:
            start, length = float(line[3]), float(line[4])
        except ValueError as error:
            raise ReferenceInvalid from error
        if not (0 <= start < inf and 0 <= length < inf):
            raise ReferenceInvalid
        found.append((round(start * 1000), round((start + length) * 1000), line[7]))
    return tuple(found)


def word_error_rate(truth: str, found: str) -> float:
    """Return the share of words that are wrong, missing or extra; case and marks do not count."""
    return float(jiwer.wer(spoken_form(truth), spoken_form(found)))
