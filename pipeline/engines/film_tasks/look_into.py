"""Look into a test recording: what would spoil sound or picture, found in seconds."""

from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.sound import Sound
from pipeline.analysis.sound_quality import sound_hints
from pipeline.engines.containers import Reader, Writer
from pipeline.engines.pictures import look_through
from pipeline.engines.ports import VoiceActivity
from pipeline.engines.probing import Limits, probe
from pipeline.engines.sound import Progress, decode, whole
from pipeline.engines.voice_activity import SileroVoiceActivity
from pipeline.errors import MediaRefused, Refusal


def run(
    clip: Reader, _target: Writer, *, progress: Progress, size: int, longest_ms: int
) -> list[str]:
    """Return the codes of what spoils a clip."""
    return look_into(
        clip,
        size=size,
        longest_ms=longest_ms,
        voice_activity=SileroVoiceActivity(),
        progress=progress,
    )


def look_into(
    clip: Reader,
    *,
    size: int,
    longest_ms: int,
    voice_activity: VoiceActivity,
    progress: Progress,
) -> list[str]:
    """Return the codes of what spoils a clip, each once, those of the sound first.

    Raises:
        MediaRefused: It is too long, silent by its kind, or cannot be taken.
        EngineFailed: It cannot be read.
    """
    found = probe(clip, size=size, limits=Limits(duration_ms=longest_ms))
    if found.audio is None:
        raise MediaRefused(Refusal.NO_SOUND)
    chunks = decode(clip, duration_ms=found.duration_ms, progress=progress)
    sound = Sound(whole(chunks, duration_ms=found.duration_ms))
    speech = voice_activity.speech(mono_for_recognition(sound))
    codes = [hint.code.value for hint in sound_hints(sound, speech=speech)]
    if found.video is not None:
        pictures = look_through(clip, duration_ms=found.duration_ms, progress=progress)
        codes += [hint.code.value for hint in pictures.hints]
    return list(dict.fromkeys(codes))
