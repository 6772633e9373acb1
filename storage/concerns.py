"""Worries about a child: that one was raised, who is told, and what was done about it.

What was written belongs to the two in the review and is sealed like everything they write. Steps
are codes and times, so that whoever answers for the duty can follow them and see no content.
"""

from typing import Final

from sqlmodel import col, func, select

from consent.gate import Permit
from consent.model import RecordingId
from storage import holds
from storage.identity import new_id
from storage.records import (
    Concern,
    ConcernId,
    ConcernStep,
    HoldId,
    HoldKind,
    StepTaken,
    UserId,
)
from storage.tables import ConcernRow, ConcernStepRow, CourseRow, RecordingRow
from storage.transaction import Transaction

HOLD_GROUND: Final = "concern"
"""Why a recording with a concern about it is held: a ground that every profile has words for."""


def raise_concern(
    tx: Transaction,
    recording: RecordingId,
    *,
    by: UserId,
    leader: UserId,
    at_ms: int | None = None,
    text: str = "",
) -> Concern:
    """Note a worry, hold the recording back from erasure, and note that the leader is told.

    Raises:
        NotFound: There is no such recording, or its erasure has begun.
    """
    hold = holds.place_hold(tx, recording, kind=HoldKind.CONCERN, ground=HOLD_GROUND, by=by)
    row = ConcernRow(
        id=new_id(),
        recording=recording,
        raised_at=tx.at,
        raised_by=by,
        leader=leader,
        hold=hold.id,
        at_ms=at_ms,
    )
    if text:
        row.sealed_text = tx.seal(text, recording=recording, place=_place(row.id))
    tx.session.add(row)
    for step in (ConcernStep.RAISED, ConcernStep.LEADER_TOLD):
        _note(tx, row, step, by=by)
    return _concern(tx, row)


def concern(tx: Transaction, id_: ConcernId, *, lock: bool = False) -> Concern:
    """Return a concern, locked against other writers until the transaction ends if asked.

    Raises:
        NotFound: There is no such concern.
    """
    return _concern(tx, tx.row(ConcernRow, id_, lock=lock))


def take_step(tx: Transaction, id_: ConcernId, step: ConcernStep, *, by: UserId) -> Concern:
    """Note what was done about a concern. Closing it also ends its hold.

    Raises:
        NotFound: There is no such concern.
    """
    row = tx.row(ConcernRow, id_, lock=True)
    _note(tx, row, step, by=by)
    if step is ConcernStep.CLOSED:
        row.closed_at = tx.at
        holds.lift_hold(tx, HoldId(row.hold), by=by)
    return _concern(tx, row)


def concerns_of(tx: Transaction, recording: RecordingId) -> tuple[Concern, ...]:
    """Return the concerns about a recording, the oldest first."""
    query = select(ConcernRow).where(ConcernRow.recording == recording)
    rows = tx.session.exec(query.order_by(col(ConcernRow.raised_at), col(ConcernRow.id)))
    return tuple(_concern(tx, row) for row in rows)


def concerns_for(tx: Transaction, leader: UserId) -> tuple[Concern, ...]:
    """Return the concerns in the courses that someone answers for now, the latest first.

    Whoever is named later takes over what stands, so that no concern is left with nobody.
    """
    answers_for_it = func.coalesce(CourseRow.leader, CourseRow.coordinator) == leader
    query = (
        select(ConcernRow)
        .join(RecordingRow, col(RecordingRow.id) == col(ConcernRow.recording))
        .join(CourseRow, col(CourseRow.id) == col(RecordingRow.course))
        .where(answers_for_it)
        .order_by(col(ConcernRow.raised_at).desc(), col(ConcernRow.id).desc())
    )
    return tuple(_concern(tx, row) for row in tx.session.exec(query))


def words_of(tx: Transaction, permit: Permit) -> dict[ConcernId, str]:
    """Return what was written with a recording's concerns, for the two in the review."""
    query = select(ConcernRow).where(ConcernRow.recording == permit.recording)
    return {
        ConcernId(row.id): tx.unseal(
            row.sealed_text, recording=permit.recording, place=_place(row.id)
        )
        for row in tx.session.exec(query)
        if row.sealed_text is not None
    }


def _note(tx: Transaction, row: ConcernRow, step: ConcernStep, *, by: UserId) -> None:
    taken = ConcernStepRow(
        id=new_id(), concern=row.id, recording=row.recording, step=step, at=tx.at, by=by
    )
    tx.session.add(taken)
    tx.session.flush()


def _place(id_: str) -> str:
    return f"concerns/{id_}"


def _concern(tx: Transaction, row: ConcernRow) -> Concern:
    query = select(ConcernStepRow).where(ConcernStepRow.concern == row.id)
    steps = tx.session.exec(query.order_by(col(ConcernStepRow.at), col(ConcernStepRow.id)))
    return Concern(
        id=ConcernId(row.id),
        recording=RecordingId(row.recording),
        raised_at=row.raised_at,
        raised_by=UserId(row.raised_by),
        leader=UserId(row.leader),
        hold=HoldId(row.hold),
        steps=tuple(StepTaken(ConcernStep(s.step), s.at, UserId(s.by)) for s in steps),
        at_ms=row.at_ms,
        closed_at=row.closed_at,
    )
