"""Where much moves: the laws of the share that changes, and of its bins."""

from itertools import accumulate, pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.analysis.movement import (
    BIN_MS,
    CHANGED,
    MOST_BINS,
    SIZE,
    UNKNOWN,
    Change,
    changed_share,
    movement,
)

Image = NDArray[np.uint8]
WIDTH, HEIGHT = SIZE
PIXELS = WIDTH * HEIGHT


def picture(seed: int) -> Image:
    """A lively scene, with grain that no eye would call movement."""
    chance = np.random.default_rng(seed)
    coarse = chance.integers(40, 200, (18, 32)).astype(np.uint8)
    scene = cv2.resize(coarse, SIZE, interpolation=cv2.INTER_NEAREST)
    return (scene + chance.integers(0, CHANGED // 3, scene.shape)).astype(np.uint8)


pictures = st.integers(0, 1000).map(picture)


@st.composite
def boxes(draw: st.DrawFn) -> tuple[slice, slice]:
    """A part of the picture, no more than half of it."""
    top, left = draw(st.integers(0, HEIGHT - 1)), draw(st.integers(0, WIDTH - 1))
    height, width = draw(st.integers(1, HEIGHT // 2)), draw(st.integers(1, WIDTH))
    return slice(top, top + height), slice(left, left + width)


@given(pictures, boxes(), st.integers(CHANGED + 1, 55))
def test_the_share_is_how_much_of_the_picture_is_another(
    before: Image, box: tuple[slice, slice], by: int
) -> None:
    after = before.copy()
    after[box] += np.uint8(by)
    assert changed_share(before, after) == pytest.approx(after[box].size / PIXELS)


@given(pictures, st.integers(-CHANGED, CHANGED))
def test_what_no_eye_would_see_is_no_movement(before: Image, by: int) -> None:
    assert changed_share(before, (before.astype(int) + by).astype(np.uint8)) == 0


@given(pictures, st.integers(CHANGED + 1, 40), st.sampled_from([-1, 1]))
def test_light_that_changes_everywhere_is_no_movement(before: Image, by: int, sign: int) -> None:
    assert changed_share(before, (before.astype(int) + sign * by).astype(np.uint8)) is None


@given(pictures, st.integers(2, 40), st.sampled_from([0, 1]))
def test_a_camera_that_moves_is_no_movement(before: Image, by: int, axis: int) -> None:
    assert changed_share(before, np.roll(before, by, axis=axis)) is None


@given(pictures, boxes())
def test_neither_order_nor_side_matters(before: Image, box: tuple[slice, slice]) -> None:
    after = before.copy()
    after[box] = 255 - after[box]
    share = changed_share(before, after)
    assert changed_share(after, before) == share
    for axis in (0, 1):
        assert changed_share(np.flip(before, axis), np.flip(after, axis)) == share


@st.composite
def looked_at(draw: st.DrawFn) -> list[Change]:
    """Changes in a row, as key pictures come, some of them unknown."""
    steps = draw(st.lists(st.integers(900, 3_100), min_size=1, max_size=40))
    moments = [0, *accumulate(steps)]
    shares = st.none() | st.floats(0, 1)
    return [Change(start, end, draw(shares)) for start, end in pairwise(moments)]


def level_of(share: float) -> int:
    return round(share**0.5 * (UNKNOWN - 1))


@given(looked_at())
def test_bins_cover_the_film_and_stay_between_what_they_are_made_of(changes: list[Change]) -> None:
    duration_ms = changes[-1].end_ms
    found = movement(changes, duration_ms=duration_ms)
    assert found.every_ms == BIN_MS
    assert len(found.levels) == -(-duration_ms // BIN_MS)
    for number, level in enumerate(found.levels):
        start, end = number * BIN_MS, min((number + 1) * BIN_MS, duration_ms)
        within = [each for each in changes if each.start_ms < end and start < each.end_ms]
        known = {each: min(end, each.end_ms) - max(start, each.start_ms) for each in within}
        shares = [each.share for each in known if each.share is not None]
        covered = sum(ms for each, ms in known.items() if each.share is not None)
        assert (level == UNKNOWN) is (covered < (end - start) / 2)
        if level != UNKNOWN:
            assert level_of(min(shares)) <= level <= level_of(max(shares))


@given(looked_at(), st.floats(0, 1))
def test_what_stays_the_same_gives_the_same_everywhere(changes: list[Change], share: float) -> None:
    same = [Change(each.start_ms, each.end_ms, share) for each in changes]
    found = movement(same, duration_ms=same[-1].end_ms)
    assert set(found.levels) == {level_of(share)}


@given(looked_at(), st.integers(0, 40), st.floats(0, 1))
def test_more_movement_in_one_place_is_never_less_in_another(
    changes: list[Change], place: int, share: float
) -> None:
    was = changes[place % len(changes)]
    if was.share is None:
        return
    more = list(changes)
    more[place % len(changes)] = Change(was.start_ms, was.end_ms, max(was.share, share))
    duration_ms = changes[-1].end_ms
    before = movement(changes, duration_ms=duration_ms).levels
    after = movement(more, duration_ms=duration_ms).levels
    assert all(a >= b for a, b in zip(after, before, strict=True))


@given(st.integers(0, 40 * 3_600_000))
def test_no_film_is_so_long_that_its_bins_are_many(duration_ms: int) -> None:
    found = movement([], duration_ms=duration_ms)
    assert 1 <= len(found.levels) <= MOST_BINS
    assert len(found.levels) * found.every_ms >= duration_ms
    assert set(found.levels) == {UNKNOWN}


def test_three_hours_have_a_bin_for_each_second() -> None:
    found = movement([Change(0, 10_800_000, 0.25)], duration_ms=10_800_000)
    assert (found.every_ms, found.levels) == (1000, (127,) * 10_800)


def talk(seconds: int) -> list[Image]:
    """Two who sit and now and then use their hands, ten pictures a second."""
    chance = np.random.default_rng(4)
    count, room = seconds * 10, picture(4) // 4 + 90

    def slow(over_s: float) -> NDArray[np.float64]:
        width = int(over_s * 10)
        drift = np.convolve(chance.standard_normal(count + width), np.ones(width) / width, "valid")
        return drift[:count] * width**0.5

    hands = []
    for _ in range(4):
        turning = np.cumsum(2 * np.pi * (1 + 0.2 * slow(3)) / 10)
        reach = np.clip(slow(4) + slow(20) - 0.3, 0, None) * 9
        across, down = chance.integers(60, 260), chance.integers(50, 130)
        hands.append((across + reach * np.cos(turning), down + reach * np.sin(1.3 * turning)))
    shown = []
    for moment in range(count):
        drawn = room.copy()
        for across, down in hands:
            at = (int(across[moment] * 16), int(down[moment] * 16))
            cv2.circle(drawn, at, 9 * 16, 230, -1, shift=4)
        shown.append(drawn)
    return shown


def test_pictures_two_seconds_apart_point_where_ten_a_second_do() -> None:
    seconds, over_s = 240, 5
    shown = talk(seconds)

    def curve(apart: int) -> NDArray[np.float64]:
        places = range(0, len(shown), apart)
        changes = [
            Change(start * 100, end * 100, changed_share(shown[start], shown[end]))
            for start, end in pairwise(places)
        ]
        levels = movement(changes, duration_ms=seconds * 1000).levels[:-2]
        assert UNKNOWN not in levels
        return np.convolve(levels, np.ones(over_s) / over_s, "valid")

    assert np.corrcoef(curve(1), curve(20))[0, 1] > 0.8
