"""Which worker processes are alive: will anyone come, and whose work needs taking over."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from storage.tables import WorkerRow
from storage.transaction import Transaction


def report_worker(tx: Transaction, id_: str) -> None:
    """Note that a worker has just been heard of."""
    tx.session.merge(WorkerRow(id=id_, seen_at=tx.at))
    tx.session.flush()


def heard_of(tx: Transaction) -> Mapping[str, datetime]:
    """Return when each worker says that it was last alive, by its own machine's clock.

    Clocks differ: whoever judges by this should see whether it changes, not how old it is.
    """
    return {row.id: row.seen_at for row in tx.session.exec(select(WorkerRow))}


def live_workers(tx: Transaction, *, within_s: float) -> tuple[str, ...]:
    """Return the workers that were heard of within this many seconds."""
    since = tx.at - timedelta(seconds=within_s)
    query = select(WorkerRow.id).where(col(WorkerRow.seen_at) > since)
    return tuple(tx.session.exec(query.order_by(col(WorkerRow.id))))


def drop_worker(tx: Transaction, id_: str) -> None:
    """Forget a worker that has ended."""
    tx.session.exec(delete(WorkerRow).where(col(WorkerRow.id) == id_))
