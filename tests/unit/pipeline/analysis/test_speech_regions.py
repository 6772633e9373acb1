import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.analysis.intervals import union
from pipeline.analysis.sound import RATE
from pipeline.analysis.speech_regions import (
    FRAME_SAMPLES,
    high_passed,
    levels,
    raised_by,
    speech_regions,
    without_faint,
)


def regions(*runs: tuple[float, int]) -> tuple[tuple[int, int], ...]:
    """Regions of runs of (probability, frames) of 10 ms."""
    values = np.concatenate([np.full(n, p, np.float32) for p, n in runs])
    return speech_regions(values, duration_ms=len(values) * 10, frame_ms=10)


def test_speech_lasts_until_the_lower_threshold() -> None:
    assert regions((0, 50), (0.4, 20), (0.2, 30), (0.1, 50)) == ((400, 1_100),)


def test_between_the_thresholds_nothing_starts() -> None:
    assert regions((0, 50), (0.25, 50), (0, 50)) == ()


def test_short_pauses_are_bridged_and_short_sounds_dropped() -> None:
    assert regions((0.9, 50), (0, 14), (0.9, 50), (0, 50), (0.9, 9), (0, 50)) == ((0, 1_240),)


def test_padding_stays_within_the_sound() -> None:
    assert regions((0.9, 50)) == ((0, 500),)


def test_no_frames_no_regions() -> None:
    assert speech_regions(np.zeros(0, np.float32), duration_ms=0) == ()


@given(arrays(np.float32, st.integers(1, 200), elements=st.floats(0, 1, width=32)))
def test_regions_are_ordered_and_within_the_sound(probabilities: np.ndarray) -> None:
    found = speech_regions(probabilities, duration_ms=len(probabilities) * 32)
    assert found == union(found)
    assert all(0 <= start < end <= len(probabilities) * 32 for start, end in found)


def test_rumble_goes_and_voice_stays() -> None:
    seconds = np.arange(RATE) / RATE
    rumble, voice = (np.sin(2 * np.pi * hertz * seconds).astype(np.float32) for hertz in (40, 400))
    assert np.std(high_passed(rumble)) < 0.02
    assert np.std(high_passed(voice)) > 0.6
    assert high_passed(voice).dtype == np.float32


def test_level_is_told_in_decibels_of_full_scale() -> None:
    sine = np.sin(2 * np.pi * 1_000 * np.arange(RATE) / RATE).astype(np.float32)
    assert levels(sine) == pytest.approx(-3.01, abs=0.1)
    assert levels(sine / 10) == pytest.approx(-23.01, abs=0.1)
    assert len(levels(sine)) == RATE // FRAME_SAMPLES


@given(st.floats(-65, -36), st.floats(0, 20))
def test_a_quiet_recording_is_raised_to_the_same_level_however_quiet(
    loudest: float, quieter: float
) -> None:
    steps = np.linspace(loudest - 40, loudest, 200, dtype=np.float32)
    first, second = raised_by(steps), raised_by(steps - np.float32(quieter))
    assert second == pytest.approx(min(30, first + quieter), abs=0.01)


def test_what_is_loud_is_left_alone_and_silence_not_raised_without_end() -> None:
    assert raised_by(np.full(100, -20, np.float32)) == 0
    assert raised_by(np.full(100, -120, np.float32)) == 30
    assert raised_by(np.zeros(0, np.float32)) == 0


def test_only_what_lies_far_below_the_rest_is_left_out() -> None:
    loudness = np.full(300, -80, np.float32)
    loudness[0:50], loudness[100:150], loudness[200:250] = -40, -60, -70
    talk, whisper, next_room = (0, 1_600), (3_200, 4_800), (6_400, 8_000)
    assert without_faint((talk, whisper, next_room), levels=loudness) == (talk, whisper)
    assert without_faint((next_room,), levels=loudness) == (next_room,)
    assert without_faint((), levels=loudness) == ()
