"""Films on their way in. Their bytes go to the vault; here is how far they have come."""

from datetime import datetime, timedelta

from sqlmodel import col, delete, or_, select

from consent.model import RecordingId
from storage import parts
from storage.errors import UploadUnfinished
from storage.identity import new_id
from storage.records import ONLY_PART, PartId, Upload, UploadId, UserId
from storage.tables import FilmPartRow, RecordingRow, UploadRow
from storage.transaction import Transaction
from storage.vault.blobs import BlobRef

LIFETIME = timedelta(days=7)
"""How long an unfinished upload waits to be gone on with."""


def begin_upload(
    tx: Transaction,
    recording: RecordingId,
    *,
    owner: UserId,
    length: int,
    expires_at: datetime,
    media_type: str = "",
    part: PartId = ONLY_PART,
) -> Upload:
    """Expect ``length`` bytes: one of the announced files of a film, or all of it.

    Raises:
        PartUnknown: Other files were announced.
    """
    parts.expect(tx, recording, part)
    row = UploadRow(
        id=new_id(),
        recording=recording,
        owner=owner,
        length=length,
        expires_at=expires_at,
        media_type=media_type,
        part=part,
    )
    tx.session.add(row)
    tx.session.flush()
    return _upload(row)


def upload(tx: Transaction, id_: UploadId) -> Upload:
    """Return how far an upload has come.

    Raises:
        NotFound: It has ended, or there never was one.
    """
    return _upload(tx.row(UploadRow, id_))


def uploads_of(tx: Transaction, recording: RecordingId) -> tuple[Upload, ...]:
    """Return the uploads of a recording that have not ended."""
    query = select(UploadRow).where(UploadRow.recording == recording)
    return tuple(map(_upload, tx.session.exec(query.order_by(col(UploadRow.id)))))


def expired_uploads(tx: Transaction) -> tuple[Upload, ...]:
    """Return the uploads that nobody has gone on with in time."""
    query = select(UploadRow).where(col(UploadRow.expires_at) <= tx.at)
    return tuple(map(_upload, tx.session.exec(query.order_by(col(UploadRow.id)))))


def taken_back(tx: Transaction) -> tuple[Upload, ...]:
    """Return the uploads of files that are no longer announced."""
    announced = select(FilmPartRow.id).where(FilmPartRow.recording == UploadRow.recording)
    query = select(UploadRow).where(
        col(UploadRow.part).not_in(announced.correlate(UploadRow)),
        or_(
            col(UploadRow.recording).in_(select(FilmPartRow.recording)),
            col(UploadRow.recording).in_(
                select(RecordingRow.id).where(col(RecordingRow.received_at).is_(None))
            ),
        ),
    )
    return tuple(map(_upload, tx.session.exec(query.order_by(col(UploadRow.id)))))


def set_offset(
    tx: Transaction, id_: UploadId, *, offset: int, expires_at: datetime | None = None
) -> None:
    """Note how many bytes are stored, and perhaps a later end of waiting."""
    row = tx.row(UploadRow, id_)
    row.offset = offset
    row.expires_at = expires_at or row.expires_at


def finish_upload(tx: Transaction, id_: UploadId, *, source: BlobRef) -> RecordingId:
    """Note that the whole file is here and end its upload.

    Raises:
        UploadUnfinished: Some of it has not arrived yet.
    """
    row = tx.row(UploadRow, id_)
    if row.offset != row.length:
        raise UploadUnfinished(f"upload {id_}: {row.offset} of {row.length} bytes")
    recording = RecordingId(row.recording)
    parts.receive(tx, recording, PartId(row.part), source=source)
    end_upload(tx, id_)
    return recording


def end_upload(tx: Transaction, id_: UploadId) -> None:
    """Forget an upload, if it is known."""
    tx.session.exec(delete(UploadRow).where(col(UploadRow.id) == id_))


def _upload(row: UploadRow) -> Upload:
    return Upload(
        id=UploadId(row.id),
        recording=RecordingId(row.recording),
        owner=UserId(row.owner),
        length=row.length,
        offset=row.offset,
        expires_at=row.expires_at,
        media_type=row.media_type,
        part=PartId(row.part),
    )
