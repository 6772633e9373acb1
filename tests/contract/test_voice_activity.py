"""What every VoiceActivity promises, run on the fake and on the real model."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.analysis.intervals import intersection, total, union
from pipeline.analysis.sound import RATE
from pipeline.engines.ports import VoiceActivity
from pipeline.engines.voice_activity import CHUNK, SileroVoiceActivity
from tests.fakes.engines import FakeVoiceActivity
from tests.rooms import scene
from tests.signals import HIGH, LOW, talk

HISS_DB = 15
TALK = talk([LOW, HIGH], seconds=20, seed=3)


def recording() -> NDArray[np.float32]:
    noise = 0.001 * np.random.default_rng(0).normal(size=len(TALK.tracks[0]))
    return (TALK.tracks[0] + TALK.tracks[1] + noise).astype(np.float32)


@pytest.fixture(params=[FakeVoiceActivity, SileroVoiceActivity], ids=["fake", "silero"])
def activity(request: pytest.FixtureRequest) -> VoiceActivity:
    made: VoiceActivity = request.param()
    return made


class TestVoiceActivity:
    def test_silence_holds_no_speech(self, activity: VoiceActivity) -> None:
        assert activity.speech(np.zeros(5 * RATE, np.float32)) == ()

    def test_no_sound_holds_no_speech(self, activity: VoiceActivity) -> None:
        assert activity.speech(np.zeros(0, np.float32)) == ()

    def test_regions_are_sorted_disjoint_and_within_the_sound(
        self, activity: VoiceActivity
    ) -> None:
        found = activity.speech(recording())
        assert found == union(found)
        assert found[0][0] >= 0
        assert found[-1][1] <= 20_000

    def test_most_speech_is_found(self, activity: VoiceActivity) -> None:
        found = activity.speech(recording())
        assert total(intersection(found, TALK.speech)) > 0.8 * total(TALK.speech)

    def test_the_sound_is_left_as_it_was(self, activity: VoiceActivity) -> None:
        sound = recording()
        before = sound.copy()
        activity.speech(sound)
        assert np.array_equal(sound, before)

    def test_the_same_sound_gives_the_same_regions(self, activity: VoiceActivity) -> None:
        assert activity.speech(recording()) == activity.speech(recording())


@pytest.mark.parametrize("quieter_db", [15, 25, 35])
def test_quiet_talk_over_a_hiss_is_found_like_loud_talk(quieter_db: int) -> None:
    """The model hears level: at 25 dB less it misses a third of the same talk."""
    room = scene(seconds=60, seed=0)
    loud = room.mono.samples[0]
    noisy = loud + np.std(loud) * 10 ** (-HISS_DB / 20) * pink(len(loud))
    found = SileroVoiceActivity().speech((noisy * 10 ** (-quieter_db / 20)).astype(np.float32))
    assert total(intersection(found, room.speech)) > 0.9 * total(room.speech)


def pink(samples: int) -> NDArray[np.float64]:
    """Return noise whose power falls by 3 dB an octave, with a spread of 1."""
    spectrum = np.fft.rfft(np.random.default_rng(0).normal(size=samples))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    noise = np.fft.irfft(spectrum, samples)
    return noise / noise.std()


def test_speech_across_a_chunk_border_is_one_region() -> None:
    at = CHUNK - 5 * RATE
    sound = np.zeros(CHUNK + 20 * RATE, np.float32)
    part = np.tile(recording()[RATE : 4 * RATE], 4)
    sound[at : at + len(part)] = part
    found = SileroVoiceActivity().speech(sound)
    border = CHUNK * 1000 // RATE
    assert any(start < border < end for start, end in found)
