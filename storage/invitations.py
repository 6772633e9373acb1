"""Who is invited to the meeting about a recording, besides the two. Ids and times only.

Whether an invitation opens anything is the app's to say; consent is asked for beside it as always.
"""

from sqlmodel import col, select

from consent.model import RecordingId
from storage.records import Invitation, UserId
from storage.tables import InvitationRow, RecordingRow
from storage.transaction import Transaction


def invite(tx: Transaction, recording: RecordingId, *, guest: UserId, by: UserId) -> Invitation:
    """Invite a colleague; who is invited stays so, and who was is invited again.

    Raises:
        NotFound: There is no such recording.
    """
    tx.row(RecordingRow, recording, lock=True)  # the room has so many chairs: one at a time
    row = tx.session.get(InvitationRow, (recording, guest))
    if row is None or row.ended_at is not None:
        fresh = InvitationRow(recording=recording, guest=guest, invited_at=tx.at, invited_by=by)
        row = tx.session.merge(fresh)
        tx.session.flush()
    return _invitation(row)


def standing(tx: Transaction, recording: RecordingId) -> tuple[Invitation, ...]:
    """Return the invitations that stand, the oldest first."""
    query = select(InvitationRow).where(
        InvitationRow.recording == recording, col(InvitationRow.ended_at).is_(None)
    )
    in_order = query.order_by(col(InvitationRow.invited_at), col(InvitationRow.guest))
    return tuple(_invitation(row) for row in tx.session.exec(in_order))


def is_invited(tx: Transaction, recording: RecordingId, guest: UserId) -> bool:
    """Return whether an invitation of this person stands."""
    row = tx.session.get(InvitationRow, (recording, guest))
    return row is not None and row.ended_at is None


def end(tx: Transaction, recording: RecordingId, *, guest: UserId) -> None:
    """End an invitation; what has ended, or never was, stays so."""
    row = tx.session.get(InvitationRow, (recording, guest))
    if row is not None and row.ended_at is None:
        row.ended_at = tx.at
        tx.session.flush()


def end_all(tx: Transaction, recording: RecordingId) -> None:
    """End every invitation: the meeting is over."""
    for invitation in standing(tx, recording):
        end(tx, recording, guest=invitation.guest)


def _invitation(row: InvitationRow) -> Invitation:
    return Invitation(
        recording=RecordingId(row.recording),
        guest=UserId(row.guest),
        invited_at=row.invited_at,
        invited_by=UserId(row.invited_by),
    )
