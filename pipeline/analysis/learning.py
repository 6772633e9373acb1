"""Training the learner on labeled dialogues. Here and nowhere else is anything learned."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack
from scipy.special import expit
from threadpoolctl import threadpool_limits

from pipeline.analysis.evidence import evidence_of
from pipeline.analysis.learner import Learned, Values
from pipeline.analysis.linear import (
    Fitted,
    in_steps,
    learned_in_turn,
    logistic,
    support_vectors,
)
from pipeline.analysis.phase_learning import learn_phases
from pipeline.analysis.phase_model import LearnedPhases
from pipeline.analysis.pieces import PIECES, pieces_of
from pipeline.analysis.setting_aside import folds_of
from storage.codebooks.model import Codebook
from storage.dialogues.dialogue import Dialogue, turns_of
from storage.dialogues.guide import Label

_LEARNERS = ((logistic, 1.0), (support_vectors, 0.1))
"""How what tells a label is learned, and how much an error costs."""
_OPINIONS_PENALTY = 10.0
"""Two opinions need hardly be held down."""
_FOLDS = 5
_CASEWORKER = "caseworker"
_DISCLOSURE = list(Label).index(Label.DISCLOSURE)
_LEAST_THRESHOLD = 0.2
"""So that no label is suggested where it is four times as likely wrong as right."""
_RECALL_COUNTS = {Label.OPEN_QUESTION: 2.0}
"""How much more recall counts than precision; 1 for the others."""
_READ_FOR_EACH = {Label.DISCLOSURE: 4.0}
"""How many turns somebody reads for each one that there is: so many are suggested, however
unlikely the last of them are."""
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
) -> tuple[Learned, LearnedPhases]:
    """Return what labeled dialogues teach about keywords and about phases; the same from the same.

    Logistic regression and support vectors each see what the other overlooks. Both are linear, and
    so is their mixture: it costs a reader of turns no more than one of them. How much each counts
    for a label is learned on dialogues that were set aside in turn. What the mixture says of those
    is what phases are learned from.

    The thresholds are those with the best F1 on dialogues that were set aside in turn, never
    below .2. For open questions recall counts twice as much as precision.
    Of disclosures four times as many turns are suggested as there are, because somebody reads them
    all, and to miss one is worse than to read three that are harmless.

    Args:
        dialogues: At least two.
        codebooks: Whose rules give their opinion as a trait.
        exchanges: Many short ones in a row, of which only disclosures are labeled.
    """
    evidence = [
        evidence_of(turns_of(each), codebooks, language=each.language) for each in dialogues
    ]
    traits = csr_array(vstack([each.traits for each in evidence]))
    truth = np.array(
        [
            [label in line.labels for label in Label]
            for each in dialogues
            for line in each.lines
            if line.speaker
        ]
    )
    fold_of = folds_of(dialogues, most=_FOLDS)
    with threadpool_limits(1):  # the same numbers whatever the machine
        keywords, odds = _keywords(
            traits, truth, fold_of, _answers(exchanges, width=traits.shape[1])
        )
        phases = learn_phases(dialogues, evidence, odds, fold_of)
    return keywords, phases


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


def _keywords(
    traits: csr_array, truth: NDArray[np.bool_], fold_of: NDArray[np.intp], answers: _Answers
) -> tuple[Learned, Values]:
    """Return what was learned, and the log-odds of each label in turns that were set aside."""

    def fitted(number: int, rows: NDArray[np.bool_]) -> Fitted:
        column, which = divmod(number, len(_LEARNERS))
        known = truth[rows, column]
        if known.all() or not known.any():  # a label never seen is never likely
            return np.zeros(traits.shape[1]), -float(np.log(len(known)))
        told, counts = csr_array(traits[rows]), None
        if column == _DISCLOSURE:
            told, known, counts = _with_answers(told, known, answers)
        learner, penalty = _LEARNERS[which]
        weights, bias = learner(told, known, penalty, counts)
        return weights[: traits.shape[1]], bias

    labels = truth.shape[1]
    each = learned_in_turn(traits, fold_of, fitted, targets=labels * len(_LEARNERS))
    aside = each.aside.reshape(len(truth), labels, len(_LEARNERS))
    shares, odds = _shares(aside, truth)
    mixed = each.weights.reshape(labels, len(_LEARNERS), -1)
    weights, scales = in_steps(np.einsum("lk,lkt->lt", shares[:, :-1], mixed))
    biases = (shares[:, :-1] * each.biases.reshape(labels, -1)).sum(axis=1) + shares[:, -1]
    chances = expit(odds)
    thresholds = [
        _threshold(chances[:, column], truth[:, column], label=label)
        for column, label in enumerate(Label)
    ]
    return Learned(weights, scales, biases, np.array(thresholds)), odds


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


def _shares(aside: Values, truth: NDArray[np.bool_]) -> tuple[Values, Values]:
    """Return what each opinion counts and, last, a bias, and the log-odds that come of it.

    Of a label that was never seen, or always, the first opinion is all there is.

    Args:
        aside: What each learner says, shape (n, labels, learners).
        truth: Shape (n, labels).

    Returns:
        Shapes (labels, learners + 1) and (n, labels).

    Source: Wolpert 1992, Stacked generalization.
    """
    from sklearn.linear_model import LogisticRegression  # late: only training needs it

    _, labels, learners = aside.shape
    shares = np.zeros((labels, learners + 1))
    shares[:, 0] = 1.0
    odds = aside[:, :, 0].copy()
    for column in range(labels):
        if truth[:, column].any() and not truth[:, column].all():
            opinions = aside[:, column]
            model: Any = LogisticRegression(C=_OPINIONS_PENALTY).fit(opinions, truth[:, column])
            shares[column] = [*model.coef_[0], model.intercept_[0]]
            odds[:, column] = model.decision_function(opinions)
    return shares, odds


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
