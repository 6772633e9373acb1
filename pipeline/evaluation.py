"""How good is the recognizer on the sample, whose true script is known?"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.analysis.attribution import turns_from
from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.diarization.route import diarize
from pipeline.analysis.roles import roles_from
from pipeline.analysis.scores import word_error_rate
from pipeline.analysis.sound import Sound
from pipeline.engines.choice import chosen_recognizer
from pipeline.engines.sound import decode, whole
from pipeline.engines.voice_activity import SileroVoiceActivity
from pipeline.rehearsal import (
    SAMPLE,
    SampleScript,
    plain_words,
    sample_script,
    words_of_script,
)
from storage.records import SoundLayout, Turn, TurnKind
from storage.settings import Settings


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out.

    Attributes:
        word_error_rate: Substitutions, deletions and insertions per true word (0 is best).
        speaker_accuracy: Share of recognized words given to the one who was speaking.
        real_time_factor: Seconds of sound recognized in a second.
    """

    word_error_rate: float
    speaker_accuracy: float
    words: int
    real_time_factor: float
    model: str


def evaluate_sample(*, progress: Callable[[float], None]) -> Evaluation:
    """Decode, recognize and attribute the sample, and compare with its script."""
    settings = Settings()
    recognizer = chosen_recognizer(settings.model, models_folder=settings.models_folder())
    script = sample_script()
    with SAMPLE.open("rb") as film:
        sound = Sound(whole(decode(film, duration_ms=script.duration_ms, progress=lambda _: None)))
    samples = mono_for_recognition(sound)
    speech = SileroVoiceActivity().speech(samples)
    began = time.monotonic()
    words = recognizer.recognize(samples, language="da", speech=speech, progress=progress)
    took = time.monotonic() - began
    voices = diarize(
        sound, speech=speech, words=words, speakers=2, layout=SoundLayout.ONE_DEVICE, language="da"
    )
    roles = roles_from(words, voices, language="da")
    turns = turns_from(words, voices, roles=roles.names, language="da")
    said = words_of_script()
    return Evaluation(
        word_error_rate=word_error_rate(
            " ".join(said), " ".join(plain_words(" ".join(word.text for word in words)))
        ),
        speaker_accuracy=_speaker_accuracy(turns, script),
        words=len(said),
        real_time_factor=sound.duration_ms / 1000 / took,
        model=recognizer.name,
    )


def _speaker_accuracy(turns: tuple[Turn, ...], script: SampleScript) -> float:
    right = total = 0
    for turn in turns:
        if turn.kind is not TurnKind.TURN:
            continue
        for word in turn.words:
            middle = (word.start_ms + word.end_ms) // 2
            speaking = {
                line.role.value for line in script.lines if line.start_ms <= middle < line.end_ms
            }
            if speaking:
                total += 1
                right += turn.speaker in speaking
    return right / total if total else 0.0
