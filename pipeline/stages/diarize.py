"""Diarize: which voice speaks when, from how the sound reached the device, or how it sounds."""

from consent.model import RecordingId
from pipeline.engines.ports import RecognizedWord
from pipeline.stages.workshop import Workshop
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Tell the voices apart and keep how sure each moment is. No voice print is kept."""
    permit = shop.permit(recording)
    facts = shop.recording(recording)
    words = shop.document(permit, BlobRole.WORDS)["words"]
    voices = shop.diarizer.diarize(
        shop.sound(permit),
        speech=[(start, end) for start, end in shop.document(permit, BlobRole.SPEECH)],
        words=[RecognizedWord(**word) for word in words],
        speakers=facts.speakers,
        layout=facts.sound,
        language=facts.language,
    )
    with shop.new(permit, BlobRole.SPEAKERS) as writer:
        writer.write(voices.to_bytes())
