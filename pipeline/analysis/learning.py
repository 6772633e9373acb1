"""Training the learner on labeled dialogues. Here and nowhere else is anything learned."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack
from scipy.special import expit
from threadpoolctl import threadpool_limits

from pipeline.analysis.learner import Learned, Values, ruled_with_traits
from pipeline.analysis.pieces import PIECES, pieces_of
from pipeline.analysis.ridge import Ridge, alike
from pipeline.analysis.setting_aside import folds_of, of_folds
from storage.codebooks.model import Codebook
from storage.dialogues.dialogue import Dialogue, turns_of
from storage.dialogues.guide import Label

_INVERSE_PENALTY, _RIDGE_PENALTY = 3.0, 4.0
_ROUNDS, _EXACT_ENOUGH = 1000, 1e-4
"""A more exact solution takes longer and ranks turns the same."""
_FOLDS = 5
_CASEWORKER = "caseworker"
_DISCLOSURE = list(Label).index(Label.DISCLOSURE)
_LEAST_THRESHOLD = 0.2
"""So that no label is suggested where it is four times as likely wrong as right."""
_RECALL_COUNTS = {Label.OPEN_QUESTION: 2.0}
"""How much more recall counts than precision; 1 for the others."""
_READ_FOR_EACH = {Label.DISCLOSURE: 2.5}
"""How many turns somebody reads for each one that there is: so many are suggested, however
unlikely the last of them are."""
_STEPS = 127
_ANSWER_COUNTS = 0.5
"""How much an answer from an exchange counts, a turn of a dialogue being 1."""
_OF_AN_EXCHANGE = 5.0
"""A trait that answers have and turns have not. It takes up that nearly half of them disclose
something, which would otherwise be put down to their words."""


class _Answers(NamedTuple):
    """The answers in exchanges: their own words, and which of them disclose something."""

    traits: csr_array
    truth: NDArray[np.bool_]


def learn(
    dialogues: Sequence[Dialogue],
    codebooks: Sequence[Codebook],
    *,
    exchanges: Sequence[Dialogue] = (),
) -> Learned:
    """Return what can be learned from labeled dialogues; the same from the same.

    Logistic and ridge regression each see what the other overlooks. Both are linear, and so is
    their mixture: it costs a reader of turns no more than one of them. How much each counts for a
    label is learned on dialogues that were set aside in turn.

    The thresholds are those with the best F1 on dialogues that were set aside in turn, never
    below .2. For open questions recall counts twice as much as precision.
    Of disclosures two and a half times as many turns are suggested as there are, because somebody
    reads them all.

    Args:
        dialogues: At least two.
        codebooks: Whose rules give their opinion as a trait.
        exchanges: Many short ones in a row, of which only disclosures are labeled.
    """
    traits = csr_array(vstack([_traits(each, codebooks) for each in dialogues]))
    truth = np.array(
        [
            [label in line.labels for label in Label]
            for each in dialogues
            for line in each.lines
            if line.speaker
        ]
    )
    answers = _answers(exchanges, width=traits.shape[1])
    fold_of = folds_of(dialogues, most=_FOLDS)
    aside = np.zeros(truth.shape)
    with threadpool_limits(1):  # the same numbers whatever the machine
        for own, (weights, biases) in of_folds(
            fold_of, lambda rest: _fitted(csr_array(traits[rest]), truth[rest], answers)
        ):
            aside[own] = csr_array(traits[own]) @ weights.T + biases
        ridge = Ridge(alike(traits), truth.astype(float), _RIDGE_PENALTY)
        share, aside = _shares(aside, ridge.set_aside(fold_of), truth)
        rows, usual = ridge.fitted()
        weights, biases = _fitted(traits, truth, answers)
    by_ridge = np.asarray(csr_array(traits.T) @ rows, np.float64).T
    weights = share[:, :1] * weights + share[:, 1:2] * by_ridge
    biases = share[:, 0] * biases + share[:, 1] * usual + share[:, 2]
    scales = np.maximum(np.abs(weights).max(axis=1), np.finfo(float).tiny) / _STEPS
    return Learned(
        weights=np.round(weights / scales[:, None]).astype(np.int8),
        scales=scales,
        biases=biases,
        thresholds=np.array(
            [
                _threshold(aside[:, column], truth[:, column], label=label)
                for column, label in enumerate(Label)
            ]
        ),
    )


def _traits(dialogue: Dialogue, codebooks: Sequence[Codebook]) -> csr_array:
    _, traits = ruled_with_traits(turns_of(dialogue), codebooks, language=dialogue.language)
    return traits


def _answers(exchanges: Sequence[Dialogue], *, width: int) -> _Answers:
    """Return what is told in exchanges, shape (answers, width): each answer's own words.

    Where an exchange stands in its file says nothing, and its question is seldom one of a talk.
    """
    pieces = [csr_array((0, PIECES))]
    truth: list[bool] = []
    for each in exchanges:
        told = [line for line in each.lines if line.speaker not in {"", _CASEWORKER}]
        said = [(line.speaker, line.text) for line in told]
        pieces.append(pieces_of(said, language=each.language))
        truth += [Label.DISCLOSURE in line.labels for line in told]
    own = vstack(pieces)
    nothing = csr_array((own.shape[0], width - PIECES))
    return _Answers(csr_array(hstack([own, nothing])), np.array(truth, np.bool_))


def _fitted(
    traits: csr_array, truth: NDArray[np.bool_], answers: _Answers
) -> tuple[Values, Values]:
    """Return weights, shape (labels, traits), and biases. A label never seen is never likely."""
    from sklearn.linear_model import LogisticRegression  # late: only training needs it

    weights = np.zeros((truth.shape[1], traits.shape[1]))
    biases = np.full(truth.shape[1], -np.log(len(truth)))
    for column in range(truth.shape[1]):
        if truth[:, column].any() and not truth[:, column].all():
            # Not liblinear, which ends anywhere where a row's indices are in no order.
            model: Any = LogisticRegression(
                C=_INVERSE_PENALTY, solver="lbfgs", max_iter=_ROUNDS, tol=_EXACT_ENOUGH
            )
            told, known, counts = traits, truth[:, column], None
            if column == _DISCLOSURE:
                told, known, counts = _with_answers(traits, known, answers)
            model.fit(told, known, sample_weight=counts)
            weights[column] = model.coef_[0, : traits.shape[1]]
            biases[column] = model.intercept_[0]
    return weights, biases


def _with_answers(
    traits: csr_array, truth: NDArray[np.bool_], answers: _Answers
) -> tuple[csr_array, NDArray[np.bool_], Values]:
    """Return turns and then answers, with one trait more; their truth; how much each counts."""
    counts = (len(truth), len(answers.truth))
    whether_answer = np.repeat([0.0, _OF_AN_EXCHANGE], counts)[:, None]
    both = hstack([vstack([traits, answers.traits]), csr_array(whether_answer)])
    return (
        csr_array(both),
        np.concatenate([truth, answers.truth]),
        np.repeat([1.0, _ANSWER_COUNTS], counts),
    )


def _shares(logistic: Values, ridge: Values, truth: NDArray[np.bool_]) -> tuple[Values, Values]:
    """Return what each of two opinions counts and a bias, and the chances that come of it.

    Of a label that was never seen, or always, the first opinion is all there is.

    Returns:
        Shapes (labels, 3) and (n, labels).

    Source: Wolpert 1992, Stacked generalization.
    """
    from sklearn.linear_model import LogisticRegression  # late: only training needs it

    shares = np.tile([1.0, 0.0, 0.0], (truth.shape[1], 1))
    odds = logistic.copy()
    for column in range(truth.shape[1]):
        if truth[:, column].any() and not truth[:, column].all():
            opinions = np.stack([logistic[:, column], ridge[:, column]], axis=1)
            model: Any = LogisticRegression().fit(opinions, truth[:, column])
            shares[column] = [*model.coef_[0], model.intercept_[0]]
            odds[:, column] = model.decision_function(opinions)
    return shares, np.asarray(expit(odds))


def _threshold(chances: Values, truth: NDArray[np.bool_], *, label: Label) -> float:
    """Return the probability from which suggesting does best, F-beta being the measure.

    Source: van Rijsbergen 1979, Information Retrieval, chapter 7.
    """
    order = np.argsort(-chances, kind="stable")
    if label in _READ_FOR_EACH and truth.any():
        last_read = min(len(order), round(_READ_FOR_EACH[label] * truth.sum())) - 1
        return float(chances[order[last_read]])
    beta = _RECALL_COUNTS.get(label, 1.0)
    right = np.cumsum(truth[order])
    count = np.arange(1, len(order) + 1)
    score = (1 + beta**2) * right / (beta**2 * max(1, truth.sum()) + count)
    last = int(score.argmax())
    # Halfway to the first that is left out, so that what is clear-cut gets a wide berth.
    best = float(chances[order][last : last + 2].mean())
    return round(max(best, _LEAST_THRESHOLD), 3)
