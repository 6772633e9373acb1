"""Emergency access to a recording: asked for with a reason, opened by another, over by itself.

What it opens, and to whom, is the app's to say; consent is asked for beside it as always.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from consent.model import RecordingId
from storage.identity import new_id
from storage.records import BreakGlass, BreakGlassId, UserId
from storage.tables import BreakGlassRow, DeletionRow
from storage.transaction import Transaction

ASK_STANDS = timedelta(hours=24)
"""An emergency that nobody has answered for a day is none."""


def ask(tx: Transaction, recording: RecordingId, *, reason: str, by: UserId) -> BreakGlass:
    """Ask for a recording to be opened in an emergency. The reason is sealed with its key.

    Raises:
        NotFound: The recording is erased.
        KeyDestroyed: It is being erased.
    """
    id_ = BreakGlassId(new_id())
    row = BreakGlassRow(
        id=id_,
        recording=recording,
        asked_at=tx.at,
        asked_by=by,
        sealed_reason=tx.seal(reason, recording=recording, place=_place(id_)),
    )
    tx.session.add(row)
    tx.session.flush()
    return _break_glass(tx, row)


def asked(tx: Transaction, id_: BreakGlassId) -> BreakGlass:
    """Return what was asked.

    Raises:
        NotFound: Nothing of the kind was asked, or its recording is erased.
    """
    return _break_glass(tx, tx.row(BreakGlassRow, id_))


def approve(tx: Transaction, id_: BreakGlassId, *, by: UserId, until: timedelta) -> BreakGlass:
    """Open what was asked for, from now on for a while. The first approval counts.

    Raises:
        NotFound: Nothing of the kind was asked.
    """
    row = tx.row(BreakGlassRow, id_, lock=True)
    if row.approved_at is None and row.ends_at is None:
        row.approved_at, row.approved_by, row.ends_at = tx.at, by, tx.at + until
        tx.session.flush()
    return _break_glass(tx, row)


def end(tx: Transaction, id_: BreakGlassId) -> BreakGlass:
    """Close it now, opened or not; what has ended stays so.

    Raises:
        NotFound: Nothing of the kind was asked.
    """
    row = tx.row(BreakGlassRow, id_, lock=True)
    if row.ends_at is None or row.ends_at > tx.at:
        row.ends_at = tx.at
        tx.session.flush()
    return _break_glass(tx, row)


def open_for(tx: Transaction, recording: RecordingId, user: UserId) -> BreakGlass | None:
    """Return the emergency access that a person has to a recording now, if any."""
    query = select(BreakGlassRow).where(
        BreakGlassRow.recording == recording,
        BreakGlassRow.asked_by == user,
        col(BreakGlassRow.approved_at).is_not(None),
        col(BreakGlassRow.ends_at) > tx.at,
        _is_here(),
    )
    row = tx.session.exec(query).first()
    return _break_glass(tx, row) if row else None


def standing(tx: Transaction) -> tuple[BreakGlass, ...]:
    """Return what waits for an answer and what is open now, the oldest first."""
    waits = col(BreakGlassRow.ends_at).is_(None) & (
        col(BreakGlassRow.asked_at) > tx.at - ASK_STANDS
    )
    is_open = col(BreakGlassRow.approved_at).is_not(None) & (col(BreakGlassRow.ends_at) > tx.at)
    query = select(BreakGlassRow).where(or_(waits, is_open), _is_here())
    in_order = query.order_by(col(BreakGlassRow.asked_at), col(BreakGlassRow.id))
    return tuple(_break_glass(tx, row) for row in tx.session.exec(in_order))


def _is_here() -> ColumnElement[bool]:
    """Leave out what is being erased: its key may be gone before its rows are."""
    return col(BreakGlassRow.recording).not_in(select(DeletionRow.recording))


def _place(id_: str) -> str:
    return f"break_glass/{id_}"


def _break_glass(tx: Transaction, row: BreakGlassRow) -> BreakGlass:
    recording = RecordingId(row.recording)
    return BreakGlass(
        id=BreakGlassId(row.id),
        recording=recording,
        asked_at=row.asked_at,
        asked_by=UserId(row.asked_by),
        reason=tx.unseal(row.sealed_reason, recording=recording, place=_place(row.id)),
        approved_at=row.approved_at,
        approved_by=UserId(row.approved_by) if row.approved_by else None,
        ends_at=row.ends_at,
    )
