from collections.abc import Callable

import numpy as np
import pytest

from pipeline.analysis.sound import RATE, Sound
from pipeline.analysis.sound_quality import SoundHint, SoundHintCode, drop_outs, sound_hints
from tests.signals import HIGH, LOW, one_device, talk

MADE = talk([LOW, HIGH], seconds=60)
VOICE = MADE.tracks[0] + MADE.tracks[1]


def noisy(ratio_db: float) -> np.ndarray:
    spoken = np.zeros(len(VOICE), bool)
    for start, end in MADE.speech:
        spoken[start * RATE // 1000 : end * RATE // 1000] = True
    power = np.mean(VOICE[spoken] ** 2) / 10 ** (ratio_db / 10)
    noise = np.sqrt(power) * np.random.default_rng(0).normal(size=len(VOICE))
    return (VOICE + noise).astype(np.float32)


CLEAN = noisy(30)


def hints(samples: np.ndarray) -> dict[SoundHintCode, SoundHint]:
    found = sound_hints(Sound(np.atleast_2d(samples).astype(np.float32)), speech=MADE.speech)
    return {hint.code: hint for hint in found}


def test_a_good_recording_gets_no_hints() -> None:
    assert hints(CLEAN) == {}
    assert sound_hints(one_device(MADE, delays=(-3.0, 4.0)), speech=MADE.speech) == ()


@pytest.mark.parametrize(
    ("true_db", "code"), [(12, SoundHintCode.NOISY), (5, SoundHintCode.VERY_NOISY)]
)
def test_noise_is_measured_to_a_decibel(true_db: int, code: SoundHintCode) -> None:
    assert hints(noisy(true_db))[code].value == pytest.approx(true_db, abs=1)


def test_a_phone_too_far_away_is_too_quiet() -> None:
    assert SoundHintCode.TOO_QUIET in hints(CLEAN * 0.003)


def test_clipping_is_found_after_the_level_was_turned_down() -> None:
    found = hints(np.clip(CLEAN * 6, -1, 1) * 0.5)[SoundHintCode.CLIPPED]
    assert found.value > 20
    assert (found.start_ms, found.end_ms) == (0, 60_000)


def test_clipping_is_told_by_the_minute() -> None:
    loud = np.clip(CLEAN * 6, -1, 1)
    found = hints(np.concatenate([CLEAN, loud]))[SoundHintCode.CLIPPED]
    assert (found.start_ms, found.end_ms) == (60_000, 120_000)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (CLEAN, SoundHintCode.DUAL_MONO),
        (-CLEAN, SoundHintCode.INVERTED),
        (CLEAN * 1e-3, SoundHintCode.DEAD_CHANNEL),
    ],
)
def test_channels_that_are_not_stereo_are_named(second: np.ndarray, code: SoundHintCode) -> None:
    assert set(hints(np.stack([CLEAN, second]))) == {code}


@pytest.mark.parametrize(
    ("spoiled", "code"),
    [
        (CLEAN * 0.003, SoundHintCode.TOO_QUIET),
        (noisy(12), SoundHintCode.NOISY),
        (noisy(5), SoundHintCode.VERY_NOISY),
    ],
)
def test_what_spoils_two_minutes_of_five_is_told_with_its_time(
    spoiled: np.ndarray, code: SoundHintCode
) -> None:
    parts = [CLEAN, spoiled, spoiled, CLEAN, CLEAN]
    speech = [(a + at * 60_000, b + at * 60_000) for at in range(5) for a, b in MADE.speech]
    found = sound_hints(Sound(np.concatenate(parts)[None].astype(np.float32)), speech=speech)
    assert [(h.code, h.start_ms, h.end_ms) for h in found] == [(code, 60_000, 180_000)]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (lambda left: left * 1e-3, SoundHintCode.DEAD_CHANNEL),
        (lambda left: -0.9 * left, SoundHintCode.INVERTED),
    ],
)
def test_a_channel_that_fails_for_a_minute_is_told_with_its_time(
    second: Callable[[np.ndarray], np.ndarray], code: SoundHintCode
) -> None:
    good = one_device(MADE, delays=(-3.0, 4.0)).samples
    bad = np.stack([good[0], second(good[0])])
    speech = [(a + at * 60_000, b + at * 60_000) for at in range(3) for a, b in MADE.speech]
    found = sound_hints(
        Sound(np.concatenate([good, bad, good], axis=1).astype(np.float32)), speech=speech
    )
    assert [(h.code, h.start_ms, h.end_ms) for h in found] == [(code, 60_000, 120_000)]


def test_a_minute_in_which_nobody_speaks_is_not_too_quiet() -> None:
    pause = np.full(60 * RATE, 1e-4, np.float32)
    found = sound_hints(Sound(np.concatenate([CLEAN, pause, CLEAN])[None]), speech=[
        *MADE.speech, *((a + 120_000, b + 120_000) for a, b in MADE.speech),
    ])  # fmt: skip
    assert SoundHintCode.TOO_QUIET not in {hint.code for hint in found}


def test_missing_samples_are_told_where() -> None:
    holed = CLEAN.copy()
    holed[5 * RATE : 5 * RATE + 800] = 0
    found = hints(holed)[SoundHintCode.DROP_OUT]
    assert (found.start_ms, found.end_ms, found.value) == (5_000, 5_050, 50)


def test_silence_before_and_after_is_no_drop_out() -> None:
    framed = np.concatenate([np.zeros(RATE), CLEAN, np.zeros(RATE)])
    assert drop_outs(framed.astype(np.float32)) == ()
    assert drop_outs(np.zeros(RATE, np.float32)) == ()


def test_speech_share_is_judged_at_both_ends() -> None:
    sound = Sound(CLEAN[None])
    little, much = (
        {hint.code for hint in sound_hints(sound, speech=speech)}
        for speech in (((0, 2_000),), ((0, 59_500),))
    )
    assert SoundHintCode.LITTLE_SPEECH in little
    assert SoundHintCode.CEASELESS_SPEECH in much


def test_digital_silence_is_too_quiet_and_holds_little_speech() -> None:
    found = sound_hints(Sound(np.zeros((1, 10 * RATE), np.float32)), speech=())
    assert {hint.code for hint in found} == {SoundHintCode.TOO_QUIET, SoundHintCode.LITTLE_SPEECH}
