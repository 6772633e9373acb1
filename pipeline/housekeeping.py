"""What a worker does for the whole site now and then: end what is over, go on with what can.

Everything here may be repeated and be done by several workers at once.
"""

from collections.abc import Callable

from consent.model import RecordingId
from pipeline.errors import DiskFull
from pipeline.stages import ingest
from storage import audit, consent_ledger, recordings, requests, uploads
from storage.erasure import erase, unfinished_erasures
from storage.home import Home
from storage.records import BlobRole, RequestKind
from storage.vault.errors import UploadBusy

ACTOR = "worker"
_NO_ROOM = ("DiskFull", "StoreFull")
_ERASED = "erased"


def erase_recording(home: Home, recording: RecordingId) -> None:
    """Erase a recording and say so in the audit log, once."""
    erase(home, recording)
    with home.transaction() as tx:
        if all(entry.action != _ERASED for entry in audit.entries_about(tx, recording)):
            audit.append(tx, actor=ACTOR, action=_ERASED, subject=recording)


def erase_what_is_due(home: Home, *, erase_one: Callable[[RecordingId], None]) -> None:
    """Erase what has been kept for its time, and what an interrupted erasure has left."""
    with home.reading() as tx:
        due = {*unfinished_erasures(tx), *recordings.due_for_erasure(tx)}
    for recording in sorted(due):
        erase_one(recording)


def end_expired_uploads(home: Home) -> None:
    """Remove what has arrived of films that nobody goes on sending."""
    with home.reading() as tx:
        expired = uploads.expired_uploads(tx)
    for upload in expired:
        try:
            home.vault.forget_upload(upload.recording, upload=upload.id)
        except UploadBusy:  # somebody has gone on at the last moment
            continue
        with home.transaction() as tx:
            uploads.end_upload(tx, upload.id)


def go_on_where_there_is_room(home: Home) -> None:
    """Ask again for the processing of what a full disk had stopped, where it fits now."""
    with home.reading() as tx:
        stopped = requests.stopped_by(tx, _NO_ROOM)
    for recording in stopped:
        with home.transaction() as tx:
            if consent_ledger.gaps(tx, recording):
                continue
            film = recordings.blob_of(tx, recording, BlobRole.SOURCE)
            try:
                ingest.check_room(home, film_bytes=film.size)
            except DiskFull:
                continue
            requests.ask(tx, RequestKind.PROCESS, recording)
