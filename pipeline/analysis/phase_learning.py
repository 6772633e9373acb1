"""Training the cutting into phases on labeled dialogues.

Themes and borders are learned as labels are; how the few figures count together, by a small network
on what that gives for dialogues set aside.
"""

import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from pipeline.analysis.evidence import Evidence
from pipeline.analysis.linear import Opinions, in_steps, learned_in_turn, support_vectors
from pipeline.analysis.phase_model import (
    TELLING,
    USUAL_TURNS,
    LearnedPhases,
    Values,
    figures_of,
    themes_from,
)
from pipeline.analysis.phases import signs_of
from pipeline.analysis.pieces import PIECES
from pipeline.analysis.topic_learning import TopicLearning
from storage.dialogues.dialogue import Dialogue
from storage.dialogues.guide import THEMES, Theme

_THEMES_PENALTY, _BORDERS_PENALTY = 0.05, 0.1
_FEWEST_SEEN = 0.3
_LEAST_SPREAD = 0.25
_TOPICS = range(list(Theme).index(Theme.SCHOOL), len(Theme))
_NETWORKS, _UNITS, _WEIGHT_DECAY = 16, 12, 0.5
_LEAST_FIGURE_SPREAD = 0.3
"""A figure that hardly varies is not blown up."""
_FEWEST_BORDERS = 40
"""With fewer there is nothing left to tell when to stop."""


def learn_phases(
    dialogues: Sequence[Dialogue],
    evidence: Sequence[Evidence],
    odds: Values,
    fold_of: NDArray[np.intp],
) -> LearnedPhases:
    """Return what can be learned about phases; the same from the same.

    Args:
        dialogues: At least two.
        evidence: What each of them offers.
        odds: The log-odds of each label by what the dialogues of other folds teach, shape
            (turns, labels).
        fold_of: The fold of each turn.
    """
    counts = [len(each.turns) for each in evidence]
    themes = np.concatenate([_themes_of(each) for each in dialogues])
    borders = np.concatenate(
        [
            np.isin(np.arange(count), [*each.borders])
            for count, each in zip(counts, dialogues, strict=True)
        ]
    )
    traits = csr_array(vstack([each.traits for each in evidence]))
    pieces = csr_array(traits[:, :PIECES])
    theme = _apart(pieces, np.eye(len(Theme), dtype=np.bool_)[themes], fold_of, _THEMES_PENALTY)
    border = _apart(traits, borders[:, None], fold_of, _BORDERS_PENALTY)
    topic = TopicLearning(pieces, dialogues)
    topics = topic.set_aside(fold_of)
    places = np.cumsum([0, *counts])
    figures = np.concatenate(
        [
            figures_of(
                each.turns,
                signs_of(each),
                words=border.aside[start:end, 0],
                labels=odds[start:end, TELLING],
                themes=themes_from(theme.aside[start:end]),
                topics=topics[start:end],
            )
            for each, (start, end) in zip(evidence, pairwise(places), strict=True)
        ]
    )
    hidden, border_units = _network(figures, borders)
    themes_kept, theme_scales = in_steps(theme.weights)
    borders_kept, border_scales = in_steps(border.weights)
    topics_kept, topic_scales = in_steps(topic.fitted())
    stretches = [_stretches(_themes_of(each), each.borders) for each in dialogues]
    return LearnedPhases(
        themes=themes_kept,
        theme_scales=theme_scales,
        theme_biases=theme.biases,
        borders=borders_kept[0],
        border_scale=border_scales,
        border_bias=border.biases,
        topics=topics_kept,
        topic_scales=topic_scales,
        hidden=hidden,
        border=border_units,
        moves=_moves(stretches),
        lengths=_lengths(stretches, counts),
    )


def _apart(
    traits: csr_array, truth: NDArray[np.bool_], fold_of: NDArray[np.intp], penalty: float
) -> Opinions:
    """Return what keeps rows apart of which targets are true, shape (rows, targets)."""

    def fitted(column: int, rows: NDArray[np.bool_]) -> tuple[Values, float]:
        known = truth[rows, column]
        if known.all() or not known.any():
            return np.zeros(traits.shape[1]), 1.0 if known.all() else -1.0
        return support_vectors(csr_array(traits[rows]), known, penalty)

    return learned_in_turn(traits, fold_of, fitted, targets=truth.shape[1])


def _themes_of(dialogue: Dialogue) -> NDArray[np.intp]:
    order = list(Theme)
    phases = (dialogue.lines[place].phase for place in dialogue.spoken)
    return np.array([order.index(THEMES.get(phase, Theme.OTHER)) for phase in phases])


def _network(figures: Values, truth: NDArray[np.bool_]) -> tuple[Values, Values]:
    """Return the units that tell borders, as ``LearnedPhases`` keeps them.

    The mean of several networks that began at other places, each stopped where a tenth of the turns
    is told worse again. Units can say that one figure counts only beside another, which weights of
    the figures alone cannot (``decisions/0010``).
    """
    from sklearn.exceptions import ConvergenceWarning  # late: only training needs them
    from sklearn.neural_network import MLPClassifier

    if not truth.any():
        return np.zeros((1, figures.shape[1] + 1)), np.zeros(2)
    middle, spread = figures.mean(axis=0), np.maximum(figures.std(axis=0), _LEAST_FIGURE_SPREAD)
    hidden: list[Values] = []
    border: list[Values] = []
    bias = 0.0
    for seed in range(_NETWORKS):
        model: Any = MLPClassifier(
            (_UNITS,),
            activation="tanh",
            alpha=_WEIGHT_DECAY,
            batch_size=min(512, len(figures)),
            learning_rate_init=0.003,
            early_stopping=bool(truth.sum() >= _FEWEST_BORDERS),
            n_iter_no_change=8,
            random_state=seed,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopped early is as good
            model.fit((figures - middle) / spread, truth)
        weights = model.coefs_[0].T / spread
        hidden.append(np.column_stack([weights, model.intercepts_[0] - weights @ middle]))
        border.append(model.coefs_[1][:, 0] / _NETWORKS)
        bias += float(model.intercepts_[1][0]) / _NETWORKS
    return np.vstack(hidden), np.append(np.concatenate(border), bias)


def _stretches(themes: NDArray[np.intp], borders: frozenset[int]) -> list[tuple[int, int]]:
    """Return theme and length in turns of every phase."""
    bounds = [0, *sorted(borders), len(themes)]
    return [(int(themes[start]), end - start) for start, end in pairwise(bounds)]


def _moves(dialogues: Sequence[Sequence[tuple[int, int]]]) -> Values:
    """Return the log-probability of a theme after a theme; what was never seen is unlikely."""
    ends = len(Theme)
    seen = np.full((ends + 1, ends + 1), _FEWEST_SEEN)
    for stretches in dialogues:
        for before, after in pairwise([ends, *(theme for theme, _ in stretches), ends]):
            seen[before, after] += 1
    return np.asarray(np.log(seen / seen.sum(axis=1, keepdims=True)))


def _lengths(dialogues: Sequence[Sequence[tuple[int, int]]], counts: Sequence[int]) -> Values:
    """Return mean and spread of the logarithm of each theme's length; topics share theirs."""
    known: list[list[float]] = [[] for _ in Theme]
    for stretches, count in zip(dialogues, counts, strict=True):
        usual = np.log(count / USUAL_TURNS) / 2
        for theme, length in stretches:
            known[theme].append(float(np.log(length) - usual))
    topics = [length for theme in _TOPICS for length in known[theme]]
    every = [length for theme in known for length in theme]
    chosen = [
        (topics if theme in _TOPICS else lengths) or every for theme, lengths in enumerate(known)
    ]
    return np.array([(np.mean(each), max(_LEAST_SPREAD, np.std(each))) for each in chosen])
