"""Ingest: is the film whole, is it new, and is there room to work on it?

It was encrypted on arrival. Here every segment is authenticated once, so that damage shows
before hours are spent, and a keyed fingerprint tells whether the same film is here already.
"""

import hmac

from consent.model import RecordingId
from pipeline.engines.disk import check_free_space
from pipeline.stages.workshop import Workshop
from storage import parts, recordings
from storage.home import Home
from storage.transaction import Transaction
from storage.vault.keys import SiteKey

_CHUNK = 4 * 1024 * 1024
# A proxy, the decoded sound and their spool, as a multiple of the film; of several files, the
# film that they are joined to as well.
_ROOM_FACTOR = 2
_ROOM_FACTOR_JOINED = 3


def check_room(home: Home, tx: Transaction, recording: RecordingId) -> None:
    """Check that there is room to work on a film.

    Raises:
        DiskFull: There is not.
    """
    joined = len(parts.parts_of(tx, recording)) > 1
    factor = _ROOM_FACTOR_JOINED if joined else _ROOM_FACTOR
    needed = factor * parts.film_bytes(tx, recording)
    check_free_space(home.settings.home, needed_bytes=needed)


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Verify the film and take its fingerprint.

    Raises:
        TamperedBlob: The film is not what was stored.
        AlreadyReceived: The caseworker has uploaded the same film before.
        DiskFull: There is no room to work on it.
    """
    permit = shop.permit(recording)
    with shop.home.reading() as tx:
        check_room(shop.home, tx, recording)
        size = parts.film_bytes(tx, recording)
    digest = hmac.new(shop.home.keys.site_key(SiteKey.FINGERPRINT), digestmod="sha256")
    done = 0
    for source in shop.sources(permit):
        with source() as reader:
            while chunk := reader.read(_CHUNK):
                digest.update(chunk)
                done += len(chunk)
                shop.progress(min(1.0, done / size))
    with shop.home.transaction() as tx:
        recordings.set_fingerprint(tx, recording, fingerprint=digest.hexdigest())
