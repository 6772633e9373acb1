"""What someone is still writing, sealed, so that a closed lid or a cut line loses nothing."""

from sqlmodel import col, delete

from consent.model import RecordingId
from storage.records import UserId
from storage.tables import DraftRow
from storage.transaction import Transaction


def keep_draft(
    tx: Transaction, *, user: UserId, field: str, recording: RecordingId, text: str
) -> None:
    """Keep what stands in a field now; an empty field leaves no draft."""
    if not text:
        drop_draft(tx, user=user, field=field, recording=recording)
        return
    row = DraftRow(
        user=user,
        recording=recording,
        field=field,
        saved_at=tx.at,
        sealed_text=tx.seal(text, recording=recording, place=_place(user, field)),
    )
    tx.session.merge(row)
    tx.session.flush()


def draft(tx: Transaction, *, user: UserId, field: str, recording: RecordingId) -> str | None:
    """Return someone's own draft of a field."""
    row = tx.session.get(DraftRow, (user, recording, field))
    if row is None:
        return None
    return tx.unseal(row.sealed_text, recording=recording, place=_place(user, field))


def drop_draft(tx: Transaction, *, user: UserId, field: str, recording: RecordingId) -> None:
    """Forget a draft, if there is one."""
    tx.session.exec(
        delete(DraftRow).where(
            col(DraftRow.user) == user,
            col(DraftRow.recording) == recording,
            col(DraftRow.field) == field,
        )
    )


def _place(user: UserId, field: str) -> str:
    return f"drafts/{user}/{field}"
