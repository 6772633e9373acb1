from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.segmentation_scores import SegmentationScore, segmentation_score


def test_one_border_missed() -> None:
    """Eight units, one true border: a window of 2, six windows, two of them span unit 4."""
    assert segmentation_score({4}, set(), count=8) == SegmentationScore(2 / 6, 2 / 6)


def test_windowdiff_counts_a_border_too_many_that_pk_forgives() -> None:
    """Windows from 0 to 5; the found borders 4 and 5 lie both in the window from 3."""
    score = segmentation_score({4}, {4, 5}, count=8)

    assert score == SegmentationScore(pk=1 / 6, windowdiff=2 / 6)


def test_a_near_miss_costs_less_than_a_far_one() -> None:
    near = segmentation_score({10}, {11}, count=20)
    far = segmentation_score({10}, {18}, count=20)

    assert 0 < near.pk < far.pk


def test_too_short_to_have_a_window() -> None:
    assert segmentation_score({1}, set(), count=2) == SegmentationScore(0.0, 0.0)


borders = st.sets(st.integers(1, 39))


@given(borders)
def test_the_true_borders_are_without_error(truth: set[int]) -> None:
    assert segmentation_score(truth, truth, count=40) == SegmentationScore(0.0, 0.0)


@given(borders, borders)
def test_windowdiff_is_never_milder_than_pk(truth: set[int], found: set[int]) -> None:
    score = segmentation_score(truth, found, count=40)

    assert 0 <= score.pk <= score.windowdiff <= 1
