"""What a worker does for the whole site now and then: end what is over, go on with what can.

Everything here may be repeated and be done by several workers at once.
"""

from collections.abc import Callable
from datetime import timedelta

from consent.model import RecordingId
from pipeline.errors import DiskFull
from pipeline.stages import ingest
from storage import consent_ledger, erasure, media, requests, uploads
from storage.anchors import anchor_what_is_new
from storage.course_erasure import erase_goals_of_ended_courses
from storage.home import Home, keks_of
from storage.records import ErasureReason, RequestKind
from storage.vault.errors import UploadBusy
from storage.vault.kek import KekFile
from storage.vault.key_copies import copy_keys

_NO_ROOM = ("DiskFull", "StoreFull")
_DAY = timedelta(days=1)


def erase_what_is_due(
    home: Home, *, erase_one: Callable[[RecordingId, ErasureReason], None]
) -> None:
    """Erase what has been kept for its time, and what a duty or a kill has left to be erased."""
    erase_goals_of_ended_courses(home)
    with home.reading() as tx:
        due = erasure.due(tx)
    failed: Exception | None = None
    for recording, because in sorted(due.items()):
        try:
            erase_one(recording, because)
        except Exception as error:  # noqa: BLE001 - one that fails hinders no other
            failed = failed or error
    if failed is not None:
        raise failed


def keep_proof(home: Home) -> None:
    """Note outside the database where the audit log ends, once a day."""
    anchor_what_is_new(home)


def keep_keys(home: Home) -> None:
    """Rotate where an erasure waits for it, copy the key store daily, and keep the KEK's copy."""
    erasure.rotate_what_is_outstanding(home)
    copy_keys(home.keys, home.settings.keys_backup_dir, unless_since=home.clock() - _DAY)
    keks = keks_of(home.settings)
    if isinstance(keks, KekFile):
        keks.keep_copy()


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


def discard_what_was_taken_back(home: Home) -> None:
    """Delete the files of films that were taken back, where that was cut off."""
    media.discard_what_was_taken_back(home)


def go_on_where_there_is_room(home: Home) -> None:
    """Ask again for the processing of what a full disk had stopped, where it fits now."""
    with home.reading() as tx:
        stopped = requests.stopped_by(tx, _NO_ROOM)
    for recording in stopped:
        with home.transaction() as tx:
            if consent_ledger.gaps(tx, recording):
                continue
            try:
                ingest.check_room(home, tx, recording)
            except DiskFull:
                continue
            requests.ask(tx, RequestKind.PROCESS, recording)
