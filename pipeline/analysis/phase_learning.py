"""Training the cutting into phases on labeled dialogues.

Themes and the words of openings are learned by ridge regression in the dual, with as many unknowns
as turns instead of pieces of words; how the few figures count together, by a small network on what
that gives for dialogues set aside.
"""

import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_diag, csr_array, vstack
from scipy.special import log_softmax
from threadpoolctl import threadpool_limits

from pipeline.analysis.phase_model import (
    TELLING,
    USUAL_TURNS,
    LearnedPhases,
    Values,
    figures_of,
    with_around,
)
from pipeline.analysis.phases import evidence_of
from pipeline.analysis.ridge import Ridge, alike, between
from pipeline.analysis.setting_aside import folds_of
from pipeline.analysis.topic_learning import TopicLearning
from storage.dialogues.dialogue import Dialogue, turns_of
from storage.dialogues.guide import THEMES, Theme

_FOLDS = 8
_THEMES_PENALTY, _BORDERS_PENALTY, _LABELS_PENALTY = 4.0, 2.0, 4.0
_BEFORE_COUNTS = 0.3
_SHARPNESS = 5.0
"""Turns the regression's 0 to 1 into probabilities that fit, on dialogues set aside."""
_FEWEST_SEEN = 0.3
_LEAST_SPREAD = 0.25
_TOPICS = range(list(Theme).index(Theme.SCHOOL), len(Theme))
_STEPS = 127
_NETWORKS, _UNITS, _WEIGHT_DECAY = 8, 12, 0.5
_LEAST_FIGURE_SPREAD = 0.3
"""A figure that hardly varies is not blown up."""
_FEWEST_BORDERS = 40
"""With fewer there is nothing left to tell when to stop."""


def learn_phases(dialogues: Sequence[Dialogue]) -> LearnedPhases:
    """Return what can be learned about phases; the same from the same.

    Args:
        dialogues: At least two.
    """
    talks = [turns_of(each) for each in dialogues]
    evidence = [
        evidence_of(turns, language=each.language)
        for turns, each in zip(talks, dialogues, strict=True)
    ]
    counts = [len(turns) for turns in talks]
    fold_of = folds_of(dialogues, most=_FOLDS)
    themes = np.concatenate([_themes_of(each) for each in dialogues])
    borders = np.concatenate(
        [
            np.isin(np.arange(count), [*each.borders])
            for count, each in zip(counts, dialogues, strict=True)
        ]
    )
    labels = np.array(
        [
            [label in each.lines[place].labels for label in TELLING]
            for each in dialogues
            for place in each.spoken
        ]
    )
    pieces = csr_array(vstack([each.pieces for each in evidence]))
    around = csr_array(block_diag([csr_array(with_around(np.eye(count))) for count in counts]))
    before = csr_array(block_diag([csr_array(np.eye(count, k=-1)) for count in counts]))
    with threadpool_limits(1):  # the same numbers whatever the machine
        likeness = alike(pieces)
        theme = Ridge(between(around, likeness), np.eye(len(Theme))[themes], _THEMES_PENALTY)
        both = likeness + _BEFORE_COUNTS * between(before, likeness)
        border = Ridge(both, borders[:, None].astype(float), _BORDERS_PENALTY)
        label = Ridge(likeness, labels.astype(float), _LABELS_PENALTY)
        aside_themes = log_softmax(_SHARPNESS * theme.set_aside(fold_of), axis=1)
        aside_words = border.set_aside(fold_of)[:, 0]
        aside_labels = label.set_aside(fold_of)
        topic = TopicLearning(pieces, dialogues)
        aside_topics = topic.set_aside(fold_of)
        topic_weights = topic.fitted()
        theme_weights, theme_biases = theme.fitted()
        border_weights, border_bias = border.fitted()
        label_weights, label_biases = label.fitted()
        places = np.cumsum([0, *counts])
        figures = np.concatenate(
            [
                figures_of(
                    turns,
                    each.openings,
                    each.stems,
                    each.fields,
                    words=aside_words[start:end] - border_bias[0],
                    labels=aside_labels[start:end] - label_biases,
                    themes=aside_themes[start:end],
                    topics=aside_topics[start:end],
                )
                for turns, each, (start, end) in zip(talks, evidence, pairwise(places), strict=True)
            ]
        )
        hidden, border_units = _network(figures, borders)
    themes_kept, theme_scales = _in_steps(
        _SHARPNESS * _of_pieces(theme_weights, csr_array(around @ pieces))
    )
    borders_kept, border_scales = _in_steps(
        np.vstack(
            [
                _of_pieces(border_weights, pieces),
                _BEFORE_COUNTS * _of_pieces(border_weights, csr_array(before @ pieces)),
            ]
        )
    )
    labels_kept, label_scales = _in_steps(_of_pieces(label_weights, pieces))
    topics_kept, topic_scales = _in_steps(topic_weights.reshape(-1, pieces.shape[1]))
    stretches = [_stretches(_themes_of(each), each.borders) for each in dialogues]
    return LearnedPhases(
        themes=themes_kept,
        theme_scales=theme_scales,
        theme_biases=_SHARPNESS * theme_biases,
        borders=borders_kept,
        border_scales=border_scales,
        labels=labels_kept,
        label_scales=label_scales,
        topics=topics_kept.reshape(topic_weights.shape),
        topic_scales=topic_scales.reshape(topic_weights.shape[:2]),
        hidden=hidden,
        border=border_units,
        moves=_moves(stretches),
        lengths=_lengths(stretches, counts),
    )


def _of_pieces(weights: Values, pieces: csr_array) -> Values:
    """Return the weights of pieces that weights of rows come to, shape (targets, pieces)."""
    return np.asarray(csr_array(pieces.T) @ weights, np.float64).T


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


def _in_steps(weights: Values) -> tuple[NDArray[np.int8], Values]:
    """Return weights as whole numbers, and what one step is worth in each row."""
    scales = np.maximum(np.abs(weights).max(axis=1), np.finfo(float).tiny) / _STEPS
    return np.round(weights / scales[:, None]).astype(np.int8), scales


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
