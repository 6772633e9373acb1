"""The several files that one film may arrive in: announced, counted, taken back. No bytes here."""

from collections.abc import Sequence
from typing import Final

from sqlmodel import col, delete, select

from consent.model import RecordingId
from storage.errors import PartUnknown, TooManyParts
from storage.recordings import blobs_of, mark_received, record_blob
from storage.records import ONLY_PART, BlobRole, FilmPart, PartId, PartKind
from storage.tables import BlobRow, FilmPartRow, RecordingRow
from storage.transaction import Transaction
from storage.vault.blobs import BlobRef

MOST: Final = 64
"""Files of one film: four hours in pieces of four minutes."""


def arrange(tx: Transaction, recording: RecordingId, parts: Sequence[FilmPart]) -> None:
    """Announce the files that a film consists of, in the order in which they follow each other.

    What was announced before and is missing now is taken back; what has arrived of it goes with
    ``media.discard_what_was_taken_back``.

    Raises:
        TooManyParts: There are more than a conversation has.
    """
    if len(parts) > MOST:
        raise TooManyParts
    film = tx.row(RecordingRow, recording, lock=True)  # two pages may announce at once
    known = {row.id: row for row in _rows(tx, recording)}
    for place, part in enumerate(parts):
        row = known.pop(part.id, None)
        if row is None:
            row = FilmPartRow(recording=recording, id=part.id, place=place, kind=part.kind)
        row.place, row.kind = place, part.kind
        tx.session.add(row)
    for row in known.values():
        tx.session.delete(row)
    tx.session.flush()
    whole = bool(parts) and all(part.blob is not None for part in parts_of(tx, recording))
    film.received_at = (film.received_at or tx.at) if whole else None


def expect(tx: Transaction, recording: RecordingId, part: PartId) -> FilmPart:
    """Return an announced file; a film of one file announces itself.

    Raises:
        PartUnknown: Other files were announced, and this is none of them.
    """
    announced = parts_of(tx, recording)
    if not announced and part == ONLY_PART:
        announced = (FilmPart(ONLY_PART, recording),)
        if tx.row(RecordingRow, recording).received_at is None:
            arrange(tx, recording, announced)
    for each in announced:
        if each.id == part:
            return each
    raise PartUnknown


def receive(tx: Transaction, recording: RecordingId, part: PartId, *, source: BlobRef) -> None:
    """Note that all of a file is here. The first time counts.

    One that was taken back meanwhile is noted too, so that it is found and discarded.
    """
    tx.row(RecordingRow, recording, lock=True)  # of the last two files one must see the other
    row = tx.session.get(FilmPartRow, (recording, part))
    if row is not None and row.blob is not None:
        return
    if row is not None:
        row.blob = source.key
        tx.session.flush()
    elif parts_of(tx, recording):
        record_blob(tx, recording, BlobRole.SOURCE, source)
        return
    if all(each.blob is not None for each in parts_of(tx, recording)):
        mark_received(tx, recording, source=source)
    else:
        record_blob(tx, recording, BlobRole.SOURCE, source)


def parts_of(tx: Transaction, recording: RecordingId) -> tuple[FilmPart, ...]:
    """Return the announced files of a film in order; none for one that came before there were."""
    return tuple(
        FilmPart(
            PartId(row.id),
            RecordingId(row.recording),
            kind=PartKind(row.kind),
            blob=row.blob,
        )
        for row in _rows(tx, recording)
    )


def film_bytes(tx: Transaction, recording: RecordingId) -> int:
    """Return how many bytes the files of a film have that are here."""
    kept = {part.blob for part in parts_of(tx, recording)}
    blobs = blobs_of(tx, recording, BlobRole.SOURCE)
    return sum(blob.size for blob in blobs if not kept or blob.key in kept)


def cast_off(tx: Transaction) -> tuple[tuple[RecordingId, BlobRef], ...]:
    """Return the files that are still kept although they were taken back."""
    query = (
        select(BlobRow)
        .where(
            BlobRow.role == BlobRole.SOURCE,
            col(BlobRow.recording).in_(select(FilmPartRow.recording)),
            col(BlobRow.key).not_in(
                select(FilmPartRow.blob).where(col(FilmPartRow.blob).is_not(None))
            ),
        )
        .order_by(col(BlobRow.key))
    )
    rows = tx.session.exec(query)
    return tuple((RecordingId(row.recording), BlobRef(row.key, row.size)) for row in rows)


def forget_blob(tx: Transaction, key: str) -> None:
    """Forget where a file lay that is no longer there."""
    tx.session.exec(delete(BlobRow).where(col(BlobRow.key) == key))


def _rows(tx: Transaction, recording: RecordingId) -> list[FilmPartRow]:
    query = select(FilmPartRow).where(FilmPartRow.recording == recording)
    return list(tx.session.exec(query.order_by(col(FilmPartRow.place))))
