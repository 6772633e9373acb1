"""Proxy: a film that every browser plays and seeks in at once."""

from pydantic import TypeAdapter

from consent.model import RecordingId
from pipeline.engines.ffmpeg import encode
from pipeline.engines.probing import Probe, Way
from pipeline.engines.remux import remux
from pipeline.stages.workshop import Workshop, film_to_blame
from storage.records import BlobRole

_PROBE = TypeAdapter(Probe)


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Copy the film into a streamable container if a browser can play it, else encode it.

    Raises:
        MediaRefused: Its picture or its sound cannot be read.
    """
    permit = shop.permit(recording)
    found = _PROBE.validate_python(shop.document(permit, BlobRole.PROBE))
    way = found.browser_playable().way
    with (
        film_to_blame(),
        shop.film(permit) as source,
        shop.new(permit, BlobRole.PROXY) as proxy,
    ):
        if way is Way.ENCODE:
            encode(source, proxy, probe=found, progress=shop.progress)
        else:
            remux(
                source,
                proxy,
                probe=found,
                progress=shop.progress,
                encode_sound=way is Way.COPY_PICTURE,
            )
