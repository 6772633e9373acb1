"""Training copies: who asked for which, how far they are, and how they go again.

A copy needs everyone's yes to teaching when it is asked for, while it is made and when it is
fetched. It is fetched once, and erased some days later in any case; at once when one of them
takes that yes back. Not here: making it (the pipeline), asking who may (the app).
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlmodel import col, delete, select

from consent.gate import Permit
from consent.model import Purpose, RecordingId
from storage import audit, consent_ledger
from storage.anchors import ACTOR
from storage.errors import NotFound
from storage.home import Home
from storage.identity import new_id
from storage.recordings import record_blob
from storage.records import (
    BlobRole,
    CopyVoice,
    SequenceId,
    TrainingCopy,
    TrainingCopyId,
    TrainingReason,
    UserId,
    scope_of,
)
from storage.tables import BlobRow, TrainingCopyRow
from storage.transaction import Transaction
from storage.vault import VaultReader

FETCHING_TAKES = timedelta(hours=1)
"""A copy that is being fetched is left this long for its last byte to arrive."""


def teaching_permit(tx: Transaction, recording: RecordingId, *, voice: CopyVoice) -> Permit:
    """Return a permit to show what such a copy has in it to others, for teaching.

    Raises:
        ConsentMissing: Someone has not agreed to that, or no longer agrees.
        NotFound: There is no such recording, or it is erased.
    """
    return consent_ledger.permit(tx, recording, purpose=Purpose.TRAINING, scope=scope_of(voice))


def ask(
    tx: Transaction,
    permit: Permit,
    *,
    by: UserId,
    reason: TrainingReason,
    sequence: SequenceId | None,
    span_ms: tuple[int, int],
    voice: CopyVoice,
    mark: str,
    kept_for: timedelta,
) -> TrainingCopy:
    """Note that somebody wants a copy.

    Args:
        tx: The unit of work.
        permit: For teaching (``teaching_permit``).
        by: Who takes it out.
        reason: What it is to be shown at.
        sequence: The sequence it shows, None for the whole film.
        span_ms: Where it begins and ends in the film.
        voice: What becomes of the voices.
        mark: What is burnt into the picture.
        kept_for: How long it waits to be fetched.
    """
    id_ = new_id()
    row = TrainingCopyRow(
        id=id_,
        recording=permit.recording,
        asked_at=tx.at,
        asked_by=by,
        reason=reason,
        sequence=sequence,
        start_ms=span_ms[0],
        end_ms=span_ms[1],
        voice=voice,
        sealed_mark=tx.seal(mark, recording=permit.recording, place=_place(id_)),
        ends_at=tx.at + kept_for,
    )
    tx.session.add(row)
    tx.session.flush()
    return _copy(row)


def copy(tx: Transaction, id_: TrainingCopyId) -> TrainingCopy:
    """Return a copy that has not ended.

    Raises:
        NotFound: There is none of this id, or it is over.
    """
    row = tx.row(TrainingCopyRow, id_)
    _check_not_over(tx, row)
    return _copy(row)


def mark_of(tx: Transaction, copy: TrainingCopy) -> str:
    """Return what is burnt into a copy's picture."""
    row = tx.row(TrainingCopyRow, copy.id)
    return tx.unseal(row.sealed_mark, recording=copy.recording, place=_place(copy.id))


def copies_of(tx: Transaction, recording: RecordingId) -> tuple[TrainingCopy, ...]:
    """Return a recording's copies that have not ended, the latest first."""
    query = select(TrainingCopyRow).where(
        TrainingCopyRow.recording == recording, col(TrainingCopyRow.ends_at) > tx.at
    )
    rows = tx.session.exec(query.order_by(col(TrainingCopyRow.id).desc()))
    return tuple(map(_copy, rows))


def over(tx: Transaction) -> tuple[TrainingCopy, ...]:
    """Return the copies whose time is over and that are still kept."""
    query = select(TrainingCopyRow).where(col(TrainingCopyRow.ends_at) <= tx.at)
    return tuple(map(_copy, tx.session.exec(query.order_by(col(TrainingCopyRow.id)))))


def report(
    tx: Transaction, id_: TrainingCopyId, *, fraction: float, error: str | None = None
) -> None:
    """Note how much of a copy is made, or why it could not be. One that is gone stays gone."""
    row = tx.session.get(TrainingCopyRow, id_)
    if row is not None:
        row.fraction = fraction
        row.error = error


def mark_fetched(tx: Transaction, id_: TrainingCopyId) -> TrainingCopy:
    """Note that a copy is being fetched, and return it. That can be done once.

    Raises:
        NotFound: It is not made yet, was fetched before, or is over.
    """
    row = tx.row(TrainingCopyRow, id_, lock=True)
    _check_not_over(tx, row)
    if row.made_at is None or row.fetched_at is not None:
        raise NotFound(f"training copy {id_} is not there to be fetched")
    row.fetched_at = tx.at
    row.ends_at = min(row.ends_at, tx.at + FETCHING_TAKES)
    tx.session.flush()
    return _copy(row)


def end_all(tx: Transaction, recording: RecordingId) -> bool:
    """End a recording's copies: from now on nobody fetches one. Return whether there were any."""
    query = select(TrainingCopyRow).where(TrainingCopyRow.recording == recording)
    rows = tx.session.exec(query).all()
    for row in rows:
        row.ends_at = min(row.ends_at, tx.at)
    tx.session.flush()
    return bool(rows)


def erase_over(home: Home) -> None:
    """Erase the copies whose time is over. May be repeated, and done by several at once."""
    with home.reading() as tx:
        ended = over(tx)
    for each in ended:
        if each.blob is not None:
            home.vault.discard(each.recording, key=each.blob)
        with home.transaction() as tx:
            if tx.session.get(TrainingCopyRow, each.id) is None:
                continue
            tx.session.exec(delete(BlobRow).where(col(BlobRow.key) == each.blob))
            tx.session.exec(delete(TrainingCopyRow).where(col(TrainingCopyRow.id) == each.id))
            audit.append(
                tx,
                actor=ACTOR,
                action="training_copy_erased",
                subject=each.recording,
                detail={"copy": each.id},
            )


@contextmanager
def new_copy(home: Home, permit: Permit, copy: TrainingCopy) -> Iterator[io.RawIOBase]:
    """Give a writer whose content is the copy once all of it is written.

    Raises:
        NotFound: The copy has ended meanwhile; what was written is gone.
    """
    deposit = home.vault.put_seekable(permit.recording, role=BlobRole.TRAINING_COPY)
    with deposit as writer:
        yield writer
    try:
        with home.transaction() as tx:
            row = tx.row(TrainingCopyRow, copy.id, lock=True)
            _check_not_over(tx, row)
            record_blob(tx, permit.recording, BlobRole.TRAINING_COPY, deposit.ref)
            row.blob, row.made_at, row.fraction = deposit.ref.key, tx.at, 1.0
    except NotFound:
        home.vault.discard(permit.recording, key=deposit.ref.key)
        raise


def open_copy(home: Home, permit: Permit, copy: TrainingCopy) -> VaultReader:
    """Return a copy in the clear.

    Raises:
        NotFound: It is not made yet.
        KeyDestroyed: The recording has been erased.
    """
    if copy.blob is None:
        raise NotFound(f"training copy {copy.id} is not made yet")
    return home.vault.open(permit.recording, key=copy.blob, role=BlobRole.TRAINING_COPY)


def _check_not_over(tx: Transaction, row: TrainingCopyRow) -> None:
    if row.ends_at <= tx.at:
        raise NotFound(f"training copy {row.id} is over")


def _place(id_: str) -> str:
    return f"training_copies/{id_}"


def _copy(row: TrainingCopyRow) -> TrainingCopy:
    return TrainingCopy(
        id=TrainingCopyId(row.id),
        recording=RecordingId(row.recording),
        asked_at=row.asked_at,
        asked_by=UserId(row.asked_by),
        reason=TrainingReason(row.reason),
        sequence=SequenceId(row.sequence) if row.sequence else None,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        voice=CopyVoice(row.voice),
        ends_at=row.ends_at,
        fraction=row.fraction,
        made_at=row.made_at,
        fetched_at=row.fetched_at,
        blob=row.blob,
        error=row.error,
    )
