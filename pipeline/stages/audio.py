"""Audio: the sound decoded once, both channels kept, for everything that listens."""

from consent.model import RecordingId
from pipeline.engines.film_tasks import FilmTask
from pipeline.engines.sound import waveform
from pipeline.stages.workshop import Workshop
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Decode the sound and keep it and its outline.

    Raises:
        MediaRefused: It cannot be read.
    """
    permit = shop.permit(recording)
    length_ms = shop.recording(recording).duration_ms or 0
    with (
        shop.film(permit) as source,
        shop.new(permit, BlobRole.AUDIO) as writer,
    ):
        shop.on_film(
            FilmTask.KEEP_SOUND,
            source,
            target=writer,
            length_ms=length_ms,
            duration_ms=length_ms,
        )
    sound = shop.sound(permit)
    shop.save_document(permit, BlobRole.WAVEFORM, list(waveform(sound.samples)))
