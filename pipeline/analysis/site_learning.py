"""What a site's own verdicts change: the order of suggestions, as far as few examples justify.

Every judged suggestion is an example. The weights are those most likely after it if they were the
base model's before: logistic regression with a penalty on the distance from the base. So nothing
is forgotten of the base, no examples change nothing, and one example moves little. People judge
only what was suggested, which says little of what was not: so only the order follows from it.

Source: Chelba and Acero 2004, Adaptation of maximum entropy capitalizer.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.special import expit

from pipeline.analysis.learner import Learned, Values
from storage.dialogues.guide import Label

PENALTY = 16.0
"""How firmly the base holds. Chosen on labeled dialogues of other authors than the base's, whose
labels were taken for verdicts: with less, few of them spoil the order."""
_JITTER, _TOLERANCE = 1e-9, 1e-12
_PACKED = np.dtype([("trait", "<u4"), ("value", "<f4")])


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A suggestion that somebody has judged.

    Attributes:
        traits: The turn as the learner sees it, shape (1, traits).
    """

    label: Label
    accepted: bool
    traits: csr_array


def adjusted(base: Learned, examples: Sequence[Example]) -> Learned:
    """Return the base model with what examples add; the same whatever order they come in.

    A dismissed disclosure teaches nothing: what people have dismissed may put no other disclosure
    further down where somebody reads them.
    """
    by_label: defaultdict[Label, list[Example]] = defaultdict(list)
    for each in examples:
        if each.accepted or each.label is not Label.DISCLOSURE:
            by_label[each.label].append(each)
    if not by_label:
        return base
    shifts = np.zeros((len(Label), base.weights.shape[1] + 1))
    for label, some in by_label.items():
        column = list(Label).index(label)
        traits = csr_array(vstack([each.traits for each in some]))
        accepted = np.array([each.accepted for each in some])
        usual = traits @ base.weights[column].astype(float) * base.scales[column]
        worth = _worth(traits, accepted, np.asarray(usual) + base.biases[column])
        shifts[column, :-1], shifts[column, -1] = traits.T @ worth, worth.sum()
    return replace(base, shifts=shifts)


def pack(traits: csr_array) -> bytes:
    """Return one row of traits as bytes."""
    packed = np.empty(traits.nnz, _PACKED)
    packed["trait"], packed["value"] = traits.indices, traits.data
    return packed.tobytes()


def unpack(packed: bytes, *, width: int) -> csr_array:
    """Return the row of traits that was packed, of a width in traits."""
    row = np.frombuffer(packed, _PACKED)
    start_end = np.array([0, len(row)])
    return csr_array((row["value"].astype(float), row["trait"], start_end), shape=(1, width))


def _worth(traits: csr_array, accepted: NDArray[np.bool_], usual: Values) -> Values:
    """Return by how much of each example's traits the weights move.

    With as many unknowns as examples instead of traits: the best weights are sums of examples,
    each by what it still surprises, divided by the penalty. None can count for more than that.
    """
    from scipy.optimize import minimize  # late: only what learns needs it

    alike = np.asarray((traits @ traits.T).todense()) + 1.0  # the bias is a trait that all have
    root = np.linalg.cholesky(alike + _JITTER * np.eye(len(accepted)))
    sides = np.where(accepted, 1.0, -1.0)

    def surprise(place: Values) -> Values:
        return np.asarray(sides * expit(-sides * (usual + root @ place)))

    def regret(place: Values) -> tuple[float, Values]:
        odds = sides * (usual + root @ place)
        loss = np.logaddexp(0, -odds).sum() + PENALTY / 2 * place @ place
        return float(loss), PENALTY * place - root.T @ surprise(place)

    found = minimize(regret, np.zeros(len(sides)), jac=True, method="L-BFGS-B", tol=_TOLERANCE)
    return surprise(np.asarray(found.x)) / PENALTY
