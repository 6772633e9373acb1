import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.analysis.intervals import union
from pipeline.analysis.sound import RATE
from pipeline.analysis.speech_regions import high_passed, speech_regions


def regions(*runs: tuple[float, int]) -> tuple[tuple[int, int], ...]:
    """Regions of runs of (probability, frames) of 10 ms."""
    values = np.concatenate([np.full(n, p, np.float32) for p, n in runs])
    return speech_regions(values, duration_ms=len(values) * 10, frame_ms=10)


def test_speech_lasts_until_the_lower_threshold() -> None:
    assert regions((0, 50), (0.4, 20), (0.2, 30), (0.1, 50)) == ((480, 1_020),)


def test_between_the_thresholds_nothing_starts() -> None:
    assert regions((0, 50), (0.25, 50), (0, 50)) == ()


def test_short_pauses_are_bridged_and_short_sounds_dropped() -> None:
    assert regions((0.9, 50), (0, 14), (0.9, 50), (0, 50), (0.9, 9), (0, 50)) == ((0, 1_160),)


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
