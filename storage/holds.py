"""Duties to keep a recording. Erasure waits while one stands; none opens anything to anybody."""

from sqlmodel import col, select

from consent.model import RecordingId
from storage.errors import NotFound
from storage.identity import new_id
from storage.records import Hold, HoldId, HoldKind, UserId
from storage.tables import DeletionRow, HoldRow, RecordingRow
from storage.transaction import Transaction


def place_hold(
    tx: Transaction, recording: RecordingId, *, kind: HoldKind, ground: str, by: UserId
) -> Hold:
    """Keep a recording from being erased until the hold is lifted.

    Raises:
        NotFound: There is no such recording, or it is erased.
    """
    tx.row(RecordingRow, recording, lock=True)  # an erasure that begins now looks for holds
    if tx.session.get(DeletionRow, recording) is not None:
        raise NotFound(f"recording {recording} is erased")
    row = HoldRow(
        id=new_id(), recording=recording, kind=kind, ground=ground, placed_at=tx.at, placed_by=by
    )
    tx.session.add(row)
    tx.session.flush()
    return _hold(row)


def lift_hold(tx: Transaction, id_: HoldId, *, by: UserId) -> Hold:
    """End a hold; what waited for it goes on. The first one who lifts it counts.

    Raises:
        NotFound: There is no such hold.
    """
    row = tx.row(HoldRow, id_, lock=True)
    if row.lifted_at is None:
        row.lifted_at, row.lifted_by = tx.at, by
        tx.session.flush()
    return _hold(row)


def hold(tx: Transaction, id_: HoldId) -> Hold:
    """Return a hold, a lifted one too.

    Raises:
        NotFound: There is no such hold.
    """
    return _hold(tx.row(HoldRow, id_))


def holds_of(tx: Transaction, recording: RecordingId) -> tuple[Hold, ...]:
    """Return every hold there has been on a recording, the oldest first."""
    query = select(HoldRow).where(HoldRow.recording == recording)
    rows = tx.session.exec(query.order_by(col(HoldRow.placed_at), col(HoldRow.id)))
    return tuple(map(_hold, rows))


def is_held(tx: Transaction, recording: RecordingId) -> bool:
    """Return whether a hold stands."""
    return any(hold.lifted_at is None for hold in holds_of(tx, recording))


def _hold(row: HoldRow) -> Hold:
    return Hold(
        id=HoldId(row.id),
        recording=RecordingId(row.recording),
        kind=HoldKind(row.kind),
        ground=row.ground,
        placed_at=row.placed_at,
        placed_by=UserId(row.placed_by),
        lifted_at=row.lifted_at,
        lifted_by=UserId(row.lifted_by) if row.lifted_by else None,
    )
