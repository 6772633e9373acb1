"""Speech: where does anyone speak, and can it be heard?"""

from dataclasses import asdict

from consent.model import RecordingId
from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.sound_quality import sound_hints
from pipeline.stages.workshop import Workshop
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Find the stretches with speech in them, and what the sound suffers from there."""
    permit = shop.permit(recording)
    sound = shop.sound(permit)
    speech = shop.voice_activity.speech(mono_for_recognition(sound))
    shop.save_document(permit, BlobRole.SPEECH, speech)
    hints = sound_hints(sound, speech=speech)
    shop.save_document(permit, BlobRole.SOUND_HINTS, [asdict(hint) for hint in hints])
