"""Picture: small pictures for the timeline, and friendly hints about the film's light."""

from consent.model import RecordingId
from pipeline.engines.film_tasks import FilmTask
from pipeline.engines.film_tasks.answers import QUALITY
from pipeline.stages.workshop import Workshop
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Make the sheets of thumbnails and look at the key frames' quality, in one pass."""
    permit = shop.permit(recording)
    length_ms = shop.recording(recording).duration_ms or 0
    with (
        shop.open(permit, BlobRole.PROXY) as proxy,
        shop.new(permit, BlobRole.THUMBNAILS) as sheets,
    ):
        found = shop.on_film(
            FilmTask.LOOK_THROUGH,
            proxy,
            target=sheets,
            length_ms=length_ms,
            duration_ms=length_ms,
        )
    quality = QUALITY.validate_python(found)
    shop.save_document(permit, BlobRole.QUALITY, QUALITY.dump_python(quality, mode="json"))
