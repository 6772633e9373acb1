"""Picture: small pictures for the timeline, friendly hints about the film's light, movement."""

from base64 import b64encode

from consent.model import RecordingId
from pipeline.engines.film_tasks import FilmTask
from pipeline.engines.film_tasks.answers import LOOKED, QUALITY
from pipeline.stages.workshop import Workshop
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Make the sheets of thumbnails, look at the key frames' quality and at movement, in one pass.

    Sound alone has a still picture, of which nothing is said.
    """
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
    looked = LOOKED.validate_python(found)
    quality = QUALITY.dump_python(looked.quality, mode="json")
    shop.save_document(permit, BlobRole.QUALITY, quality)
    if shop.document(permit, BlobRole.PROBE)["video"] is not None:
        moved = looked.movement
        levels = b64encode(bytes(moved.levels)).decode()
        shop.save_document(
            permit, BlobRole.MOVEMENT, {"every_ms": moved.every_ms, "levels": levels}
        )
