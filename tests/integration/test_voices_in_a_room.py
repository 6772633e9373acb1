"""Who speaks, in a simulated room with an echo, from the sound that a small device records.

The figures over whole conversations and several rooms are rows of the bench (``make bench``).
"""

import pytest

from pipeline.analysis.attribution import voices_of
from pipeline.analysis.diarization import diarize
from pipeline.analysis.language import speech_language
from pipeline.analysis.scores import diarization_score
from storage.records import SoundLayout
from tests.rooms import Scene, heard_words, scene

ONE_DEVICE = SoundLayout.ONE_DEVICE


@pytest.fixture(scope="module")
def talk() -> Scene:
    return scene(seconds=75, seed=3)


def test_two_capsules_tell_two_people_apart(talk: Scene) -> None:
    found = diarize(
        talk.sound, speech=talk.speech, words=(), speakers=2, layout=ONE_DEVICE, language="da"
    )
    named = [(start, end, str(voice)) for start, end, voice in found.segments()]
    assert found.engine == "arrival_time"
    assert diarization_score(talk.truth, named).confusion <= 0.04


def test_one_capsule_and_the_text_give_four_of_five_words_to_the_right_person(talk: Scene) -> None:
    words, truth = heard_words(talk, seed=0)
    found = diarize(
        talk.mono, speech=talk.speech, words=words, speakers=2, layout=ONE_DEVICE, language="da"
    )
    given, _ = voices_of(words, found, language=speech_language("da"))
    assert found.engine == "fused"
    assert (given == truth).mean() >= 0.8
