"""What the app asks of the workers, and how far each stage has come. No work is done here."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import case, col, or_, select

from consent.model import RecordingId
from storage.identity import new_id
from storage.records import Request, RequestId, RequestKind, Stage, StageRun, StageState
from storage.tables import RequestRow, StageRunRow
from storage.transaction import Transaction

PAUSE = timedelta(seconds=20)
"""How long nobody has corrected a text before it is read again, or judged before it teaches."""
_AFTER_A_PAUSE = frozenset({RequestKind.REREAD, RequestKind.LEARN})
_STAGE_ORDER = {stage: place for place, stage in enumerate(Stage)}


def ask(tx: Transaction, kind: RequestKind, recording: RecordingId) -> Request:
    """Ask the workers for something, unless the same is already waiting to be picked up.

    A text is reread when nobody has corrected it for a while, and learned from when nobody has
    judged for a while: each time it is asked for again, that while begins anew.
    """
    wished = {"id": new_id(), "kind": kind, "recording": recording, "at": tx.at}
    tx.session.exec(_insert_unless_waiting(tx).values(wished))
    query = select(RequestRow).where(
        RequestRow.kind == kind,
        RequestRow.recording == recording,
        col(RequestRow.picked_at).is_(None),
    )
    row = tx.session.exec(query).one()
    if kind in _AFTER_A_PAUSE:
        row.at = tx.at
        tx.session.flush()
    return _request(row)


def waiting(tx: Transaction, *, limit: int = 10) -> tuple[Request, ...]:
    """Return requests that nobody has picked up, erasures first, held for this transaction.

    Another worker that asks meanwhile is given others. Start the work (under the request's id,
    so that a repetition is the same work) and ``mark_picked`` before the transaction ends: a
    worker killed in between leaves the request waiting.
    """
    erasures_first = case((col(RequestRow.kind) == RequestKind.ERASE, 0), else_=1)
    paused = col(RequestRow.at) <= tx.at - PAUSE
    query = (
        select(RequestRow)
        .where(
            col(RequestRow.picked_at).is_(None),
            or_(col(RequestRow.kind).not_in(_AFTER_A_PAUSE), paused),
        )
        .order_by(erasures_first, col(RequestRow.at), col(RequestRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tuple(map(_request, tx.session.exec(query)))


def unended(tx: Transaction) -> tuple[Request, ...]:
    """Return what a worker has taken up and not ended, the oldest first."""
    query = select(RequestRow).where(
        col(RequestRow.picked_at).is_not(None), col(RequestRow.done_at).is_(None)
    )
    rows = tx.session.exec(query.order_by(col(RequestRow.at), col(RequestRow.id)))
    return tuple(map(_request, rows))


def mark_picked(tx: Transaction, id_: RequestId) -> None:
    """Note that a worker has taken a request up.

    Raises:
        NotFound: There is no such request.
    """
    row = tx.row(RequestRow, id_)
    row.picked_at = row.picked_at or tx.at


def mark_done(tx: Transaction, id_: RequestId, *, error: str | None = None) -> None:
    """Note that a request has ended, with a code of ours if it failed.

    One that an erasure has removed meanwhile has ended all the same.
    """
    row = tx.session.get(RequestRow, id_)
    if row is not None:
        row.picked_at = row.picked_at or tx.at
        row.done_at = row.done_at or tx.at
        row.error = error


def has_open(tx: Transaction, recording: RecordingId) -> bool:
    """Return whether anything asked for about a recording has not ended yet."""
    query = select(RequestRow.id).where(
        RequestRow.recording == recording, col(RequestRow.done_at).is_(None)
    )
    return tx.session.exec(query).first() is not None


def stopped_by(tx: Transaction, errors: Collection[str]) -> tuple[RecordingId, ...]:
    """Return the recordings with a stage that one of these errors has stopped, none being open."""
    still_open = select(RequestRow.recording).where(col(RequestRow.done_at).is_(None))
    query = (
        select(StageRunRow.recording)
        .where(
            StageRunRow.state == StageState.FAILED,
            col(StageRunRow.error).in_(errors),
            col(StageRunRow.recording).not_in(still_open),
        )
        .distinct()
    )
    return tuple(RecordingId(found) for found in tx.session.exec(query))


def stage_runs_of(tx: Transaction, recording: RecordingId) -> tuple[StageRun, ...]:
    """Return where each stage stands that has been reported, in the order of processing."""
    rows = tx.session.exec(select(StageRunRow).where(StageRunRow.recording == recording))
    return tuple(sorted(map(_stage_run, rows), key=lambda run: _STAGE_ORDER[run.stage]))


def report_stage(tx: Transaction, run: StageRun) -> None:
    """Note where a stage stands, in place of what was noted before."""
    row = StageRunRow(
        recording=run.recording,
        stage=run.stage,
        state=run.state,
        fraction=run.fraction,
        seconds=run.seconds,
        peak_mib=run.peak_mib,
        error=run.error,
        version=run.version,
        changed_at=tx.at,
    )
    tx.session.merge(row)
    tx.session.flush()


def _insert_unless_waiting(tx: Transaction) -> Insert:
    """Return an insert that a request already waiting turns into nothing, even one just made."""
    dialect = tx.session.connection().dialect.name
    if dialect == "postgresql":
        return postgresql.insert(RequestRow).on_conflict_do_nothing()
    return sqlite.insert(RequestRow).on_conflict_do_nothing()


def _request(row: RequestRow) -> Request:
    return Request(
        id=RequestId(row.id),
        kind=RequestKind(row.kind),
        recording=RecordingId(row.recording),
        at=row.at,
    )


def _stage_run(row: StageRunRow) -> StageRun:
    return StageRun(
        recording=RecordingId(row.recording),
        stage=Stage(row.stage),
        state=StageState(row.state),
        fraction=row.fraction,
        seconds=row.seconds,
        peak_mib=row.peak_mib,
        error=row.error,
        version=row.version,
    )
