"""Hearing one file as the stages would, without a home: for evaluation, not for recordings."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.analysis.attribution import turns_from
from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.roles import roles_from
from pipeline.analysis.sound import Sound
from pipeline.children.diarizer import chosen_diarizer
from pipeline.engines.choice import chosen_recognizer
from pipeline.engines.ports import RecognizedWord
from pipeline.engines.sound import decode, whole
from pipeline.engines.voice_activity import SileroVoiceActivity
from pipeline.errors import FileMissing
from storage.records import SoundLayout, Turn
from storage.settings import Settings

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Heard:
    """What came out of a file.

    Attributes:
        took_s: Seconds that recognition alone took.
    """

    words: tuple[RecognizedWord, ...]
    turns: tuple[Turn, ...]
    model: str
    duration_ms: int
    took_s: float


def sound_of(path: Path) -> Sound:
    """Return the sound of a film or sound file, its channels as recorded.

    Raises:
        FileMissing: There is no such file.
        MediaRefused: It holds no sound, or is no recording.
    """
    if not path.is_file():
        raise FileMissing
    with path.open("rb") as film:
        return Sound(whole(decode(film, duration_ms=0, progress=_unheeded)))


def heard(
    path: Path, *, language: str, speakers: int, layout: SoundLayout, progress: Progress
) -> Heard:
    """Return words and turns of a film or sound file, by the model that the settings choose.

    Raises:
        FileMissing: There is no such file.
        MediaRefused: It holds no sound, or is no recording.
    """
    sound = sound_of(path)
    settings = Settings()
    recognizer = chosen_recognizer(settings.model, models_folder=settings.models_folder())
    diarizer = chosen_diarizer(settings)
    samples = mono_for_recognition(sound)
    speech = SileroVoiceActivity().speech(samples)
    began = time.monotonic()
    words = recognizer.recognize(samples, language=language, speech=speech, progress=progress)
    took_s = time.monotonic() - began
    voices = diarizer.diarize(
        sound, speech=speech, words=words, speakers=speakers, layout=layout, language=language
    )
    roles = roles_from(words, voices, language=language)
    return Heard(
        words=words,
        turns=turns_from(words, voices, roles=roles.names, language=language),
        model=recognizer.name,
        duration_ms=sound.duration_ms,
        took_s=took_s,
    )


def _unheeded(_: float) -> None:
    """Take no notice of how far the decoding has come: it takes seconds."""
