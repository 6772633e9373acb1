"""Stretches that two people mark on their own: which, and what each has marked so far.

Who may see whose marks is not decided here: ``review_app.supervision.coding`` does.
"""

import json
from collections.abc import Iterable

from sqlmodel import col, delete, select

from consent.gate import Permit
from consent.model import RecordingId
from storage.errors import CodingFinished, NotFound
from storage.identity import new_id
from storage.records import Coding, CodingId, CodingSheet, UserId
from storage.tables import CodingRow, CodingSheetRow, RecordingRow
from storage.transaction import Transaction

Mark = tuple[int, str]


def begin_coding(
    tx: Transaction,
    recording: RecordingId,
    *,
    codebook: str,
    codes: Iterable[str],
    text_version: int,
    text_revision: int,
    start_ms: int,
    end_ms: int,
    by: UserId,
) -> Coding:
    """Choose a stretch for both to mark."""
    row = CodingRow(
        id=new_id(),
        recording=recording,
        codebook=codebook,
        codes=list(codes),
        text_version=text_version,
        text_revision=text_revision,
        start_ms=start_ms,
        end_ms=end_ms,
        begun_by=by,
        begun_at=tx.at,
    )
    tx.session.add(row)
    tx.session.flush()
    return _coding(row)


def codings_of(tx: Transaction, permit: Permit) -> tuple[Coding, ...]:
    """Return the stretches of a recording, the first begun first."""
    query = select(CodingRow).where(CodingRow.recording == permit.recording)
    rows = tx.session.exec(query.order_by(col(CodingRow.begun_at), col(CodingRow.id)))
    return tuple(map(_coding, rows))


def sheets_of(tx: Transaction, permit: Permit) -> tuple[CodingSheet, ...]:
    """Return what has been marked of all stretches of a recording, by whom."""
    query = select(CodingSheetRow).where(CodingSheetRow.recording == permit.recording)
    rows = tx.session.exec(query.order_by(col(CodingSheetRow.coding), col(CodingSheetRow.by)))
    return tuple(_sheet(tx, row) for row in rows)


def mark(tx: Transaction, coding: Coding, *, by: UserId, marks: Iterable[Mark]) -> None:
    """Keep what somebody has marked so far, in place of what they had before.

    Raises:
        CodingFinished: They have said that they are done.
    """
    _write(tx, coding, by=by, marks=marks)


def finish(tx: Transaction, coding: Coding, *, by: UserId) -> None:
    """Note that somebody is done; who has marked nothing says that nothing is there.

    Raises:
        CodingFinished: They were done before.
    """
    row = tx.session.get(CodingSheetRow, (coding.id, by))
    if row is None:
        row = _write(tx, coding, by=by, marks=())
    elif row.finished_at is not None:
        raise CodingFinished
    row.finished_at = tx.at
    tx.session.flush()


def drop_coding(tx: Transaction, id_: CodingId) -> None:
    """Forget a stretch and what was marked of it.

    Raises:
        NotFound: There is no such stretch.
    """
    row = tx.row(CodingRow, id_)
    tx.session.exec(delete(CodingSheetRow).where(col(CodingSheetRow.coding) == id_))
    tx.session.delete(row)
    tx.session.flush()


def _write(tx: Transaction, coding: Coding, *, by: UserId, marks: Iterable[Mark]) -> CodingSheetRow:
    tx.row(RecordingRow, coding.recording, lock=True)  # not beside the end of the same sheet
    if tx.session.get(CodingRow, coding.id) is None:
        raise NotFound(f"codings {coding.id}")
    row = tx.session.get(CodingSheetRow, (coding.id, by))
    if row is not None and row.finished_at is not None:
        raise CodingFinished
    sealed = tx.seal(
        json.dumps(sorted(marks)), recording=coding.recording, place=_place(coding.id, by)
    )
    if row is None:
        row = CodingSheetRow(coding=coding.id, by=by, recording=coding.recording, sealed_marks=b"")
        tx.session.add(row)
    row.sealed_marks = sealed
    tx.session.flush()
    return row


def _coding(row: CodingRow) -> Coding:
    return Coding(
        id=CodingId(row.id),
        recording=RecordingId(row.recording),
        codebook=row.codebook,
        codes=tuple(row.codes),
        text_version=row.text_version,
        text_revision=row.text_revision,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        begun_by=UserId(row.begun_by),
        begun_at=row.begun_at,
    )


def _sheet(tx: Transaction, row: CodingSheetRow) -> CodingSheet:
    recording, coding = RecordingId(row.recording), CodingId(row.coding)
    by = UserId(row.by)
    marks = json.loads(tx.unseal(row.sealed_marks, recording=recording, place=_place(coding, by)))
    return CodingSheet(
        coding=coding,
        by=by,
        marks=frozenset((turn, code) for turn, code in marks),
        finished_at=row.finished_at,
    )


def _place(coding: CodingId, by: UserId) -> str:
    return f"coding_sheets/{coding}/{by}"
