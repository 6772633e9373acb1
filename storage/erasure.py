"""Erasing a recording: one eraser per holding, in steps that may be repeated.

The order is what makes the promise: first the fact that it is erased (from then on nobody gets a
permit), then the key (from then on nothing can be read, in backups neither), then everything
that has become unreadable. What stays is the recording's own row with its number and dates, and
the row that proves the erasure; neither tells anything about a person.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from sqlmodel import SQLModel, col, delete, select, update

from consent.model import RecordingId
from storage.home import Home
from storage.records import Erasure, ErasureReason, RequestKind
from storage.tables import (
    AccessAskRow,
    AnswerRow,
    BlobRow,
    BreakGlassRow,
    ConcernRow,
    ConcernStepRow,
    ConsentCodeRow,
    CycleRow,
    DeletionRow,
    DraftRow,
    EvidenceRow,
    EvidenceScanRow,
    HoldRow,
    MinutesRow,
    NoteRow,
    NotificationRow,
    ParticipantRow,
    RecordingRow,
    RequestRow,
    RoomRow,
    SegmentRow,
    SequenceRow,
    StageRunRow,
    TagRow,
    TranscriptRow,
    UploadRow,
)
from storage.transaction import Transaction

Eraser = Callable[[Transaction, RecordingId], None]


def begin_erasure(tx: Transaction, recording: RecordingId) -> None:
    """Note that a recording is erased: from this transaction on nobody gets a permit."""
    tx.row(RecordingRow, recording)
    if tx.session.get(DeletionRow, recording) is None:
        tx.session.add(DeletionRow(recording=recording, asked_at=tx.at))
        tx.session.flush()


def erase(home: Home, recording: RecordingId) -> None:
    """Erase a recording. Interrupted anywhere, it is finished by doing it again.

    It may be done again on what has been restored from a backup. What a straggler still tries
    to write about the recording is refused by the database and, without a key, by the vault.
    """
    with home.transaction() as tx:
        begin_erasure(tx, recording)
        blobs = _blob_keys(tx, recording)
    home.keys.destroy(recording)
    with home.transaction() as tx:
        row = tx.row(DeletionRow, recording)
        row.key_destroyed_at = row.key_destroyed_at or tx.at
    home.vault.erase(recording, keys=blobs)
    home.search.remove(recording)
    with home.transaction() as tx:
        _erase_rows(tx, recording)
        row = tx.row(DeletionRow, recording)
        row.completed_at = row.completed_at or tx.at


def erasures(tx: Transaction) -> tuple[Erasure, ...]:
    """Return what was erased and how far that has come, in the order asked for."""
    query = select(DeletionRow).order_by(col(DeletionRow.asked_at), col(DeletionRow.recording))
    return tuple(
        Erasure(
            recording=RecordingId(row.recording),
            because=ErasureReason(row.because),
            asked_at=row.asked_at,
            key_destroyed_at=row.key_destroyed_at,
            completed_at=row.completed_at,
            keys_rotated_at=row.keys_rotated_at,
        )
        for row in tx.session.exec(query)
    )


def unfinished_erasures(tx: Transaction) -> tuple[RecordingId, ...]:
    """Return the recordings whose erasure was begun and has not ended."""
    return tuple(erasure.recording for erasure in erasures(tx) if erasure.completed_at is None)


def _erase_rows(tx: Transaction, recording: RecordingId) -> None:
    for eraser in ERASERS.values():
        eraser(tx, recording)


def _blob_keys(tx: Transaction, recording: RecordingId) -> list[str]:
    return list(tx.session.exec(select(BlobRow.key).where(BlobRow.recording == recording)))


def _rows_of(table: type[SQLModel]) -> Eraser:
    """Return the eraser of a table whose rows all go."""
    column = table.__table__.c.recording  # type: ignore[attr-defined]

    def eraser(tx: Transaction, recording: RecordingId) -> None:
        tx.session.exec(delete(table).where(column == recording))

    return eraser


def _requests(tx: Transaction, recording: RecordingId) -> None:
    """Delete what is no longer to be done; the request to erase is still being answered."""
    tx.session.exec(
        delete(RequestRow).where(
            col(RequestRow.recording) == recording, col(RequestRow.kind) != RequestKind.ERASE
        )
    )


def _codes(tx: Transaction, recording: RecordingId) -> None:
    """Forget whose code it was; it only opens the page that says that all is gone."""
    tx.session.exec(
        update(ConsentCodeRow)
        .where(col(ConsentCodeRow.recording) == recording)
        .values(person=None, made_by="")
    )


def _own_facts(tx: Transaction, recording: RecordingId) -> None:
    """Leave of the recording's own row what says nothing about a person."""
    row = tx.row(RecordingRow, recording)
    row.youth_letter = ""
    row.fingerprint = None
    row.erased_at = row.erased_at or tx.at


ERASERS: Final[Mapping[str, Eraser]] = MappingProxyType(
    {
        "participants": _rows_of(ParticipantRow),
        "evidence": _rows_of(EvidenceRow),
        "evidence_scans": _rows_of(EvidenceScanRow),
        "consent_codes": _codes,
        "access_asks": _rows_of(AccessAskRow),
        "holds": _rows_of(HoldRow),
        "concerns": _rows_of(ConcernRow),
        "concern_steps": _rows_of(ConcernStepRow),
        "break_glass": _rows_of(BreakGlassRow),
        "notifications": _rows_of(NotificationRow),
        "uploads": _rows_of(UploadRow),
        "blobs": _rows_of(BlobRow),
        "requests": _requests,
        "stage_runs": _rows_of(StageRunRow),
        "transcripts": _rows_of(TranscriptRow),
        "segments": _rows_of(SegmentRow),
        "tags": _rows_of(TagRow),
        "sequences": _rows_of(SequenceRow),
        "answers": _rows_of(AnswerRow),
        "notes": _rows_of(NoteRow),
        "cycles": _rows_of(CycleRow),
        "minutes": _rows_of(MinutesRow),
        "rooms": _rows_of(RoomRow),
        "drafts": _rows_of(DraftRow),
        "recordings": _own_facts,
    }
)
"""One eraser per holding in the database, by table. Files are the vault's, words the index's."""

PROOF: Final = frozenset({"deletions"})
"""What names a recording and stays, because it is what proves the erasure."""
