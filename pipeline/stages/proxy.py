"""Proxy: a film that every browser plays and seeks in at once."""

from dataclasses import asdict
from pathlib import Path

from consent.model import RecordingId
from pipeline.engines.ffmpeg_command import find_program
from pipeline.engines.film_tasks import FilmTask
from pipeline.engines.film_tasks.answers import PROBE
from pipeline.engines.probing import Way
from pipeline.stages.workshop import Workshop
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Copy the film into a streamable container if a browser can play it, else encode it.

    Raises:
        MediaRefused: Its picture or its sound cannot be read.
    """
    permit = shop.permit(recording)
    probe = shop.document(permit, BlobRole.PROBE)
    found = PROBE.validate_python(probe)
    way = found.browser_playable().way
    with (
        shop.film(permit) as source,
        shop.new(permit, BlobRole.PROXY) as proxy,
    ):
        if way is Way.ENCODE:
            program = find_program()
            shop.on_film(
                FilmTask.ENCODE,
                source,
                target=proxy,
                length_ms=found.duration_ms,
                readable=(Path(program.path),),
                probe=probe,
                program=asdict(program),
            )
        else:
            shop.on_film(
                FilmTask.REMUX,
                source,
                target=proxy,
                length_ms=found.duration_ms,
                probe=probe,
                encode_sound=way is Way.COPY_PICTURE,
            )
