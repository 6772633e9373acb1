"""Audio: the sound decoded once, both channels kept, for everything that listens."""

from consent.model import RecordingId
from pipeline.engines.sound import decode, store_flac, waveform
from pipeline.stages.workshop import Workshop, film_to_blame
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Decode the sound and keep it and its outline.

    Raises:
        MediaRefused: It cannot be read.
    """
    permit = shop.permit(recording)
    length_ms = shop.recording(recording).duration_ms or 0
    with (
        film_to_blame(),
        shop.film(permit) as source,
        shop.new(permit, BlobRole.AUDIO) as writer,
    ):
        store_flac(decode(source, duration_ms=length_ms, progress=shop.progress), writer)
    sound = shop.sound(permit)
    shop.save_document(permit, BlobRole.WAVEFORM, list(waveform(sound.samples)))
