import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array, random_array

from pipeline.analysis.linear import Fitted, in_steps, learned_in_turn, logistic, support_vectors

CHANCE = np.random.default_rng(3)
TRAITS = csr_array(random_array((300, 80), density=0.2, rng=CHANCE))
TRUTH = TRAITS @ CHANCE.normal(size=(80, 2)) > 0


@pytest.mark.parametrize("learner", [logistic, support_vectors])
def test_what_is_learned_tells_rows_apart(learner: type(support_vectors)) -> None:
    weights, bias = learner(TRAITS, TRUTH[:, 0], 10.0)
    assert ((TRAITS @ weights + bias > 0) == TRUTH[:, 0]).mean() > 0.9


@pytest.mark.parametrize("learner", [logistic, support_vectors])
def test_the_order_in_which_a_row_is_written_changes_nothing(
    learner: type(support_vectors),
) -> None:
    backward = TRAITS.copy()
    for start, end in zip(backward.indptr, backward.indptr[1:], strict=False):
        backward.indices[start:end] = backward.indices[start:end][::-1].copy()
        backward.data[start:end] = backward.data[start:end][::-1].copy()
    backward.has_sorted_indices = False

    weights, _ = learner(TRAITS, TRUTH[:, 0], 1.0)
    again, _ = learner(backward, TRUTH[:, 0], 1.0)
    assert again == pytest.approx(weights)


def test_a_row_that_counts_for_nothing_teaches_nothing() -> None:
    counts = np.where(np.arange(300) < 150, 1.0, 0.0)
    weights, _ = support_vectors(TRAITS, TRUTH[:, 0], 1.0, counts)
    half, _ = support_vectors(csr_array(TRAITS[:150]), TRUTH[:150, 0], 1.0)
    assert weights == pytest.approx(half, abs=0.01)


def test_what_is_set_aside_is_told_by_the_others_alone() -> None:
    fold_of = np.arange(300) % 3

    def learn(target: int, rows: NDArray[np.bool_]) -> Fitted:
        return support_vectors(csr_array(TRAITS[rows]), TRUTH[rows, target], 1.0)

    found = learned_in_turn(TRAITS, fold_of, learn, targets=2)
    weights, bias = learn(1, fold_of != 0)
    assert found.aside[fold_of == 0, 1] == pytest.approx(TRAITS[fold_of == 0] @ weights + bias)
    assert found.weights[0] == pytest.approx(learn(0, fold_of >= 0)[0])


def test_steps_are_as_small_as_they_can_be() -> None:
    weights = np.array([[0.5, -1.0, 0.0], [0.0, 0.0, 0.0]])
    steps, scales = in_steps(weights)
    assert steps.tolist() == [[64, -127, 0], [0, 0, 0]]
    assert steps * scales[:, None] == pytest.approx(weights, abs=0.005)
