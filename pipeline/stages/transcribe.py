"""Transcribe: what is said, word by word, as a draft."""

from dataclasses import asdict

from consent.model import RecordingId
from pipeline.analysis.channels import mono_for_recognition
from pipeline.stages.workshop import Workshop
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Recognize the words of the speech found before, with their times and confidence."""
    permit = shop.permit(recording)
    samples = mono_for_recognition(shop.sound(permit))
    speech = [(start, end) for start, end in shop.document(permit, BlobRole.SPEECH)]
    words = shop.recognizer.recognize(
        samples,
        language=shop.recording(recording).language,
        speech=speech,
        progress=shop.progress,
    )
    shop.save_document(
        permit,
        BlobRole.WORDS,
        {
            "engine": shop.recognizer.name,
            "rehearsal": shop.recognizer.rehearsal,
            "words": [asdict(word) for word in words],
        },
    )
