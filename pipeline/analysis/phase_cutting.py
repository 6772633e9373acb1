"""Cutting a conversation into phases: of all cuts the one with the fewest errors to be expected.

How likely each stretch is to be a phase follows from the odds of borders, the order of themes and
the usual lengths. The likeliest cut of all is not the best one: it may have a border too few or too
many in common with no other that is nearly as likely. So each cut is held against all of them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.phase_model import USUAL_TURNS, LearnedPhases, Values
from storage.dialogues.guide import Theme

_THEMES_COUNT = 0.05
"""Chosen on dialogues set aside in turn. Themes count for little, because neighboring turns say the
same thing twice."""
_SHORTEST_TURNS, _UNLIKELY = 3, -1e9
_LEAST_ODDS = -4.0
"""A turn less likely to open a phase than one in 55 is not tried; none such was ever chosen."""
_LEAST_CHANCE = 1e-3
_TIES = 1e-3
"""What a border is worth by itself, so that of two cuts as good the likelier is taken."""


class _Chances(NamedTuple):
    """How likely stretches are to be a phase.

    Attributes:
        places: Where a phase may begin, in turns, and last the number of turns.
        phases: The probability that a phase is [places[a], places[b]), shape (places, places).
    """

    places: NDArray[np.intp]
    phases: Values


def cut(odds: Values, themes: Values, learned: LearnedPhases) -> list[tuple[int, Theme]]:
    """Return the cut with the least expected Pk: where phases begin, and their themes.

    Pk is expected over all cuts, each as likely as odds, themes and lengths make it together.

    Args:
        odds: Log-odds that each turn opens a phase; at least one turn.
        themes: Log-probabilities of themes, shape (turns, themes).
        learned: Order and lengths of phases.

    Source: Sarawagi and Cohen 2004, Semi-Markov conditional random fields; Beeferman, Berger and
    Lafferty 1999, Statistical models for text segmentation; Bickel and Doksum 1977, Mathematical
    statistics, for the least expected loss.
    """
    count = len(odds)
    sums = _THEMES_COUNT * np.vstack([np.zeros(themes.shape[1]), np.cumsum(themes, axis=0)])
    lengths = _worth_of_lengths(count, learned.lengths)
    starts = [0, *_fewest_expected_errors(_chances(odds, sums, lengths, learned.moves))]
    return _named([*starts, count], sums, lengths, learned.moves)


def _chances(odds: Values, sums: Values, lengths: Values, moves: Values) -> _Chances:
    """Return how likely each stretch is to be a phase, by going through all cuts at once.

    Source: Rabiner 1989, A tutorial on hidden Markov models, with stretches in place of steps.
    """
    count, kinds = len(odds), sums.shape[1]
    places = np.array([0, *(np.flatnonzero(odds[1:] > _LEAST_ODDS) + 1), count])
    last = len(places) - 1
    worth = sums[places]
    began, ended, onward = np.full((3, last + 1, kinds), -np.inf)
    began[0] = moves[-1, :-1]
    for end in range(1, last + 1):
        stretches = lengths[places[end] - places[:end] - 1] - worth[:end] + worth[end]
        ended[end] = _together(began[:end] + stretches)
        if end < last:
            began[end] = _together(ended[end][:, None] + moves[:-1, :-1]) + odds[places[end]]
    onward[last] = moves[:-1, -1]
    every = _together(ended[last] + onward[last])
    phases = np.zeros((last + 1, last + 1))
    for start in range(last - 1, -1, -1):
        stretches = lengths[places[start + 1 :] - places[start] - 1] - worth[start]
        after = onward[start + 1 :] + stretches + worth[start + 1 :]
        phases[start, start + 1 :] = np.exp(_together((began[start] + after).T) - every)
        if start:
            from_here = _together(after) + odds[places[start]]
            onward[start] = _together((moves[:-1, :-1] + from_here).T)
    return _Chances(places, phases)


def _together(values: Values) -> Values:
    """Return the logarithm of the sum of exponentials over rows."""
    most = values.max(axis=0)
    return np.asarray(most + np.log(np.exp(values - most).sum(axis=0)))


def _fewest_expected_errors(chances: _Chances) -> list[int]:
    """Return the borders, in turns, of which the fewest windows of Pk are expected to be wrong.

    A window without a border is wrong as often as there is one; a window with one, as often as
    there is none. A border is in all windows that begin less than their width before it, so that
    what is best up to a border follows from what is best up to the one before.
    """
    places, phases = chances
    count = int(places[-1])
    border = phases.sum(axis=1)
    width = max(2, round(count / (border.sum()) / 2))
    windows = np.arange(max(0, count - width))
    # How often one phase begins before the window and ends after it.
    reaching = np.cumsum(np.cumsum(phases, axis=0)[:, ::-1], axis=1)[:, ::-1]
    one_phase = reaching[
        np.searchsorted(places, windows, "right") - 1,
        np.searchsorted(places, windows + width + 1),
    ]
    without, within = (
        np.concatenate([[0.0], np.cumsum(each)]) for each in (1 - one_phase, one_phase)
    )
    final = len(windows)
    tried = places[:-1][(border[:-1] > _LEAST_CHANCE) & (places[:-1] > 0)]
    ends = np.array([0, *tried])
    errors, before = np.zeros(len(ends)), np.zeros(len(ends), np.intp)
    for at in range(1, len(ends)):
        earlier = np.flatnonzero(ends[at] - ends[:at] >= _SHORTEST_TURNS)
        first, end = np.minimum(ends[earlier], final), min(int(ends[at]), final)
        covered = np.minimum(np.maximum(ends[earlier], ends[at] - width), final)
        costs = without[covered] - without[first] + within[end] - within[covered]
        costs += errors[earlier]
        best = int(costs.argmin())
        likely = border[np.searchsorted(places, ends[at])]
        errors[at] = costs[best] + _TIES * (1 - 2 * likely)
        before[at] = earlier[best]
    at = int((errors + without[final] - without[np.minimum(ends, final)]).argmin())
    found: list[int] = []
    while at:
        found.append(int(ends[at]))
        at = int(before[at])
    return found[::-1]


def _named(
    bounds: Sequence[int], sums: Values, lengths: Values, moves: Values
) -> list[tuple[int, Theme]]:
    """Return the starts of phases with the likeliest themes, one after the other.

    Source: Viterbi 1967, Error bounds for convolutional codes.
    """
    starts, ends = np.array(bounds[:-1]), np.array(bounds[1:])
    worth = sums[ends] - sums[starts] + lengths[ends - starts - 1]
    best = moves[-1, :-1] + worth[0]
    before: list[NDArray[np.intp]] = []
    for each in worth[1:]:
        onward = best[:, None] + moves[:-1, :-1]
        before.append(onward.argmax(axis=0))
        best = onward.max(axis=0) + each
    theme = int((best + moves[:-1, -1]).argmax())
    named = [theme]
    for each in reversed(before):
        theme = int(each[theme])
        named.append(theme)
    order = list(Theme)
    return [(start, order[theme]) for start, theme in zip(bounds, reversed(named), strict=False)]


def _worth_of_lengths(count: int, lengths: Values) -> Values:
    """Return how likely a theme lasts 1, 2 … turns, in nats, shape (count, themes)."""
    mean = lengths[:, 0] + np.log(count / USUAL_TURNS) / 2
    spread = lengths[:, 1]
    worth = -0.5 * ((np.log(np.arange(1, count + 1))[:, None] - mean) / spread) ** 2
    worth -= np.log(spread)
    worth[: _SHORTEST_TURNS - 1] = _UNLIKELY
    return np.asarray(worth)
