from datetime import timedelta

import pytest

from consent.model import RecordingId
from storage import recordings, uploads
from storage.errors import NotFound, UploadUnfinished
from storage.records import Upload, UploadId
from storage.transaction import Transaction
from storage.vault.blobs import BlobRef
from tests.contract.storage.scene import NOW, Site, after

GIB_6 = 6 * 1024**3
FILM = BlobRef("film", GIB_6)


def begin(tx: Transaction, site: Site, recording: RecordingId) -> Upload:
    return uploads.begin_upload(
        tx,
        recording,
        owner=site.caseworker.id,
        length=GIB_6,
        expires_at=NOW + timedelta(days=1),
        media_type="video/mp4",
    )


class TestUploads:
    def test_it_goes_on_where_it_was(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        upload = begin(tx, site, recording)
        assert uploads.upload(tx, upload.id) == upload
        tomorrow = NOW + timedelta(days=2)
        uploads.set_offset(tx, upload.id, offset=GIB_6 - 1, expires_at=tomorrow)
        [kept] = uploads.uploads_of(tx, recording)
        assert (kept.offset, kept.length, kept.expires_at) == (GIB_6 - 1, GIB_6, tomorrow)

    def test_finishing_marks_the_recording_received(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        upload = begin(tx, site, recording)
        uploads.set_offset(tx, upload.id, offset=GIB_6)
        assert uploads.finish_upload(tx, upload.id, source=FILM) == recording
        assert recordings.recording(tx, recording).received_at == NOW
        with pytest.raises(NotFound):
            uploads.upload(tx, upload.id)

    def test_an_unfinished_film_is_not_received(self, tx: Transaction, site: Site) -> None:
        upload = begin(tx, site, site.recording().id)
        with pytest.raises(UploadUnfinished):
            uploads.finish_upload(tx, upload.id, source=FILM)

    def test_the_same_film_may_be_sent_again_for_its_own_recording(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        recordings.mark_received(tx, recording, source=FILM)
        again = begin(tx, site, recording)
        uploads.set_offset(tx, again.id, offset=GIB_6)
        assert uploads.finish_upload(tx, again.id, source=FILM) == recording

    def test_what_nobody_goes_on_with_expires(self, tx: Transaction, site: Site) -> None:
        upload = begin(tx, site, site.recording().id)
        assert uploads.expired_uploads(after(tx, hours=23)) == ()
        assert uploads.expired_uploads(after(tx, hours=24)) == (upload,)
        uploads.end_upload(tx, upload.id)
        uploads.end_upload(tx, UploadId("none"))
        assert uploads.expired_uploads(after(tx, hours=24)) == ()
