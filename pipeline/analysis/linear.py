"""Linear learners on many sparse traits, and what they say of rows that were set aside in turn."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Values = NDArray[np.float64]
Fitted = tuple[Values, float]
"""The weights of traits, shape (traits,), and the bias."""

_STEPS = 127
_EXACT_ENOUGH, _ROUNDS = 1e-3, 3000
"""A more exact solution takes longer and ranks turns the same."""


class Opinions(NamedTuple):
    """What was learned of several targets.

    Attributes:
        weights: Shape (targets, traits).
        biases: Shape (targets,).
        aside: What is said of each row by what all rows of the other folds teach, shape (rows,
            targets).
    """

    weights: Values
    biases: Values
    aside: Values


def support_vectors(
    traits: csr_array, truth: NDArray[np.bool_], penalty: float, counts: Values | None = None
) -> Fitted:
    """Return weights that keep those of which a target is true apart from the others.

    Args:
        traits: Shape (rows, traits).
        truth: Shape (rows,); neither all true nor all false.
        penalty: How much an error costs; the less, the more the weights are held down.
        counts: How much each row counts, otherwise 1.

    Source: Fan et al. 2008, LIBLINEAR: a library for large linear classification.
    """
    from sklearn.svm import LinearSVC  # late: only training needs it

    model: Any = LinearSVC(C=penalty, tol=_EXACT_ENOUGH, max_iter=_ROUNDS)
    return _fitted(model, traits, truth, counts)


def logistic(
    traits: csr_array, truth: NDArray[np.bool_], penalty: float, counts: Values | None = None
) -> Fitted:
    """Return weights that come to the log-odds of a target; arguments as ``support_vectors``."""
    from sklearn.linear_model import LogisticRegression  # late: only training needs it

    model: Any = LogisticRegression(
        C=penalty, solver="liblinear", dual=True, tol=_EXACT_ENOUGH, max_iter=_ROUNDS
    )
    return _fitted(model, traits, truth, counts)


def _fitted(
    model: Any,  # noqa: ANN401 - scikit-learn has no types
    traits: csr_array,
    truth: NDArray[np.bool_],
    counts: Values | None,
) -> Fitted:
    # liblinear ends anywhere where a row's indices are in no order, and knows small ones only.
    small = (traits.data, traits.indices.astype(np.int32), traits.indptr.astype(np.int32))
    told = csr_array(small, shape=traits.shape)
    told.sort_indices()
    model.random_state = 0
    model.fit(told, truth, sample_weight=counts)
    return np.asarray(model.coef_[0], np.float64), float(model.intercept_[0])


def learned_in_turn(
    traits: csr_array,
    fold_of: NDArray[np.intp],
    learn: Callable[[int, NDArray[np.bool_]], Fitted],
    *,
    targets: int,
) -> Opinions:
    """Learn each target of all rows, and fold by fold of the rows of all other folds.

    One after the other: the solvers of a process draw from the same random numbers, which would
    come in another order each time.

    Args:
        traits: Shape (rows, traits).
        fold_of: The fold of each row.
        learn: Is told which target to learn of which rows.
        targets: How many there are.
    """
    everything = np.ones(traits.shape[0], np.bool_)
    folds = [fold_of == fold for fold in np.unique(fold_of)]
    weights = np.zeros((targets, traits.shape[1]))
    biases = np.zeros(targets)
    aside = np.zeros((traits.shape[0], targets))
    for target in range(targets):
        weights[target], biases[target] = learn(target, everything)
        for own in folds:
            by_others, bias = learn(target, ~own)
            aside[own, target] = csr_array(traits[own]) @ by_others + bias
    return Opinions(weights, biases, aside)


def in_steps(weights: Values) -> tuple[NDArray[np.int8], Values]:
    """Return rows of weights as whole numbers -127 to 127, and what a step is worth in each."""
    scales = np.maximum(np.abs(weights).max(axis=-1), np.finfo(float).tiny) / _STEPS
    return np.round(weights / scales[..., None]).astype(np.int8), scales
