"""Erasing a recording: one eraser per holding, in steps that may be repeated.

The order is what makes the promise: first the fact that it is erased (from then on nobody gets a
permit), also outside the database, where no restored backup undoes it; then the key (from then on
nothing can be read), then everything that has become unreadable, then what wraps the keys, so that
old copies of the key store open nothing either. What stays is the recording's own row with its
number and dates, and the row that proves the erasure; neither tells anything about a person.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time
from types import MappingProxyType
from typing import Final

from sqlmodel import SQLModel, col, delete, func, select, update

from consent.days import moment_of
from consent.model import RecordingId
from storage import audit, consent_ledger
from storage.anchors import ACTOR, ERASED, anchor_what_is_new
from storage.errors import RecordingHeld, StorageError
from storage.holds import is_held
from storage.home import Home
from storage.recordings import due_for_erasure
from storage.records import Erasure, ErasureReason, RequestKind
from storage.tables import (
    AccessAskRow,
    AnswerRow,
    BlobRow,
    BreakGlassRow,
    CodingRow,
    CodingSheetRow,
    ConcernRow,
    ConcernStepRow,
    ConsentCodeRow,
    CorrectionRow,
    CycleRow,
    DeletionRow,
    DraftRow,
    EvidenceRow,
    EvidenceScanRow,
    FilmPartRow,
    GoalLookRow,
    HoldRow,
    InvitationRow,
    LessonRow,
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
    TrainingCopyRow,
    TranscriptRow,
    UploadRow,
)
from storage.transaction import Transaction
from storage.vault.errors import KekCopyUnwritable, KekFixed, RotationOvertaken
from storage.vault.key_copies import copy_keys

HELD = "held."
"""Before the name of a kind of holding in the audit entry of an erasure."""
Eraser = Callable[[Transaction, RecordingId], None]


def begin_erasure(
    tx: Transaction,
    recording: RecordingId,
    *,
    because: ErasureReason = ErasureReason.WITHDRAWAL,
) -> None:
    """Note that a recording is erased: from this transaction on nobody gets a permit.

    Raises:
        NotFound: There never was such a recording.
        RecordingHeld: A duty to keep it stands; it is erased when that is lifted.
    """
    tx.row(RecordingRow, recording, lock=True)  # no hold is placed beside this
    if tx.session.get(DeletionRow, recording) is None:
        if is_held(tx, recording):
            raise RecordingHeld(f"recording {recording} is held")
        mark_erased(tx, Erasure(recording, because, asked_at=tx.at))


def mark_erased(tx: Transaction, erasure: Erasure) -> None:
    """Note an erasure that was decided before, whatever has been put back since."""
    if tx.session.get(DeletionRow, erasure.recording) is None:
        row = DeletionRow(
            recording=erasure.recording, because=erasure.because, asked_at=erasure.asked_at
        )
        tx.session.add(row)
        tx.session.flush()


def erase(
    home: Home, recording: RecordingId, *, because: ErasureReason = ErasureReason.WITHDRAWAL
) -> None:
    """Erase a recording. Interrupted anywhere, it is finished by doing it again.

    It may be done again on what has been restored from a backup; the reason that was noted first
    counts. What a straggler still tries to write about the recording is refused by the database
    and, without a key, by the vault.

    Raises:
        NotFound: There never was such a recording.
        RecordingHeld: A duty to keep it stands.
        ProofUnwritable: It could not be noted outside the database; its key is still there.
    """
    with home.transaction() as tx:
        begin_erasure(tx, recording, because=because)
    for step in STEPS:
        step(home, recording)


def _log_beginning(home: Home, recording: RecordingId) -> None:
    """Note it outside the database, where no backup that is put back will undo it."""
    with home.reading() as tx:
        begun = erasure_of(tx, recording)
    home.proof.note_deletion(replace(begun, completed_at=None))


def _destroy_key(home: Home, recording: RecordingId) -> None:
    home.keys.destroy(recording)
    with home.transaction() as tx:
        row = tx.row(DeletionRow, recording, lock=True)
        row.key_destroyed_at = row.key_destroyed_at or tx.at


def _remove_files(home: Home, recording: RecordingId) -> None:
    """Remove ciphertext, also of an upload under way and of what was being written."""
    with home.reading() as tx:
        blobs = list(tx.session.exec(select(BlobRow.key).where(BlobRow.recording == recording)))
    home.vault.erase(recording, keys=blobs)


def _remove_from_index(home: Home, recording: RecordingId) -> None:
    home.search.remove(recording)


def _remove_rows(home: Home, recording: RecordingId) -> None:
    """Remove the rows, and say in the audit log what there was, in kinds and counts."""
    lines = home.proof.deletion_lines_unchecked()
    with home.transaction() as tx:
        row = tx.row(DeletionRow, recording, lock=True)
        detail: dict[str, int | str] = {"because": row.because, "line": lines}
        detail.update((f"{HELD}{kind}", count) for kind, count in _counts(tx, recording).items())
        for eraser in ERASERS.values():
            eraser(tx, recording)
        if all(entry.action != ERASED for entry in audit.entries_about(tx, recording)):
            audit.append(tx, actor=ACTOR, action=ERASED, subject=recording, detail=detail)


def rotate_what_is_outstanding(home: Home, _recording: RecordingId | None = None) -> None:
    """Put a new key-encryption key in place, so that old copies of the keys open nothing.

    One rotation serves every erasure before it. Where the key comes from the operator and no
    newer one was given, or where the key's copy cannot be written, the erasures stay noted as
    outstanding, and this does nothing.
    """
    with home.reading() as tx:
        waiting = [each.recording for each in erasures(tx) if _awaits_rotation(each)]
    if not waiting or not rotate_now(home):
        return
    with home.transaction() as tx:
        for recording in waiting:
            row = tx.row(DeletionRow, recording)
            row.keys_rotated_at = row.keys_rotated_at or tx.at


def rotate_now(home: Home) -> bool:
    """Rotate unless the site does not want that, and return whether it could be done now."""
    if not home.settings.rotate_on_withdrawal:
        return False
    try:
        home.keys.rotate()
    except (KekFixed, KekCopyUnwritable, RotationOvertaken):
        return False  # it is tried again: with a newer key, with the disk, after the other one
    copy_keys(home.keys, home.settings.keys_backup_dir)
    return True


def _complete(home: Home, recording: RecordingId) -> None:
    with home.reading() as tx:
        ended = replace(erasure_of(tx, recording), completed_at=tx.at)
    home.proof.note_deletion(ended)
    with home.transaction() as tx:
        row = tx.row(DeletionRow, recording, lock=True)
        row.completed_at = row.completed_at or ended.completed_at


def _anchor(home: Home, _recording: RecordingId) -> None:
    anchor_what_is_new(home)


STEPS: tuple[Callable[[Home, RecordingId], None], ...] = (
    _log_beginning,
    _destroy_key,
    _remove_files,
    _remove_from_index,
    _remove_rows,
    rotate_what_is_outstanding,
    _complete,
    _anchor,
)
"""What erasing consists of once it has begun. Each may be repeated, and leads to the next."""


def due(tx: Transaction) -> Mapping[RecordingId, ErasureReason]:
    """Return what is to be erased now, and why, without what a duty keeps.

    That is what an interrupted erasure has left, what somebody asked to erase and a duty has kept
    since, and what has been kept for its time.
    """
    begun = {each.recording: each.because for each in erasures(tx) if each.completed_at is None}
    wanted = {
        **{recording: _end_of_time(tx, recording) for recording in due_for_erasure(tx)},
        **dict.fromkeys(_asked_for(tx), ErasureReason.WITHDRAWAL),
    }
    free = {each: because for each, because in wanted.items() if not is_held(tx, each)}
    return free | begun


def erasure_of(tx: Transaction, recording: RecordingId) -> Erasure:
    """Return how far a recording's erasure has come.

    Raises:
        NotFound: It has not begun.
    """
    return _erasure(tx.row(DeletionRow, recording))


def erasures(tx: Transaction) -> tuple[Erasure, ...]:
    """Return what was erased and how far that has come, in the order asked for."""
    query = select(DeletionRow).order_by(col(DeletionRow.asked_at), col(DeletionRow.recording))
    return tuple(map(_erasure, tx.session.exec(query)))


def unfinished_erasures(tx: Transaction) -> tuple[RecordingId, ...]:
    """Return the recordings whose erasure was begun and has not ended."""
    return tuple(erasure.recording for erasure in erasures(tx) if erasure.completed_at is None)


def outstanding_rotations(tx: Transaction) -> tuple[RecordingId, ...]:
    """Return what is erased while old copies of the key store, with their key, still open it."""
    return tuple(each.recording for each in erasures(tx) if _awaits_rotation(each))


def _awaits_rotation(erasure: Erasure) -> bool:
    return erasure.key_destroyed_at is not None and erasure.keys_rotated_at is None


def _asked_for(tx: Transaction) -> tuple[RecordingId, ...]:
    """Return what was asked to be erased and is not, although the request has been answered."""
    query = (
        select(RequestRow.recording)
        .join(RecordingRow, col(RecordingRow.id) == RequestRow.recording)
        .where(
            RequestRow.kind == RequestKind.ERASE,
            col(RequestRow.done_at).is_not(None),
            col(RecordingRow.erased_at).is_(None),
        )
        .distinct()
    )
    return tuple(map(RecordingId, tx.session.exec(query)))


def _end_of_time(tx: Transaction, recording: RecordingId) -> ErasureReason:
    """Return why a recording whose time is up goes: it was open until its day, or closed."""
    try:
        closed = _was_closed_on_its_day(tx, recording)
    except StorageError:  # its erasure has begun meanwhile, or its people cannot be read
        closed = False
    return ErasureReason.NO_CONSENT if closed else ErasureReason.RETENTION


def _was_closed_on_its_day(tx: Transaction, recording: RecordingId) -> bool:
    day = consent_ledger.erase_day(tx, recording)
    rules = consent_ledger.question(tx, recording).jurisdiction
    began = tx.at if day is None else moment_of(day, time(0), rules)
    return bool(consent_ledger.gaps(replace(tx, at=began), recording))


def _counts(tx: Transaction, recording: RecordingId) -> dict[str, int]:
    """Return how many there are of each kind of holding, blobs by what they are for."""
    found: dict[str, int] = {}
    for name in ERASERS:
        table = SQLModel.metadata.tables[name]
        if name not in {"recordings", "blobs"}:
            query = select(func.count()).select_from(table).where(table.c.recording == recording)
            found[name] = tx.session.exec(query).one()
    roles = select(BlobRow.role, func.count()).where(BlobRow.recording == recording)
    for role, count in tx.session.exec(roles.group_by(BlobRow.role)):
        found[f"blob.{role}"] = count
    return {kind: count for kind, count in found.items() if count}


def _erasure(row: DeletionRow) -> Erasure:
    return Erasure(
        recording=RecordingId(row.recording),
        because=ErasureReason(row.because),
        asked_at=row.asked_at,
        key_destroyed_at=row.key_destroyed_at,
        completed_at=row.completed_at,
        keys_rotated_at=row.keys_rotated_at,
    )


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
        "film_parts": _rows_of(FilmPartRow),
        "uploads": _rows_of(UploadRow),
        "blobs": _rows_of(BlobRow),
        "requests": _requests,
        "stage_runs": _rows_of(StageRunRow),
        "training_copies": _rows_of(TrainingCopyRow),
        "transcripts": _rows_of(TranscriptRow),
        "corrections": _rows_of(CorrectionRow),
        "segments": _rows_of(SegmentRow),
        "tags": _rows_of(TagRow),
        "lessons": _rows_of(LessonRow),
        "sequences": _rows_of(SequenceRow),
        "answers": _rows_of(AnswerRow),
        "notes": _rows_of(NoteRow),
        "cycles": _rows_of(CycleRow),
        "minutes": _rows_of(MinutesRow),
        "rooms": _rows_of(RoomRow),
        "invitations": _rows_of(InvitationRow),
        "drafts": _rows_of(DraftRow),
        "codings": _rows_of(CodingRow),
        "coding_sheets": _rows_of(CodingSheetRow),
        "goal_looks": _rows_of(GoalLookRow),
        "recordings": _own_facts,
    }
)
"""One eraser per holding in the database, by table. Files are the vault's, words the index's."""

PROOF: Final = frozenset({"deletions"})
"""What names a recording and stays, because it is what proves the erasure."""
