"""A test recording: what would spoil sound or picture, found in seconds. Nothing of it is kept."""

from consent.model import RecordingId
from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.sound import Sound
from pipeline.analysis.sound_quality import sound_hints
from pipeline.engines.containers import Reader
from pipeline.engines.pictures import look_through
from pipeline.engines.ports import VoiceActivity
from pipeline.engines.probing import Limits, probe
from pipeline.engines.sound import decode, whole
from pipeline.engines.voice_activity import SileroVoiceActivity
from pipeline.errors import MediaRefused, Refusal
from pipeline.stages.workshop import Progress, film_to_blame
from storage import trials
from storage.home import Home
from storage.settings import Settings


def check(progress: Progress, *, trial: str) -> list[str]:
    """Return the codes of what spoils a clip that somebody waits for.

    Raises:
        MediaRefused: It cannot be checked; the code says why.
    """
    home = Home.open(Settings())
    with trials.open_clip(home, RecordingId(trial)) as clip:
        return look_into(
            clip, size=clip.size, voice_activity=SileroVoiceActivity(), progress=progress
        )


def look_into(
    clip: Reader, *, size: int, voice_activity: VoiceActivity, progress: Progress
) -> list[str]:
    """Return the codes of what spoils a clip, each once, those of the sound first.

    Raises:
        MediaRefused: It is longer than two minutes, silent by its kind, or cannot be read.
    """
    found = probe(clip, size=size, limits=Limits(duration_ms=trials.MOST_MS))
    if found.audio is None:
        raise MediaRefused(Refusal.NO_SOUND)
    with film_to_blame():
        chunks = decode(clip, duration_ms=found.duration_ms, progress=progress)
        sound = Sound(whole(chunks, duration_ms=found.duration_ms))
        speech = voice_activity.speech(mono_for_recognition(sound))
        codes = [hint.code.value for hint in sound_hints(sound, speech=speech)]
        if found.video is not None:
            pictures = look_through(clip, duration_ms=found.duration_ms, progress=progress)
            codes += [hint.code.value for hint in pictures.hints]
    return list(dict.fromkeys(codes))
