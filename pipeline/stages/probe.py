"""Probe: what kind of film is this, is it whole, and can a browser play it as it is?"""

from consent.model import RecordingId
from pipeline.engines.film_tasks import FilmTask
from pipeline.engines.film_tasks.answers import PROBE
from pipeline.errors import MediaRefused, Refusal
from pipeline.stages.workshop import Workshop
from storage import recordings
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Look into the film's container and keep what was found.

    Raises:
        MediaRefused: It is not a film or sound that can be worked with, or nothing is heard in
            it; the code says why.
    """
    permit = shop.permit(recording)
    with shop.film(permit) as source:
        found = PROBE.validate_python(shop.on_film(FilmTask.PROBE, source, size=source.size))
    if found.audio is None:
        raise MediaRefused(Refusal.NO_SOUND)
    shop.save_document(permit, BlobRole.PROBE, PROBE.dump_python(found, mode="json"))
    with shop.home.transaction() as tx:
        recordings.set_duration(tx, recording, duration_ms=found.duration_ms)
