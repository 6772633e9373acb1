import numpy as np
import pytest
from scipy.sparse import csr_array, random_array

from pipeline.analysis.ridge import Ridge, alike, between

PENALTY = 2.0
CHANCE = np.random.default_rng(3)
TRAITS = csr_array(random_array((60, 200), density=0.2, rng=CHANCE))
TRUTH = (TRAITS @ CHANCE.normal(size=(200, 3)) > 0).astype(float)


def closed_form(traits: csr_array, truth: np.ndarray) -> np.ndarray:
    """Return the weights of traits, shape (traits, targets), by solving for them directly."""
    dense = traits.toarray()
    held_down = dense @ dense.T + PENALTY * np.eye(len(dense))
    return np.asarray(dense.T @ np.linalg.solve(held_down, truth - truth.mean(axis=0)))


def test_weights_are_those_of_the_closed_form() -> None:
    rows, usual = Ridge(alike(TRAITS), TRUTH, PENALTY).fitted()
    assert usual == pytest.approx(TRUTH.mean(axis=0))
    assert TRAITS.T @ rows == pytest.approx(closed_form(TRAITS, TRUTH), abs=2e-3)


def test_what_is_set_aside_is_told_by_the_others_alone() -> None:
    fold_of = np.arange(60) % 3
    aside = Ridge(alike(TRAITS), TRUTH, PENALTY).set_aside(fold_of)
    rest, own = fold_of != 1, fold_of == 1
    weights = closed_form(csr_array(TRAITS[rest]), TRUTH[rest])
    expected = TRAITS[own] @ weights + TRUTH[rest].mean(axis=0)
    assert aside[own] == pytest.approx(expected, abs=5e-3)


def test_mixtures_of_rows_are_as_alike_as_their_traits() -> None:
    mixing = csr_array(np.eye(60, k=-1) + 2 * np.eye(60))
    mixed = mixing @ TRAITS
    likeness = between(mixing, alike(TRAITS)).matmat(np.eye(60))
    assert likeness == pytest.approx((mixed @ mixed.T).toarray())


def test_what_was_never_seen_has_no_weight() -> None:
    rows, usual = Ridge(alike(TRAITS), np.zeros((60, 2)), PENALTY).fitted()
    assert not rows.any()
    assert not usual.any()
