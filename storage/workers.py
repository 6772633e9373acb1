"""Which worker processes are alive: will anyone come, and whose work needs taking over."""

from datetime import timedelta

from sqlmodel import col, delete, select

from storage.tables import WorkerRow
from storage.transaction import Transaction


def report_worker(tx: Transaction, id_: str) -> None:
    """Note that a worker has just been heard of."""
    tx.session.merge(WorkerRow(id=id_, seen_at=tx.at))
    tx.session.flush()


def silent_workers(tx: Transaction, *, for_s: float) -> tuple[str, ...]:
    """Return the workers not heard of for some seconds, whose work others may take over."""
    until = tx.at - timedelta(seconds=for_s)
    query = select(WorkerRow.id).where(col(WorkerRow.seen_at) <= until)
    return tuple(tx.session.exec(query.order_by(col(WorkerRow.id))))


def live_workers(tx: Transaction, *, within_s: float) -> tuple[str, ...]:
    """Return the workers that were heard of within this many seconds."""
    since = tx.at - timedelta(seconds=within_s)
    query = select(WorkerRow.id).where(col(WorkerRow.seen_at) > since)
    return tuple(tx.session.exec(query.order_by(col(WorkerRow.id))))


def drop_worker(tx: Transaction, id_: str) -> None:
    """Forget a worker that has ended."""
    tx.session.exec(delete(WorkerRow).where(col(WorkerRow.id) == id_))
