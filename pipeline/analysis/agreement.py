"""How far two people agree who have marked the same turns on their own.

Statistics over resampled turns have to run on whole arrays, which no permissive library of these
does; so they stand here in a few lines each, and tests hold them against scikit-learn and against
the examples of those who published them. The resampling is SciPy's.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.analysis.measures import ranges
from pipeline.analysis.measures.figures import Range
from storage.measuring import turns_to_mark
from storage.records import Coding, CodingSheet, Turn

LEAST_TURNS: Final = 20
LEAST_MARKED: Final = 5
"""Below these, one turn more or less would make another figure."""
_LEAST_CODES: Final = 3

Array = npt.NDArray[np.float64]


def kappa(first: Array, second: Array, axis: int = -1) -> Array:
    """Return Cohen's kappa of two people's categories for the same units; NaN if all are one.

    Formula: (observed − expected agreement) / (1 − expected), expected from each person's own
    shares. 1 is full agreement, 0 what chance would give.

    Source: Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and
    Psychological Measurement 20(1), 37–46.
    """
    observed = np.mean(first == second, axis=axis)
    expected = sum(
        np.mean(first == each, axis=axis) * np.mean(second == each, axis=axis)
        for each in np.union1d(first, second)
    )
    return _corrected(1 - observed, 1 - np.asarray(expected))


def alpha(first: Array, second: Array, axis: int = -1) -> Array:
    """Return Krippendorff's alpha of two people's categories, nominal; NaN if all are one.

    Formula: 1 − observed / expected disagreement, expected from the shares of both together.

    Source: Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of
    Pennsylvania, sections A and B.
    """
    values = 2 * first.shape[axis]
    same = sum(
        count * (count - 1)
        for each in np.union1d(first, second)
        for count in [np.sum(first == each, axis=axis) + np.sum(second == each, axis=axis)]
    )
    expected = 1 - np.asarray(same) / (values * (values - 1))
    return _corrected(np.mean(first != second, axis=axis), expected)


def icc(ratings: Array) -> Array:
    """Return the intraclass correlation ICC(2,1); NaN if nothing varies.

    One judge, absolute agreement, judges drawn at random.

    Args:
        ratings: Shape (..., targets, judges).

    Source: Shrout, P. E. & Fleiss, J. L. (1979). Intraclass correlations: uses in assessing rater
    reliability. Psychological Bulletin 86(2), 420–428.
    """
    targets, judges = ratings.shape[-2:]
    grand = ratings.mean((-2, -1), keepdims=True)
    by_target = ratings.mean(-1, keepdims=True)
    by_judge = ratings.mean(-2, keepdims=True)
    between = judges * ((by_target - grand) ** 2).sum((-2, -1)) / (targets - 1)
    judging = targets * ((by_judge - grand) ** 2).sum((-2, -1)) / (judges - 1)
    rest = ((ratings - by_target - by_judge + grand) ** 2).sum((-2, -1))
    error = rest / ((targets - 1) * (judges - 1))
    total = between + (judges - 1) * error + judges * (judging - error) / targets
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(total > 0, (between - error) / total, np.nan))


def agreement_document(
    coding: Coding, sheets: Iterable[CodingSheet], *, turns: Iterable[Turn]
) -> dict[str, Any]:
    """Return how far two agree on a stretch, as a JSON value.

    For each keyword kappa and alpha of "holds of this turn" or not; for all together those of the
    very same set of keywords, and the ICC of how often each keyword was used. A value is None
    where there are too few turns or marks for one, or where nothing varies.

    Args:
        coding: The stretch, and the keywords that were looked for.
        sheets: What each of the two has marked.
        turns: The text of the version that was marked.
    """
    indexes = [turn.index for turn in turns_to_mark(coding, turns)]
    first, second = (_table(sheet, indexes, codes=coding.codes) for sheet in sheets)
    enough = len(indexes) >= LEAST_TURNS
    return {
        "turns": len(indexes),
        "needed": LEAST_TURNS,
        "needed_marks": LEAST_MARKED,
        "together": _together(first, second) if enough else {},
        "codes": {
            code: _of_one(first[:, place], second[:, place], enough=enough)
            for place, code in enumerate(coding.codes)
        },
    }


def _table(sheet: CodingSheet, indexes: list[int], *, codes: tuple[str, ...]) -> Array:
    """Return 1 for each keyword (column) that was marked of each turn (row), else 0."""
    return np.array([[(index, code) in sheet.marks for code in codes] for index in indexes], float)


def _of_one(first: Array, second: Array, *, enough: bool) -> dict[str, Any]:
    counted = {"first": int(first.sum()), "second": int(second.sum())}
    if not enough or np.maximum(first, second).sum() < LEAST_MARKED:
        return counted
    return counted | {
        "kappa": _shown(ranges.resampled(kappa, first, second)),
        "alpha": _shown(ranges.resampled(alpha, first, second)),
    }


def _together(first: Array, second: Array) -> dict[str, Any]:
    sets = np.unique(np.concatenate([first, second]), axis=0, return_inverse=True)[1]
    one, other = (each.astype(float) for each in np.split(np.ravel(sets), 2))

    def counted(turns: Array, axis: int = -1) -> Array:  # noqa: ARG001 - always the last
        drawn = turns.astype(int)
        return icc(np.stack([first[drawn].sum(-2), second[drawn].sum(-2)], axis=-1))

    found = {
        "kappa": _shown(ranges.resampled(kappa, one, other)),
        "alpha": _shown(ranges.resampled(alpha, one, other)),
    }
    if first.shape[1] >= _LEAST_CODES:
        found["icc"] = _shown(ranges.resampled(counted, np.arange(len(first))))
    return found


def _corrected(disagreement: Array, by_chance: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(by_chance > 0, 1 - disagreement / by_chance, np.nan))


def _shown(found: Range) -> dict[str, float] | None:
    """Return a range as a JSON value, which has no NaN."""
    return asdict(found) if np.isfinite(found.value) else None
