"""What was learned about phases, and cutting a conversation by it. Not here: learning, reasons.

A border is likely where the words of a turn open something, where little of what was said before
goes on, and where themes change. Phases follow each other in a usual order and have usual
lengths. The cut that all of this together makes most likely is found exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import log_softmax
from threadpoolctl import threadpool_limits

from pipeline.analysis.phase_openings import Opening
from storage.codebooks.model import LANGUAGES
from storage.dialogues.guide import Label, Theme
from storage.records import Turn

Values = NDArray[np.float64]

TELLING = (
    Label.OPENING,
    Label.CLOSING,
    Label.SUMMARY,
    Label.RIGHTS_INFORMATION,
    Label.INVOLVEMENT,
    Label.OPEN_QUESTION,
    Label.DISCLOSURE,
    Label.CHECK_OF_UNDERSTANDING,
)
"""Labels of a turn that tell whether a phase begins with it or with the next."""
USUAL_TURNS = 128
"""Length of the dialogues that were learned from. Talk of four times that has phases of twice
the length, so that a long meeting is not cut into crumbs."""
_THEME_REACH = 3
_AROUND_COUNTS = 2.0
_THEMES_COUNT, _BORDER_BONUS = 0.1, 1.0
"""Chosen on dialogues set aside in turn. Themes count for little, because neighboring turns say the
same thing twice; a border more than its odds, because few are sure to be one."""
_SHORTEST_TURNS, _UNLIKELY = 3, -1e9
_LEAST_ODDS = -4.0
"""A turn less likely to open a phase than one in 55 is not tried; none such was ever chosen."""
_SHARED_REACH, _CHANGE_REACH = 8, 6
_FIELDS_REACH = (4, 8)
TOPIC_DIRECTIONS = 20
"""In how many directions turns may differ that keep phases apart."""
_TOPICS_REACH = (3, 6, 10)
_CASEWORKER = "caseworker"
_LONG_PAUSE_MS = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class LearnedPhases:
    """What was learned.

    Attributes:
        themes: Weights of pieces of words, whole numbers from -127 to 127, shape (themes,
            pieces), in the order of Theme.
        theme_scales: What one step of a theme's weights is worth, shape (themes,).
        theme_biases: What speaks for a theme without words, shape (themes,).
        borders: Weights of the pieces of a turn and of the turn before, shape (2, pieces).
        border_scales: What one step of them is worth, shape (2,).
        labels: Weights of pieces for what a turn is, shape (labels, pieces), in the order of
            TELLING.
        label_scales: What one step of a label's weights is worth, shape (labels,).
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
    border_scales: Values
    labels: NDArray[np.int8]
    label_scales: Values
    topics: NDArray[np.int8]
    topic_scales: Values
    hidden: Values
    border: Values
    moves: Values
    lengths: Values

    def themes_of(self, pieces: csr_array) -> Values:
        """Return the log-probability of each theme at each turn, shape (turns, themes)."""
        scores = pieces @ self.themes.T.astype(np.float64) * self.theme_scales
        return np.asarray(log_softmax(with_around(scores) + self.theme_biases, axis=1))

    def opening_words(self, pieces: csr_array) -> Values:
        """Return how much the words of each turn and of the turn before speak for a border."""
        own, before = (pieces @ self.borders.T.astype(np.float64) * self.border_scales).T
        return np.asarray(own + np.concatenate([[0.0], before[:-1]]))

    def telling(self, pieces: csr_array) -> Values:
        """Return how much the words of each turn speak for each label, shape (turns, labels)."""
        return np.asarray(pieces @ self.labels.T.astype(np.float64) * self.label_scales)

    def topics_of(self, pieces: csr_array, *, language: str) -> Values:
        """Return what each turn of a conversation is about, shape (turns, directions)."""
        own = LANGUAGES.index(language)
        return topics_in(pieces, self.topics[own] * self.topic_scales[own][:, None])

    def odds(self, figures: Values) -> Values:
        """Return the log-odds that each turn opens a phase."""
        with threadpool_limits(1):  # so small a product is done before a second thread has begun
            units = np.tanh(figures @ self.hidden[:, :-1].T + self.hidden[:, -1])
        return np.asarray(units @ self.border[:-1] + self.border[-1])


def with_around(values: Values) -> Values:
    """Return each row and twice the mean of the rows within three turns."""
    return values + _AROUND_COUNTS * _means(values, before=_THEME_REACH, after=_THEME_REACH + 1)


def topics_in(pieces: csr_array, weights: Values) -> Values:
    """Return how each turn lies to the middle of its conversation, shape (turns, directions)."""
    places = pieces @ weights.T
    return np.asarray(places - places.mean(axis=0))


def figures_of(
    turns: Sequence[Turn],
    openings: Sequence[Opening],
    stems: csr_array,
    fields: csr_array,
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
        openings: What the rules say of each turn.
        stems: Which content stems occur in each turn, shape (turns, stems), ones.
        fields: Which word fields occur in each turn, shape (turns, fields), ones.
        words: What ``opening_words`` gives.
        labels: What ``telling`` gives.
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
        5 * words,
        np.array([turn.speaker == _CASEWORKER for turn in turns]),
        np.array([False, *(before.speaker == after.speaker for before, after in pairs)]),
        np.array([False, *pauses]),
        np.array(["?" in turn.text for turn in turns]),
        lengths,
        np.concatenate([[0.0], lengths[:-1]]),
        np.array([opening.worth for opening in openings]) / 3,
        3 * _goes_on(stems, reach=_SHARED_REACH),
        np.abs(change).sum(axis=1) / 2,
        *(3 * _alike(_by_rarity(fields), reach=reach) for reach in _FIELDS_REACH),
        *(3 * _alike(topics, reach=reach) for reach in _TOPICS_REACH),
        *(3 * labels.T),
        *(3 * np.vstack([np.zeros_like(labels[:1]), labels[:-1]]).T),
    )
    own = np.stack(columns, axis=1).astype(np.float64)
    nothing = np.zeros_like(own[:1])
    return np.hstack([own, np.vstack([nothing, own[:-1]]), np.vstack([own[1:], nothing])])


def cut(odds: Values, themes: Values, learned: LearnedPhases) -> list[tuple[int, Theme]]:
    """Return the most likely places at which phases begin, and their themes.

    Exact, by dynamic programming over semi-Markov chains: a phase is a theme and a length.

    Args:
        odds: Log-odds that each turn opens a phase; at least one turn.
        themes: Log-probabilities of themes, shape (turns, themes).
        learned: Order and lengths of phases.

    Source: Sarawagi and Cohen 2004, Semi-Markov conditional random fields.
    """
    count, kinds = themes.shape
    every = np.arange(kinds)
    sums = _THEMES_COUNT * np.vstack([np.zeros(kinds), np.cumsum(themes, axis=0)])
    worth = _worth_of_lengths(count, learned.lengths)
    enter = np.full((count, kinds), -np.inf)
    enter[0] = learned.moves[-1, :-1]
    began, before = np.zeros((2, count + 1, kinds), np.intp)
    starts = np.array([0])
    for end in [*(np.flatnonzero(odds[1:] > _LEAST_ODDS) + 1).tolist(), count]:
        values = enter[starts] + sums[end] - sums[starts] + worth[end - starts - 1]
        best = values.argmax(axis=0)
        began[end] = starts[best]
        left = values[best, every]
        if end < count:
            onward = left[:, None] + learned.moves[:-1, :-1]
            before[end] = onward.argmax(axis=0)
            enter[end] = onward.max(axis=0) + odds[end] + _BORDER_BONUS
            starts = np.append(starts, end)
    theme = int((left + learned.moves[:-1, -1]).argmax())
    found: list[tuple[int, Theme]] = []
    end = count
    while end:
        start = int(began[end, theme])
        found.append((start, list(Theme)[theme]))
        theme, end = int(before[start, theme]), start
    return found[::-1]


def _worth_of_lengths(count: int, lengths: Values) -> Values:
    """Return how likely a theme lasts 1, 2 … turns, in nats, shape (count, themes)."""
    mean = lengths[:, 0] + np.log(count / USUAL_TURNS) / 2
    spread = lengths[:, 1]
    worth = -0.5 * ((np.log(np.arange(1, count + 1))[:, None] - mean) / spread) ** 2
    worth -= np.log(spread)
    worth[: _SHORTEST_TURNS - 1] = _UNLIKELY
    return np.asarray(worth)


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
