import numpy as np
import pytest

from pipeline.analysis.channels import ChannelLayout, measure_channels, mono_for_recognition
from pipeline.analysis.errors import SoundUnusable
from pipeline.analysis.sound import Sound
from tests.signals import HIGH, LOW, one_device, talk

MADE = talk([LOW, HIGH], seconds=12)
VOICE = MADE.tracks[0] + MADE.tracks[1]
HISS = (1e-4 * np.random.default_rng(1).normal(size=len(VOICE))).astype(np.float32)

LAYOUTS = {
    ChannelLayout.MONO: Sound(VOICE[None]),
    ChannelLayout.DUAL_MONO: Sound(np.stack([VOICE, VOICE + HISS])),
    ChannelLayout.DEAD_CHANNEL: Sound(np.stack([HISS, VOICE])),
    ChannelLayout.INVERTED: Sound(np.stack([VOICE, -VOICE + HISS])),
    ChannelLayout.STEREO: one_device(MADE, delays=(-3.0, 4.0)),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_is_found_by_measurement(layout: ChannelLayout) -> None:
    assert measure_channels(LAYOUTS[layout]).layout is layout


@pytest.mark.parametrize("layout", LAYOUTS)
def test_recognition_hears_the_voice_in_every_layout(layout: ChannelLayout) -> None:
    mono = mono_for_recognition(LAYOUTS[layout])
    assert mono.dtype == np.float32
    assert np.mean(mono**2) > 0.3 * np.mean(VOICE**2)


def test_averaging_inverted_channels_would_have_lost_it() -> None:
    averaged = LAYOUTS[ChannelLayout.INVERTED].samples.mean(0)
    assert np.mean(averaged**2) < 1e-3 * np.mean(VOICE**2)


def test_the_living_channel_is_the_best() -> None:
    assert measure_channels(LAYOUTS[ChannelLayout.DEAD_CHANNEL]).best == 1


def test_digital_silence_is_no_error() -> None:
    assert measure_channels(Sound(np.zeros((2, 1600), np.float32))).layout is ChannelLayout.STEREO


@pytest.mark.parametrize(
    ("samples", "rate"),
    [(np.zeros(100), 16_000), (np.zeros((0, 100)), 16_000), (np.zeros((1, 100)), 44_100)],
)
def test_sound_of_another_kind_is_refused(samples: np.ndarray, rate: int) -> None:
    with pytest.raises(SoundUnusable):
        Sound(samples.astype(np.float32), rate)
