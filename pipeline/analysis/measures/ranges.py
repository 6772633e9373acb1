"""How sure a figure is: intervals by resampling, or in closed form where there is one.

They tell how much a figure hangs on which turns happened to be in this talk. What the machine
hears wrongly comes on top, and is told with each measure. Seeds are fixed: the same text gives
the same interval.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from pipeline.analysis.measures.figures import Range

_RESAMPLES: Final = 999
_CONFIDENCE: Final = 0.95
_SEED: Final = 20


def share(cases: int, *, of: int) -> Range:
    """Return a share of counted cases with Wilson's score interval.

    Source: Wilson, E. B. (1927). Probable inference, the law of succession, and statistical
    inference. JASA 22, 209–212.
    """
    interval = stats.binomtest(cases, of).proportion_ci(_CONFIDENCE, method="wilson")
    return Range(cases / of, float(interval.low), float(interval.high))


def ratio(parts: Sequence[float], *, wholes: Sequence[float]) -> Range:
    """Return the ratio of two sums over the same units, by resampling the units."""
    return resampled(lambda part, whole, axis=-1: part.sum(axis) / whole.sum(axis), parts, wholes)


def median(values: Sequence[float]) -> Range:
    """Return a median, by resampling the values."""
    return resampled(np.median, values)


def mean(values: Sequence[float]) -> Range:
    """Return a mean, by resampling the values."""
    return resampled(np.mean, values)


def resampled(statistic: Callable[..., Any], *samples: npt.ArrayLike) -> Range:
    """Return a statistic of paired samples with its bootstrap interval.

    A resample for which the statistic is undefined is left out; where it is undefined for the
    sample itself, all three are NaN.

    Args:
        statistic: Of as many arrays, along the axis that it is given as ``axis``.
        samples: One value a unit in each; units are drawn together.

    Source: Efron, B. & Tibshirani, R. (1993). An introduction to the bootstrap, ch. 13
    (percentile interval).
    """
    arrays = tuple(np.asarray(sample, dtype=np.float64) for sample in samples)
    value = float(statistic(*arrays, axis=-1))
    if not np.isfinite(value):
        return Range(np.nan, np.nan, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)  # we leave those out below
        drawn = stats.bootstrap(
            arrays,
            statistic,
            n_resamples=_RESAMPLES,
            paired=True,
            vectorized=True,
            confidence_level=_CONFIDENCE,
            method="percentile",
            rng=np.random.default_rng(_SEED),
        ).bootstrap_distribution
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(drawn[np.isfinite(drawn)], (tail, 1 - tail))
    return Range(value, float(low), float(high))
