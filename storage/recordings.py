"""Recordings and where their encrypted blobs lie. No bytes: those are the vault's."""

from datetime import date, timedelta

from sqlmodel import col, func, select

from consent.days import day_of
from consent.gate import Permit
from consent.model import RecordingId
from storage import consent_ledger
from storage.errors import AlreadyReceived, NotFound, StorageError
from storage.identity import new_id
from storage.jurisdictions import jurisdiction, today
from storage.records import BlobRole, CourseId, NewRecording, Recording, SoundLayout, UserId
from storage.tables import BlobRow, CourseRow, CycleRow, RecordingRow
from storage.transaction import Transaction
from storage.vault.blobs import BlobRef


def add_recording(tx: Transaction, new: NewRecording, *, owner: UserId) -> Recording:
    """Make room for a film: its number, key, roster and cycle.

    Until someone may use it, it is kept for as long as the jurisdiction lets a locked
    recording wait.

    Raises:
        NotFound: There is no such course, or no profile for the jurisdiction.
    """
    profile = jurisdiction(tx, new.jurisdiction)
    tx.row(CourseRow, new.course, lock=True)  # two at once would take the same number
    row = RecordingRow(
        id=new_id(),
        course=new.course,
        owner=owner,
        number=_next_number(tx, new.course),
        youth_letter=new.youth_letter,
        recorded_at=new.recorded_at,
        jurisdiction=profile.code,
        language=new.language,
        speakers=new.speakers,
        sound=new.sound,
        erase_after=day_of(tx.at, profile) + timedelta(days=profile.unprocessed_days),
    )
    id_ = RecordingId(row.id)
    tx.keys.create(id_)
    tx.session.add(row)
    tx.session.flush()
    tx.session.add(CycleRow(recording=id_))
    for participant in new.roster:
        consent_ledger.add_participant(tx, id_, participant)
    return _recording(row)


def recording(tx: Transaction, id_: RecordingId) -> Recording:
    """Return a recording's facts, those of an erased one too.

    Raises:
        NotFound: There never was such a recording.
    """
    return _recording(tx.row(RecordingRow, id_))


def recordings(tx: Transaction) -> tuple[Recording, ...]:
    """Return every recording, in the order in which they erase themselves, erased ones too."""
    query = select(RecordingRow).order_by(col(RecordingRow.erase_after), col(RecordingRow.id))
    return tuple(map(_recording, tx.session.exec(query)))


def recordings_of(tx: Transaction, *, course: CourseId) -> tuple[Recording, ...]:
    """Return the recordings of a course by number, with a stub for each erased one."""
    query = select(RecordingRow).where(RecordingRow.course == course)
    rows = tx.session.exec(query.order_by(col(RecordingRow.number)))
    return tuple(map(_recording, rows))


def same_content(tx: Transaction, fingerprint: str, *, owner: UserId) -> RecordingId | None:
    """Return the recording of the same person that already has this content."""
    query = select(RecordingRow.id).where(
        RecordingRow.fingerprint == fingerprint, RecordingRow.owner == owner
    )
    found = tx.session.exec(query).first()
    return RecordingId(found) if found else None


def mark_received(tx: Transaction, id_: RecordingId, *, source: BlobRef) -> None:
    """Note that the whole film is stored, and where its last file lies. The first moment counts."""
    row = tx.row(RecordingRow, id_)
    if row.received_at is None:
        row.received_at = tx.at
        record_blob(tx, id_, BlobRole.SOURCE, source)


def set_fingerprint(tx: Transaction, id_: RecordingId, *, fingerprint: str) -> None:
    """Note the keyed digest of the film, by which the same film is known again.

    Raises:
        AlreadyReceived: Another recording of the same person has the same content.
    """
    row = tx.row(RecordingRow, id_)
    same = same_content(tx, fingerprint, owner=UserId(row.owner))
    if same not in {None, id_}:
        raise AlreadyReceived(str(same))
    row.fingerprint = fingerprint


def set_duration(tx: Transaction, id_: RecordingId, *, duration_ms: int) -> None:
    """Note how long the film is."""
    tx.row(RecordingRow, id_).duration_ms = duration_ms


def keep_for_review(tx: Transaction, permit: Permit) -> date:
    """Keep a recording that may be used for the jurisdiction's retention time from today.

    Returns:
        The day from which it erases itself at the latest.
    """
    row = tx.row(RecordingRow, permit.recording)
    days = timedelta(days=permit.question.jurisdiction.retention_days)
    row.erase_after = permit.question.today + days
    return row.erase_after


def jurisdictions_in_use(tx: Transaction) -> tuple[str, ...]:
    """Return the codes of the countries by whose rules recordings are kept."""
    here = col(RecordingRow.erased_at).is_(None)
    return tuple(tx.session.exec(select(RecordingRow.jurisdiction).where(here).distinct()))


def due_for_erasure(tx: Transaction) -> tuple[RecordingId, ...]:
    """Return the recordings whose time is up, each by the day where its law holds.

    One whose country has no rules any more waits for them, and hinders no other.
    """
    here = select(RecordingRow).where(col(RecordingRow.erased_at).is_(None))
    rows = tx.session.exec(here.order_by(col(RecordingRow.id)))
    return tuple(RecordingId(row.id) for row in rows.all() if _is_due(tx, row))


def record_blob(tx: Transaction, id_: RecordingId, role: BlobRole, ref: BlobRef) -> None:
    """Note where a blob lies. From now on it is the one of its role."""
    row = BlobRow(key=ref.key, recording=id_, role=role, size=ref.size, stored_at=tx.at)
    tx.session.add(row)
    tx.session.flush()


def blob_of(tx: Transaction, id_: RecordingId, role: BlobRole) -> BlobRef:
    """Return where the latest blob of a role lies.

    Raises:
        NotFound: The recording has none.
    """
    refs = blobs_of(tx, id_, role)
    if not refs:
        raise NotFound(f"{role} of recording {id_}")
    return refs[-1]


def blobs_of(tx: Transaction, id_: RecordingId, role: BlobRole) -> tuple[BlobRef, ...]:
    """Return where all blobs of a role lie, the latest last."""
    query = select(BlobRow).where(BlobRow.recording == id_, BlobRow.role == role)
    rows = tx.session.exec(query.order_by(col(BlobRow.stored_at), col(BlobRow.key)))
    return tuple(BlobRef(row.key, row.size) for row in rows)


def _is_due(tx: Transaction, row: RecordingRow) -> bool:
    try:
        day = today(tx, row.jurisdiction)
    except NotFound:
        return False  # nobody knows which day it is there; the doctor tells
    try:
        last = consent_ledger.erase_day(tx, RecordingId(row.id))
    except NotFound:
        return False  # its erasure has begun
    except StorageError:  # what is known of its people cannot be read: its own last day counts
        last = row.erase_after
    return last is not None and last <= day


def _next_number(tx: Transaction, course: CourseId) -> int:
    query = select(func.max(RecordingRow.number)).where(RecordingRow.course == course)
    return (tx.session.exec(query).one() or 0) + 1


def _recording(row: RecordingRow) -> Recording:
    return Recording(
        id=RecordingId(row.id),
        course=CourseId(row.course),
        owner=UserId(row.owner),
        number=row.number,
        youth_letter=row.youth_letter,
        recorded_at=row.recorded_at,
        jurisdiction=row.jurisdiction,
        language=row.language,
        speakers=row.speakers,
        sound=SoundLayout(row.sound),
        duration_ms=row.duration_ms,
        received_at=row.received_at,
        erase_after=row.erase_after,
        erased_at=row.erased_at,
    )
