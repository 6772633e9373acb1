"""Ingest: is the film whole, is it new, and is there room to work on it?

It was encrypted on arrival. Here every segment is authenticated once, so that damage shows
before hours are spent, and a keyed fingerprint tells whether the same film is here already.
"""

import hmac

from consent.model import RecordingId
from pipeline.engines.disk import check_free_space
from pipeline.stages.workshop import Workshop
from storage import recordings
from storage.home import Home
from storage.records import BlobRole
from storage.vault.keys import SiteKey

_CHUNK = 4 * 1024 * 1024
# A proxy, the decoded sound and their spool, as a multiple of the film.
_ROOM_FACTOR = 2


def check_room(home: Home, *, film_bytes: int) -> None:
    """Check that there is room to work on a film of this size.

    Raises:
        DiskFull: There is not.
    """
    check_free_space(home.settings.home, needed_bytes=_ROOM_FACTOR * film_bytes)


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Verify the film and take its fingerprint.

    Raises:
        TamperedBlob: The film is not what was stored.
        AlreadyReceived: The caseworker has uploaded the same film before.
        DiskFull: There is no room to work on it.
    """
    permit = shop.permit(recording)
    digest = hmac.new(shop.home.keys.site_key(SiteKey.FINGERPRINT), digestmod="sha256")
    with shop.open(permit, BlobRole.SOURCE) as source:
        size = source.size
        check_room(shop.home, film_bytes=size)
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            shop.progress(source.tell() / size)
    with shop.home.transaction() as tx:
        recordings.set_fingerprint(tx, recording, fingerprint=digest.hexdigest())
