"""Two recorders of one conversation are brought within 20 ms of each other, or told apart."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.analysis.alignment import RATE, Alignment, align

Floats = NDArray[np.float64]
ROOM_S = 0.4
SYLLABLES = 8
BANDS_HZ = ((200, 700), (700, 1500), (1500, 3400))


def talk(seconds: float, *, seed: int) -> Floats:
    """Return sound that rises and falls as speech does, each part of its range by itself."""
    from scipy.signal import butter, sosfilt

    chance = np.random.default_rng(seed)
    length = round(seconds * RATE)
    sound = np.zeros(length)
    for low, high in BANDS_HZ:
        color = butter(2, [low, high], "bandpass", fs=RATE, output="sos")
        loudness = chance.gamma(0.4, size=round(seconds * SYLLABLES) + 2)
        moments = np.arange(length) * SYLLABLES / RATE
        rise_and_fall = np.interp(moments, np.arange(len(loudness)), loudness)
        sound += sosfilt(color, chance.normal(size=length)) * rise_and_fall
    return sound


def heard(sound: Floats, *, seed: int, noise_db: float, echo: float) -> NDArray[np.int16]:
    """Return what a microphone makes of it: a room, noise, another level."""
    from scipy.signal import fftconvolve

    chance = np.random.default_rng(seed)
    length = round(ROOM_S * RATE)
    room = chance.normal(size=length) * np.exp(-6.9 * np.arange(length) / length)
    room *= echo / np.sqrt((room**2).sum())
    room[0] += 1
    sound = fftconvolve(sound, room)[: len(sound)]
    level = float(np.sqrt(np.mean(sound**2)))
    sound = sound + chance.normal(size=len(sound)) * level * 10 ** (-noise_db / 20)
    return np.asarray(np.clip(sound / np.abs(sound).max() * 20_000, -32767, 32767), np.int16)


def played(sound: Floats, *, from_s: float, seconds: float, clock: float) -> Floats:
    """Return a part as a recorder with another clock keeps it."""
    places = (from_s + np.arange(round(seconds * RATE)) / RATE / clock) * RATE
    return np.interp(places, np.arange(len(sound)), sound, left=0, right=0)


def off_ms(found: Alignment, truth: Sequence[tuple[float, float, float]]) -> float:
    """Return the largest error; each truth is (begins_s, rate, seconds of the file)."""
    errors = [
        abs(line.begins_s + at * line.rate - (begins + at * rate))
        for line, (begins, rate, seconds) in zip(found.lines, truth, strict=True)
        for at in np.linspace(0, seconds, 9)
    ]
    return max(errors) * 1000


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    seconds=st.floats(12, 75),
    later_s=st.floats(-5, 40),
    drift_ppm=st.floats(-100, 100),
    noise_db=st.floats(5, 40),
    echo=st.floats(0, 1),
)
def test_the_same_conversation_is_found_within_20_ms(  # noqa: PLR0917 - what is drawn
    seed: int, seconds: float, later_s: float, drift_ppm: float, noise_db: float, echo: float
) -> None:
    said, clock = talk(seconds + 60, seed=seed), 1 + drift_ppm * 1e-6
    from_s = 45.0
    film = heard(
        said[round(from_s * RATE) : round((from_s + seconds) * RATE)],
        seed=seed + 1,
        noise_db=noise_db,
        echo=echo,
    )
    began_s = from_s - later_s
    other = played(said, from_s=began_s, seconds=seconds + max(later_s, 0) + 5, clock=clock)
    found = align([film], heard(other, seed=seed + 2, noise_db=20, echo=echo / 2))
    assert found is not None
    assert found.sure
    assert off_ms(found, [(later_s * clock, clock, seconds)]) < 20


@pytest.mark.parametrize(("louder_db", "noise_db"), [(-6, 10), (0, 10), (6, 10), (9.5, 0)])
def test_where_a_strong_echo_may_be_the_direct_sound_it_is_not_sure(
    louder_db: float, noise_db: float
) -> None:
    said, later = talk(40, seed=21), round(0.024 * RATE)
    echoing = said.copy()
    echoing[later:] += 10 ** (louder_db / 20) * said[:-later]
    film = heard(said[10 * RATE : 20 * RATE], seed=22, noise_db=20, echo=0.3)
    found = align([film], heard(echoing, seed=23, noise_db=noise_db, echo=0.3))
    assert found is not None, "the best guess is told"
    assert off_ms(found, [(10.0, 1.0, 10)]) < 30
    assert not found.sure


def test_the_clocks_of_a_long_film_are_drawn_together() -> None:
    seconds, clock = 300, 1 + 100e-6  # 30 ms apart at its end
    said = talk(seconds, seed=1)
    film = heard(said, seed=3, noise_db=15, echo=0.3)
    other = heard(
        played(said, from_s=-20, seconds=seconds + 30, clock=clock), seed=4, noise_db=20, echo=0.2
    )
    found = align([film], other)
    assert found is not None
    assert found.sure
    assert abs(found.drift_ppm - 100) < 2
    assert off_ms(found, [(20 * clock, clock, seconds)]) < 5


def test_each_file_has_its_own_place_where_the_camera_lost_time() -> None:
    said = talk(120, seed=5)
    whole = heard(said, seed=6, noise_db=20, echo=0.3)
    files = [whole[: 30 * RATE], whole[33 * RATE : 60 * RATE], whole[60 * RATE : 63 * RATE]]
    found = align(files, heard(said[10 * RATE :], seed=7, noise_db=20, echo=0.3))
    assert found is not None
    truth = [(-10.0, 1.0, 30.0), (23.0, 1.0, 27.0), (50.0, 1.0, 3.0)]  # the last by its neighbor
    assert off_ms(found, truth) < 20


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), seconds=st.floats(8, 40))
def test_another_conversation_is_never_taken_for_the_same(seed: int, seconds: float) -> None:
    film = heard(talk(seconds, seed=seed), seed=1, noise_db=20, echo=0.3)
    other = heard(talk(90, seed=seed + 50_000), seed=2, noise_db=20, echo=0.3)
    found = align([film], other)
    assert found is None or not found.sure


def test_silence_and_next_to_nothing_are_found_nowhere() -> None:
    said = heard(talk(20, seed=8), seed=9, noise_db=20, echo=0.3)
    silence = np.zeros(20 * RATE, np.int16)
    assert align([silence], said) is None
    assert align([said], silence) is None
    assert align([said[:RATE]], said) is None
    assert align([said], said[:100]) is None
