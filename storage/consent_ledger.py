"""Rosters, answers, and the permits that follow from them. The rules are the gate's.

Answers are only ever added. They go when the recording is erased, and then there is no
permit either: whatever asks for one is told that the recording is not here.
"""

from datetime import date

from sqlmodel import col, select

from consent.gate import Permit, Question, gaps_in, permit_for
from consent.model import (
    EVERYTHING,
    CustodyGround,
    Event,
    Evidence,
    EvidenceId,
    Gap,
    Method,
    Participant,
    PersonId,
    Place,
    Purpose,
    RecordingId,
    Role,
    Scope,
)
from consent.schedule import Deadline, deadlines, erase_day_in
from storage.courses import course
from storage.errors import NotFound
from storage.jurisdictions import jurisdiction
from storage.records import CourseId, EvidenceScan, UserId
from storage.tables import (
    AccessAskRow,
    DeletionRow,
    EvidenceRow,
    EvidenceScanRow,
    ParticipantRow,
    RecordingRow,
)
from storage.transaction import Transaction


def roster_of(tx: Transaction, recording: RecordingId) -> tuple[Participant, ...]:
    """Return everyone seen or heard in a recording, and everyone with a say about it."""
    query = select(ParticipantRow).where(ParticipantRow.recording == recording)
    rows = tx.session.exec(query.order_by(col(ParticipantRow.person)))
    return tuple(_participant(tx, row) for row in rows)


def add_participant(tx: Transaction, recording: RecordingId, participant: Participant) -> None:
    """Put someone on the roster, or correct what is known about them."""
    check_here(tx, recording)
    born = participant.birth_date
    row = ParticipantRow(
        recording=recording,
        person=participant.person,
        role=participant.role,
        present=participant.present,
        ground=participant.ground or "",
        sealed_birth_date=tx.seal(
            born.isoformat(), recording=recording, place=_place(participant.person)
        )
        if born
        else None,
    )
    tx.session.merge(row)
    tx.session.flush()


def evidence_of(tx: Transaction, recording: RecordingId) -> tuple[Evidence, ...]:
    """Return every answer about a recording, in the order given."""
    query = select(EvidenceRow).where(EvidenceRow.recording == recording)
    rows = tx.session.exec(query.order_by(col(EvidenceRow.at), col(EvidenceRow.id)))
    scans = select(EvidenceScanRow.evidence).where(EvidenceScanRow.recording == recording)
    scanned = set(tx.session.exec(scans))
    return tuple(_evidence(row, scanned=row.id in scanned) for row in rows)


def record_scan(tx: Transaction, scan: EvidenceScan) -> None:
    """Note where the picture of an answer's signed paper lies. The first one counts."""
    check_here(tx, scan.recording)
    row = EvidenceScanRow(
        evidence=scan.evidence, recording=scan.recording, blob=scan.blob, at=scan.at, by=scan.by
    )
    tx.session.add(row)
    tx.session.flush()


def scan_of(tx: Transaction, evidence: EvidenceId) -> EvidenceScan:
    """Return where the picture of an answer's signed paper lies.

    Raises:
        NotFound: The paper has not been scanned.
    """
    row = tx.row(EvidenceScanRow, evidence)
    return EvidenceScan(
        evidence=EvidenceId(row.evidence),
        recording=RecordingId(row.recording),
        blob=row.blob,
        at=row.at,
        by=UserId(row.by),
    )


def record_evidence(tx: Transaction, evidence: Evidence) -> None:
    """Add an answer. It is never changed; a later one may follow it."""
    check_here(tx, evidence.recording)
    row = EvidenceRow(
        id=evidence.id,
        recording=evidence.recording,
        person=evidence.person,
        purpose=evidence.purpose,
        event=evidence.event,
        at=evidence.at,
        method=evidence.method,
        valid_from=evidence.valid_from,
        valid_until=evidence.valid_until,
        scope=sorted(evidence.scope),
        language=evidence.language,
        notice=evidence.notice,
        spoken_at_ms=evidence.spoken_at_ms,
        place=evidence.place,
        written_by=evidence.written_by,
    )
    tx.session.add(row)
    tx.session.flush()


def permit(
    tx: Transaction,
    recording: RecordingId,
    *,
    purpose: Purpose = Purpose.SUPERVISION,
    scope: frozenset[Scope] = EVERYTHING,
) -> Permit:
    """Return a permit to use a recording at the transaction's moment.

    Raises:
        ConsentMissing: Someone on the roster has not agreed, or no longer agrees.
        NotFound: There is no such recording, or it is being or has been erased.
    """
    return permit_for(
        question(tx, recording, purpose=purpose, scope=scope),
        roster=roster_of(tx, recording),
        evidence=evidence_of(tx, recording),
    )


def gaps(
    tx: Transaction,
    recording: RecordingId,
    *,
    purpose: Purpose = Purpose.SUPERVISION,
    scope: frozenset[Scope] = EVERYTHING,
) -> tuple[Gap, ...]:
    """Return every reason why there is no permit; none means that there is one.

    Raises:
        NotFound: There is no such recording, or it is being or has been erased.
    """
    return gaps_in(
        question(tx, recording, purpose=purpose, scope=scope),
        roster=roster_of(tx, recording),
        evidence=evidence_of(tx, recording),
    )


def question(
    tx: Transaction,
    recording: RecordingId,
    *,
    purpose: Purpose = Purpose.SUPERVISION,
    scope: frozenset[Scope] = EVERYTHING,
) -> Question:
    """Return what the gate is asked about a recording at the transaction's moment.

    Raises:
        NotFound: There is no such recording, or it is being or has been erased.
    """
    row = _row_here(tx, recording)
    return Question(
        recording=recording,
        purpose=purpose,
        recorded_at=row.recorded_at,
        at=tx.at,
        jurisdiction=jurisdiction(tx, row.jurisdiction),
        scope=scope,
    )


def deadlines_of(tx: Transaction, recording: RecordingId) -> tuple[Deadline, ...]:
    """Return every day that matters for a recording, the earliest first, past ones too.

    Raises:
        NotFound: There is no such recording, or it is being or has been erased.
    """
    row = _row_here(tx, recording)
    open_asks = select(AccessAskRow).where(
        AccessAskRow.recording == recording, col(AccessAskRow.answered_at).is_(None)
    )
    latest_first = col(AccessAskRow.due_on).desc()  # so that each person's earliest stays
    return deadlines(
        question(tx, recording),
        roster=roster_of(tx, recording),
        evidence=evidence_of(tx, recording),
        erase_on=row.erase_after,
        course_ends_on=course(tx, CourseId(row.course)).ends_on,
        access_due={
            PersonId(ask.person): ask.due_on
            for ask in tx.session.exec(open_asks.order_by(latest_first))
        },
    )


def erase_day(tx: Transaction, recording: RecordingId) -> date | None:
    """Return the day from which a recording erases itself, as things stand now.

    It is derived anew each time, for a yes may end or come back, and a course may be moved.

    Raises:
        NotFound: There is no such recording, or it is being or has been erased; or no profile
            of its country is in force.
    """
    return erase_day_in(deadlines_of(tx, recording))


def check_here(tx: Transaction, recording: RecordingId) -> None:
    """Refuse a recording whose erasure has begun: nothing of it is shown or kept any more.

    Raises:
        NotFound: There is no such recording, or it is being or has been erased.
    """
    _row_here(tx, recording)


def _row_here(tx: Transaction, recording: RecordingId) -> RecordingRow:
    """Return the row, unless erasure has begun: its first step is the deletion's row."""
    row = tx.row(RecordingRow, recording)
    if tx.session.get(DeletionRow, recording) is not None:
        raise NotFound(f"recording {recording} is erased")
    return row


def _place(person: str) -> str:
    return f"participants/{person}"


def _participant(tx: Transaction, row: ParticipantRow) -> Participant:
    born = row.sealed_birth_date
    return Participant(
        person=PersonId(row.person),
        role=Role(row.role),
        birth_date=date.fromisoformat(
            tx.unseal(born, recording=RecordingId(row.recording), place=_place(row.person))
        )
        if born
        else None,
        present=row.present,
        ground=CustodyGround(row.ground) if row.ground else None,
    )


def _evidence(row: EvidenceRow, *, scanned: bool) -> Evidence:
    return Evidence(
        id=EvidenceId(row.id),
        recording=RecordingId(row.recording),
        person=PersonId(row.person),
        purpose=Purpose(row.purpose),
        event=Event(row.event),
        at=row.at,
        method=Method(row.method),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        scope=frozenset(map(Scope, row.scope)),
        language=row.language,
        notice=row.notice,
        spoken_at_ms=row.spoken_at_ms,
        place=Place(row.place),
        written_by=row.written_by,
        scanned=scanned,
    )
