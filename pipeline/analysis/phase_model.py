"""What was learned about phases, and what it says of each turn. No learning, no cutting.

A border is likely where the words of a turn open something, where little of what was said before
goes on, and where themes change. Phases follow each other in a usual order and have usual lengths.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import log_softmax
from threadpoolctl import threadpool_limits

from pipeline.analysis.phase_openings import Opening
from storage.codebooks.model import LANGUAGES
from storage.dialogues.guide import Label
from storage.records import Turn

Values = NDArray[np.float64]

TELLING = tuple(
    list(Label).index(label)
    for label in (
        Label.OPENING,
        Label.CLOSING,
        Label.SUMMARY,
        Label.RIGHTS_INFORMATION,
        Label.INVOLVEMENT,
        Label.OPEN_QUESTION,
        Label.DISCLOSURE,
        Label.CHECK_OF_UNDERSTANDING,
    )
)
"""Places of the labels of a turn that tell whether a phase begins with it or with the next."""
USUAL_TURNS = 128
"""Length of the dialogues that were learned from. Talk of four times that has phases of twice
the length, so that a long meeting is not cut into crumbs."""
_THEME_REACH = 3
_SHARPNESS = 4.0
"""Turns what keeps themes apart into probabilities that fit, on dialogues set aside."""
_SHARED_REACH, _CHANGE_REACH = 8, 6
_FIELDS_REACH = (4, 8)
TOPIC_DIRECTIONS = 20
"""In how many directions turns may differ that keep phases apart."""
_TOPICS_REACH = (3, 6, 10)
_CASEWORKER = "caseworker"
_LONG_PAUSE_MS = 2_000


class Signs(NamedTuple):
    """What the rules say of turns, and which words occur in them.

    Attributes:
        openings: What speaks for a phase beginning with each turn.
        stems: Which content stems occur in each turn, shape (turns, stems), ones.
        fields: Which word fields occur in each turn, shape (turns, fields), ones.
    """

    openings: Sequence[Opening]
    stems: csr_array
    fields: csr_array


@dataclass(frozen=True, slots=True, eq=False)
class LearnedPhases:
    """What was learned.

    Attributes:
        themes: Weights of pieces of words, whole numbers from -127 to 127, shape (themes,
            pieces), in the order of Theme.
        theme_scales: What one step of a theme's weights is worth, shape (themes,).
        theme_biases: What speaks for a theme without words, shape (themes,).
        borders: Weights of traits for a turn that opens a phase, shape (traits,).
        border_scale: What one step of them is worth, shape (1,).
        border_bias: What speaks for a border without traits, shape (1,).
        topics: Weights of pieces for what a turn is about, shape (languages, directions,
            pieces), in the order of LANGUAGES.
        topic_scales: What one step of them is worth, shape (languages, directions).
        hidden: What each unit of a small network makes of the figures that ``figures_of`` gives,
            and last its bias, shape (units, figures + 1).
        border: What each unit says for a border, and last the bias, shape (units + 1,).
        moves: Log-probability of a theme after a theme, shape (themes + 1, themes + 1); the
            last row is for the first theme, the last column for the end.
        lengths: Mean and spread of the logarithm of a theme's length in turns, (themes, 2).
    """

    themes: NDArray[np.int8]
    theme_scales: Values
    theme_biases: Values
    borders: NDArray[np.int8]
    border_scale: Values
    border_bias: Values
    topics: NDArray[np.int8]
    topic_scales: Values
    hidden: Values
    border: Values
    moves: Values
    lengths: Values

    def themes_of(self, pieces: csr_array) -> Values:
        """Return the log-probability of each theme at each turn, shape (turns, themes)."""
        scores = pieces @ self.themes.T.astype(np.float64) * self.theme_scales
        return themes_from(np.asarray(scores + self.theme_biases))

    def opening_words(self, traits: csr_array) -> Values:
        """Return how much the words of each turn and those around speak for a border."""
        worth = traits @ self.borders.astype(np.float64)
        return np.asarray(worth * self.border_scale + self.border_bias)

    def topics_of(self, pieces: csr_array, *, language: str) -> Values:
        """Return what each turn of a conversation is about, shape (turns, directions)."""
        own = LANGUAGES.index(language)
        return topics_in(pieces, self.topics[own] * self.topic_scales[own][:, None])

    def odds(self, figures: Values) -> Values:
        """Return the log-odds that each turn opens a phase."""
        with threadpool_limits(1):  # so small a product is done before a second thread has begun
            units = np.tanh(figures @ self.hidden[:, :-1].T + self.hidden[:, -1])
        return np.asarray(units @ self.border[:-1] + self.border[-1])


def themes_from(scores: Values) -> Values:
    """Return the log-probability of each theme, told by the turns within three of each turn."""
    around = _means(scores, before=_THEME_REACH, after=_THEME_REACH + 1)
    return np.asarray(log_softmax(_SHARPNESS * around, axis=1))


def topics_in(pieces: csr_array, weights: Values) -> Values:
    """Return how each turn lies to the middle of its conversation, shape (turns, directions)."""
    places = pieces @ weights.T
    return np.asarray(places - places.mean(axis=0))


def figures_of(
    turns: Sequence[Turn],
    signs: Signs,
    *,
    words: Values,
    labels: Values,
    themes: Values,
    topics: Values,
) -> Values:
    """Return what tells whether a turn opens a phase, one row for each, all of them about 0..3.

    Each row holds the turn's own figures, those of the turn before and those of the turn after.

    Args:
        turns: The conversation in order of time.
        signs: What the rules say, and which words occur.
        words: What ``opening_words`` gives.
        labels: Log-odds of the labels in ``TELLING``, shape (turns, labels).
        themes: What ``themes_of`` gives.
        topics: What ``topics_of`` gives.
    """
    pairs = list(pairwise(turns))
    pauses = [after.start_ms - before.end_ms > _LONG_PAUSE_MS for before, after in pairs]
    lengths = np.log1p([len(turn.words) for turn in turns]) / 3
    likely = np.exp(themes)
    change = _means(likely, before=0, after=_CHANGE_REACH) - _means(
        likely, before=_CHANGE_REACH, after=0
    )
    columns = (
        words,
        np.array([turn.speaker == _CASEWORKER for turn in turns]),
        np.array([False, *(before.speaker == after.speaker for before, after in pairs)]),
        np.array([False, *pauses]),
        np.array(["?" in turn.text for turn in turns]),
        lengths,
        np.concatenate([[0.0], lengths[:-1]]),
        np.array([opening.worth for opening in signs.openings]) / 3,
        3 * _goes_on(signs.stems, reach=_SHARED_REACH),
        np.abs(change).sum(axis=1) / 2,
        *(3 * _alike(_by_rarity(signs.fields), reach=reach) for reach in _FIELDS_REACH),
        *(3 * _alike(topics, reach=reach) for reach in _TOPICS_REACH),
        *(labels.T / 2),
        *(np.vstack([np.zeros_like(labels[:1]), labels[:-1]]).T / 2),
    )
    own = np.stack(columns, axis=1).astype(np.float64)
    nothing = np.zeros_like(own[:1])
    return np.hstack([own, np.vstack([nothing, own[:-1]]), np.vstack([own[1:], nothing])])


def _means(values: Values, *, before: int, after: int) -> Values:
    """Return the mean of the rows from ``before`` turns ago until ``after`` turns on; 0 of none."""
    sums = np.vstack([np.zeros(values.shape[1]), np.cumsum(values, axis=0)])
    places = np.arange(len(values))
    first, end = np.maximum(places - before, 0), np.minimum(places + after, len(values))
    return np.asarray((sums[end] - sums[first]) / np.maximum(end - first, 1)[:, None])


def _goes_on(stems: csr_array, *, reach: int) -> Values:
    """Return how much of the content of the turns before goes on in a turn and those after.

    Weighted by rarity, as a share of the poorer side.
    """
    count = stems.shape[0]
    rarity = np.log(1 + count / np.maximum(stems.sum(axis=0), 1))
    earlier, later = (_within(count, *span) @ stems for span in ((-reach, 0), (0, reach)))
    earlier.data[:] = later.data[:] = 1
    shared = earlier.multiply(later) @ rarity
    return np.asarray(shared / np.maximum(np.minimum(earlier @ rarity, later @ rarity), 1))


def _by_rarity(fields: csr_array) -> Values:
    """Return fields that count the more the rarer they are in this conversation."""
    rarity = np.log((1 + fields.shape[0]) / (1 + fields.sum(axis=0)))
    return np.asarray(fields.multiply(rarity).toarray(), np.float64)


def _alike(values: Values, *, reach: int) -> Values:
    """Return how alike the turns before are to a turn and those after: the cosine, -1..1.

    Source: Hearst 1997, TextTiling, with word fields or topics in place of words.
    """
    earlier = _means(values, before=reach, after=0)
    later = _means(values, before=0, after=reach)
    lengths = np.linalg.norm(earlier, axis=1) * np.linalg.norm(later, axis=1)
    return np.asarray((earlier * later).sum(axis=1) / np.maximum(lengths, np.finfo(float).tiny))


def _within(count: int, first: int, end: int) -> csr_array:
    """Return ones for the turns at a distance within ``[first, end)`` of each turn."""
    rows = np.repeat(np.arange(count), end - first)
    columns = rows + np.tile(np.arange(first, end), count)
    inside = (columns >= 0) & (columns < count)
    ones = np.ones(int(inside.sum()))
    return csr_array((ones, (rows[inside], columns[inside])), shape=(count, count))
