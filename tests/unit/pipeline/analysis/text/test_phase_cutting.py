from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.phase_cutting import cut
from pipeline.analysis.segmentation_scores import segmentation_score
from storage.dialogues.guide import Theme
from tests.unit.pipeline.analysis.text.test_phases import LEARNED

FLAT = -2.5
"""The log-probability of each of twelve themes where nothing tells them apart."""


@given(places=st.sets(st.integers(1, 12).map(lambda at: 4 * at)), count=st.integers(53, 60))
def test_where_phases_surely_begin_they_begin(places: set[int], count: int) -> None:
    odds = np.where(np.isin(np.arange(count), [*places]), 90.0, -9.0)
    found = cut(odds, np.full((count, len(Theme)), FLAT), LEARNED)
    assert [at for at, _ in found] == [0, *sorted(places)]


@given(st.lists(st.floats(-6, 6), min_size=1, max_size=40))
def test_a_phase_lasts_three_turns_unless_there_are_fewer(odds: list[float]) -> None:
    found = [at for at, _ in cut(np.array(odds), np.full((len(odds), len(Theme)), FLAT), LEARNED)]
    bounds = [*found, len(odds)]
    assert found[0] == 0
    assert len(odds) < 3 or all(b - a >= 3 for a, b in pairwise(bounds))


def test_themes_tell_where_one_ends_and_the_next_begins() -> None:
    themes = np.full((20, len(Theme)), -9.0)
    themes[:11, 0], themes[11:, 4] = 0.0, 0.0
    found = cut(np.zeros(20), 20 * themes, LEARNED)
    assert found == [(0, Theme.OPENING), (11, Theme.CLOSING)]


def test_a_long_meeting_has_longer_phases() -> None:
    def mean_length(count: int) -> float:
        return count / len(cut(np.zeros(count), np.full((count, len(Theme)), FLAT), LEARNED))

    assert mean_length(1_200) > 1.5 * mean_length(120)


def every_cut(count: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to cut so many turns into phases of three turns or more."""
    for number in range(max(1, count // 3)):
        for places in combinations(range(1, count), number):
            if not places or all(end - start >= 3 for start, end in pairwise((0, *places, count))):
                yield places


def chances(odds: Sequence[float]) -> dict[tuple[int, ...], float]:
    """Return how likely each cut is if themes tell nothing, worked out one by one."""
    (mean, spread), count, kinds = LEARNED.lengths[0], len(odds), len(Theme)
    usual = mean + np.log(count / 128) / 2
    worth = {
        places: sum(odds[at] for at in places)
        + sum(
            np.log(kinds)
            + FLAT
            - 0.5 * ((np.log(end - start) - usual) / spread) ** 2
            - np.log(spread)
            for start, end in pairwise((0, *places, count))
        )
        for places in every_cut(count)
    }
    most = max(worth.values())
    weights = {places: float(np.exp(each - most)) for places, each in worth.items()}
    return {places: each / sum(weights.values()) for places, each in weights.items()}


def expected_errors(found: Sequence[int], cuts: dict[tuple[int, ...], float], count: int) -> float:
    """Return the share of windows in which a cut is expected to be wrong."""
    borders = sum(len(places) * chance for places, chance in cuts.items())
    width = max(2, round(count / (borders + 1) / 2))
    windows = range(max(0, count - width))

    def in_window(places: Sequence[int], start: int) -> bool:
        return any(start < at <= start + width for at in places)

    wrong = sum(
        chance * (in_window(places, start) != in_window(found, start))
        for places, chance in cuts.items()
        for start in windows
    )
    return wrong / max(1, len(windows))


@given(st.lists(st.floats(-3.5, 3.5), min_size=1, max_size=14))
def test_no_cut_is_expected_to_have_fewer_errors(odds: list[float]) -> None:
    count = len(odds)
    found = [at for at, _ in cut(np.array(odds), np.full((count, len(Theme)), FLAT), LEARNED)][1:]
    cuts = chances(odds)
    least = min(expected_errors(places, cuts, count) for places in cuts)
    assert expected_errors(found, cuts, count) == pytest.approx(least, abs=0.02)


def test_of_two_places_one_is_taken_and_not_both_or_none() -> None:
    odds = np.full(40, -6.0)
    odds[[19, 20]] = 1.5
    found = [at for at, _ in cut(odds, np.full((40, len(Theme)), FLAT), LEARNED)]
    assert found in ([0, 19], [0, 20])
    assert segmentation_score(frozenset({20}), set(found) - {0}, count=40).pk < 0.07
