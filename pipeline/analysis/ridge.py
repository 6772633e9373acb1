"""Ridge regression in the dual: as many unknowns as turns, instead of one for every piece of words.

How alike two turns are is never written down; it is worked out anew from their traits in each step
of the solution, so that memory grows with the turns and not with their square.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from pipeline.analysis.setting_aside import of_folds

Values = NDArray[np.float64]

_EXACT_ENOUGH = 1e-3
"""A more exact solution takes longer and ranks turns the same."""


def alike(traits: csr_array) -> LinearOperator:
    """Return how alike rows are, their inner products, shape (rows, rows)."""
    return aslinearoperator(traits) @ aslinearoperator(csr_array(traits.T))


def between(mixing: csr_array, likeness: LinearOperator) -> LinearOperator:
    """Return how alike mixtures of rows are."""
    return aslinearoperator(mixing) @ likeness @ aslinearoperator(csr_array(mixing.T))


class Ridge:
    """Least squares with a penalty, by likeness of rows instead of by their traits.

    Args:
        likeness: How alike rows are, shape (rows, rows).
        truth: What is learned of each row, shape (rows, targets).
        penalty: How much the weights are held down.

    Source: Saunders, Gammerman and Vovk 1998, Ridge regression learning in dual variables.
    """

    def __init__(self, likeness: LinearOperator, truth: Values, penalty: float) -> None:
        self._likeness, self._truth, self._penalty = likeness, truth, penalty

    def fitted(self) -> tuple[Values, Values]:
        """Return a weight for each row, shape (rows, targets), and what is usual among them."""
        return self._fitted(np.ones(len(self._truth), np.bool_))

    def set_aside(self, fold_of: NDArray[np.intp]) -> Values:
        """Return for every row what is learned from the other folds' rows."""
        found = np.zeros(self._truth.shape)
        for own, (weights, usual) in of_folds(fold_of, self._fitted):
            found[own] = self._likeness.matmat(weights)[own] + usual
        return found

    def _fitted(self, rows: NDArray[np.bool_]) -> tuple[Values, Values]:
        """Return weights, 0 for the rows that are left out, and what is usual among the others."""
        usual = self._truth[rows].mean(axis=0)
        chosen = csr_array(eye_array(len(rows), format="csr")[rows])
        held_down = aslinearoperator(self._penalty * eye_array(chosen.shape[0]))
        system = between(chosen, self._likeness) + held_down
        weights = np.zeros(self._truth.shape)
        weights[rows] = _solved(system, self._truth[rows] - usual)
        return weights, usual


def _solved(system: LinearOperator, wanted: Values) -> Values:
    """Return what a symmetric positive system maps to the wanted columns.

    Here and not by a library, because none takes several columns at once, which is five times as
    quick where a system is a product of sparse ones.

    Source: Hestenes and Stiefel 1952, Methods of conjugate gradients for solving linear systems.
    """
    found, left = np.zeros_like(wanted), wanted.copy()
    toward, size = left, (left**2).sum(axis=0)
    enough = _EXACT_ENOUGH**2 * size
    for _ in range(len(wanted)):  # in exact numbers it never takes more
        if (size <= enough).all():
            break
        onward = system.matmat(toward)
        step = size / np.maximum((toward * onward).sum(axis=0), np.finfo(float).tiny)
        found += step * toward
        left = left - step * onward
        before, size = size, (left**2).sum(axis=0)
        toward = left + size / np.maximum(before, np.finfo(float).tiny) * toward
    return found
