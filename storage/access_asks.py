"""Who asked for what is held about them, and by when it is to be answered."""

from datetime import date

from sqlmodel import col, select

from consent.model import PersonId, RecordingId
from storage.identity import new_id
from storage.records import AccessAsk, AccessAskId, UserId
from storage.tables import AccessAskRow, ParticipantRow
from storage.transaction import Transaction


def ask(tx: Transaction, recording: RecordingId, person: PersonId, *, due_on: date) -> AccessAsk:
    """Note that someone on the roster asks; while one of theirs is open, that one counts.

    Raises:
        NotFound: The person is not on the roster, or the recording is erased.
    """
    tx.row(ParticipantRow, (recording, person), lock=True)
    for earlier in open_of(tx, recording):
        if earlier.person == person:
            return earlier
    row = AccessAskRow(id=new_id(), recording=recording, person=person, at=tx.at, due_on=due_on)
    tx.session.add(row)
    tx.session.flush()
    return _ask(row)


def open_of(tx: Transaction, recording: RecordingId) -> tuple[AccessAsk, ...]:
    """Return what has been asked about a recording and not answered, the oldest first."""
    query = select(AccessAskRow).where(
        AccessAskRow.recording == recording, col(AccessAskRow.answered_at).is_(None)
    )
    rows = tx.session.exec(query.order_by(col(AccessAskRow.at), col(AccessAskRow.id)))
    return tuple(map(_ask, rows))


def answer(tx: Transaction, id_: AccessAskId, *, by: UserId) -> AccessAsk:
    """Note that someone has been given their copy. The first answer counts.

    Raises:
        NotFound: Nobody has asked under this id.
    """
    row = tx.row(AccessAskRow, id_, lock=True)
    if row.answered_at is None:
        row.answered_at, row.answered_by = tx.at, by
        tx.session.flush()
    return _ask(row)


def _ask(row: AccessAskRow) -> AccessAsk:
    return AccessAsk(
        id=AccessAskId(row.id),
        recording=RecordingId(row.recording),
        person=PersonId(row.person),
        at=row.at,
        due_on=row.due_on,
        answered_at=row.answered_at,
        answered_by=UserId(row.answered_by) if row.answered_by else None,
    )
