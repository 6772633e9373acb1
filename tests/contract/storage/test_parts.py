from datetime import timedelta

import pytest

from consent.model import RecordingId
from storage import parts, recordings, uploads
from storage.errors import PartUnknown, TooManyParts
from storage.records import BlobRole, FilmPart, PartId, PartKind, Upload
from storage.transaction import Transaction
from storage.vault.blobs import BlobRef
from tests.contract.storage.scene import NOW, Site, after


def announced(recording: RecordingId, *names: str) -> list[FilmPart]:
    kinds = {"voice": PartKind.SOUND}
    return [FilmPart(PartId(n), recording, kinds.get(n, PartKind.CAMERA)) for n in names]


def begin(tx: Transaction, site: Site, recording: RecordingId, part: str) -> Upload:
    return uploads.begin_upload(
        tx,
        recording,
        owner=site.caseworker.id,
        length=9,
        expires_at=NOW + timedelta(days=1),
        part=PartId(part),
    )


def arrive(tx: Transaction, site: Site, recording: RecordingId, part: str) -> BlobRef:
    upload = begin(tx, site, recording, part)
    uploads.set_offset(tx, upload.id, offset=9)
    blob = BlobRef(f"{recording}/source/{upload.id}", 9)
    uploads.finish_upload(tx, upload.id, source=blob)
    return blob


class TestParts:
    def test_the_film_is_here_when_every_file_is(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        parts.arrange(tx, recording, announced(recording, "one", "two", "voice"))
        for name in ("voice", "one"):
            arrive(tx, site, recording, name)
            assert recordings.recording(tx, recording).received_at is None
        missing = [part.id for part in parts.parts_of(tx, recording) if part.blob is None]
        assert missing == ["two"]
        arrive(after(tx, hours=1), site, recording, "two")
        assert recordings.recording(tx, recording).received_at == after(tx, hours=1).at
        assert parts.film_bytes(tx, recording) == 27
        assert len(recordings.blobs_of(tx, recording, BlobRole.SOURCE)) == 3

    def test_the_order_may_change_and_what_is_here_stays(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        parts.arrange(tx, recording, announced(recording, "one", "two"))
        blob = arrive(tx, site, recording, "one")
        parts.arrange(tx, recording, announced(recording, "two", "one"))
        assert [(p.id, p.blob) for p in parts.parts_of(tx, recording)] == [
            ("two", None),
            ("one", blob.key),
        ]

    def test_a_file_taken_back_is_cast_off_until_it_is_forgotten(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        parts.arrange(tx, recording, announced(recording, "one", "two", "three"))
        kept, gone = (arrive(tx, site, recording, name) for name in ("one", "two"))
        begun = begin(tx, site, recording, "three")
        assert parts.cast_off(tx) == ()
        assert uploads.taken_back(tx) == ()
        parts.arrange(tx, recording, announced(recording, "one", "four"))
        assert parts.cast_off(tx) == ((recording, gone),)
        assert [upload.id for upload in uploads.taken_back(tx)] == [begun.id]
        parts.forget_blob(tx, gone.key)
        uploads.end_upload(tx, begun.id)
        assert (parts.cast_off(tx), uploads.taken_back(tx)) == ((), ())
        assert recordings.blobs_of(tx, recording, BlobRole.SOURCE) == (kept,)

    def test_taking_back_what_is_missing_makes_the_film_whole(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        parts.arrange(tx, recording, announced(recording, "one", "two"))
        arrive(tx, site, recording, "one")
        parts.arrange(tx, recording, announced(recording, "one"))
        assert recordings.recording(tx, recording).received_at == NOW
        parts.arrange(tx, recording, [])
        assert recordings.recording(tx, recording).received_at is None

    def test_a_file_that_arrives_after_it_was_taken_back_is_cast_off(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        parts.arrange(tx, recording, announced(recording, "one", "two"))
        upload = begin(tx, site, recording, "two")
        uploads.set_offset(tx, upload.id, offset=9)
        parts.arrange(tx, recording, announced(recording, "one"))
        late = BlobRef(f"{recording}/source/late", 9)
        uploads.finish_upload(tx, upload.id, source=late)
        assert parts.cast_off(tx) == ((recording, late),)
        assert recordings.recording(tx, recording).received_at is None

    def test_only_announced_files_are_taken(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        with pytest.raises(PartUnknown):
            begin(tx, site, recording, "two")
        parts.arrange(tx, recording, announced(recording, "one"))
        with pytest.raises(PartUnknown):
            begin(tx, site, recording, "")
        with pytest.raises(TooManyParts):
            parts.arrange(tx, recording, announced(recording, *map(str, range(parts.MOST + 1))))

    def test_a_film_of_one_file_announces_itself(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        assert parts.parts_of(tx, recording) == ()
        blob = arrive(tx, site, recording, "")
        [only] = parts.parts_of(tx, recording)
        assert (only.id, only.blob) == ("", blob.key)
        assert recordings.recording(tx, recording).received_at == NOW
