"""Gaussian mixtures and the smoothing of what they say. Not here: which features go in.

scikit-learn's mixture is used as it is: k-means starts, restarts and covariance floors are
exactly what an own EM gets wrong on short recordings.
"""

import warnings
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

if TYPE_CHECKING:
    from sklearn.mixture import GaussianMixture

Floats = NDArray[np.floating]
MINOR_SHARE = 0.1
FLOOR_NATS = -12.0


def fitted_mixture(
    values: Floats,
    *,
    components: int,
    seed: int,
    shape: Literal["tied", "diag", "full"] = "tied",
    restarts: int = 5,
) -> "GaussianMixture":
    """Return a Gaussian mixture of the rows; the same seed gives the same mixture."""
    # Imported late, as scipy.signal elsewhere: each costs over a second, and the command, the
    # worker and most stages need neither.
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    mixture = GaussianMixture(
        components,
        covariance_type=shape,
        n_init=restarts,
        random_state=seed,
        init_params="kmeans",
        reg_covar=1e-3,
        max_iter=60,
    )
    with warnings.catch_warnings():
        # A mixture that still moves after 60 rounds is as good as one at rest for this use.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return mixture.fit(values)


def log_likelihoods(mixture: "GaussianMixture", values: Floats) -> Floats:
    """Return each row's log likelihood under each tied component, best 0, shape (n, k).

    Component weights are left out: who talks more is no evidence for a single moment.
    """
    precision = mixture.precisions_cholesky_
    centered = values[:, None, :] - mixture.means_
    distance = ((centered @ precision) ** 2).sum(2)
    best: Floats = np.clip(-0.5 * (distance - distance.min(1, keepdims=True)), FLOOR_NATS, 0)
    return best


def ashman_d(values: Floats, *, floor: float, seed: int) -> float:
    """Return how separable one cue is: Ashman's D of its two-component mixture.

    Over 2 means two clean humps. ``floor`` is the cue's own resolution and is added to both
    variances, and a hump of under a tenth of the frames counts as noise (D = 0): without
    these, a cue that is nearly constant looks perfectly separable.

    Source: Ashman, Bird & Zepf 1994, Astronomical Journal 108, 2348.
    """
    mixture = fitted_mixture(values.reshape(-1, 1), components=2, seed=seed, shape="full")
    if mixture.weights_.min() < MINOR_SHARE:
        return 0.0
    spread = float(mixture.covariances_.sum()) + 2 * floor**2
    return float(abs(np.diff(mixture.means_.ravel())[0]) * np.sqrt(2 / spread))


def smoothed_posteriors(likelihoods: Floats, *, switch_nats: float) -> NDArray[np.float64]:
    """Return posteriors of a Markov chain that costs ``switch_nats`` to change voice, (n, k).

    Forward-backward on the likelihoods; its most likely states follow the Viterbi path and it
    gives the probabilities that word assignment needs.
    """
    frames, voices = likelihoods.shape
    change = np.exp(-switch_nats)
    weights = softmax(likelihoods, axis=1).astype(np.float64) + 1e-12
    forward, backward = np.empty((frames, voices)), np.ones((frames, voices))
    belief = np.full(voices, 1 / voices)
    for at in range(frames):
        belief = (belief + change * belief.sum()) * weights[at]
        belief /= belief.sum()
        forward[at] = belief
    belief = np.ones(voices)
    for at in range(frames - 2, -1, -1):
        ahead = belief * weights[at + 1]
        belief = ahead + change * ahead.sum()
        belief /= belief.sum()
        backward[at] = belief
    joint = forward * backward
    return np.asarray(joint / joint.sum(1, keepdims=True))


def best_path(scores: Floats, *, switch_costs: Floats) -> NDArray[np.intp]:
    """Return the most likely states, shape (n,); ``switch_costs[i]`` is paid to change before i.

    Viterbi with one cost for every change of state, so a step compares with the best rival only.
    """
    steps, states = scores.shape
    came_from = np.empty((steps, states), np.intp)
    stay = np.arange(states)
    value = scores[0].astype(np.float64)
    for at in range(1, steps):
        rival = int(value.argmax())
        change = value[rival] - switch_costs[at]
        kept = value >= change
        came_from[at] = np.where(kept, stay, rival)
        value = np.where(kept, value, change) + scores[at]
    path = np.empty(steps, np.intp)
    path[-1] = int(value.argmax())
    for at in range(steps - 1, 0, -1):
        path[at - 1] = came_from[at, path[at]]
    return path
