"""Ridge regression in the dual: as many unknowns as turns, instead of one for every piece of words.

Quick where several things are learned from the same turns, for they share one factorization.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve

Values = NDArray[np.float64]
Numbers = NDArray[np.float32]


class Ridge:
    """Least squares with a penalty, by likeness of rows instead of by their traits.

    Args:
        alike: How alike rows are, their inner products, shape (rows, rows).
        truth: What is learned of each row, shape (rows, targets).
        penalty: How much the weights are held down.

    Source: Saunders, Gammerman and Vovk 1998, Ridge regression learning in dual variables.
    """

    def __init__(self, alike: Numbers, truth: Values, penalty: float) -> None:
        self._alike, self._truth, self._penalty = alike, truth.astype(np.float32), penalty

    def fitted(self, rows: NDArray[np.intp] | slice = slice(None)) -> tuple[Values, Values]:
        """Return a weight for each of some rows and what is usual among them."""
        truth = self._truth[rows]
        usual = truth.mean(axis=0)
        alike = self._alike[rows][:, rows].copy()
        alike[np.diag_indices_from(alike)] += self._penalty
        weights = solve(alike, truth - usual, assume_a="pos", overwrite_a=True)
        return np.asarray(weights, np.float64), usual.astype(np.float64)

    def set_aside(self, fold_of: NDArray[np.intp]) -> Values:
        """Return for every row what is learned from the other folds' rows."""
        found = np.zeros(self._truth.shape)
        for fold in np.unique(fold_of):
            rest, own = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
            weights, usual = self.fitted(rest)
            found[own] = self._alike[np.ix_(own, rest)] @ weights + usual
        return found
