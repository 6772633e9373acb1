"""What users are told about recordings: kinds and ids, shown in words on their first page."""

from collections.abc import Iterable

from sqlmodel import col, select

from consent.model import RecordingId
from storage.identity import new_id
from storage.records import Notification, NotificationKind, UserId
from storage.tables import NotificationRow
from storage.transaction import Transaction


def notify(
    tx: Transaction,
    users: Iterable[UserId],
    kind: NotificationKind,
    *,
    recording: RecordingId,
    about: str = "",
) -> None:
    """Tell users that something has happened to a recording, or to the id it is about."""
    rows = [
        NotificationRow(
            id=new_id(), recording=recording, user=user, kind=kind, about=about, at=tx.at
        )
        for user in dict.fromkeys(users)
    ]
    tx.session.add_all(rows)
    tx.session.flush()


def unread_of(tx: Transaction, user: UserId) -> tuple[Notification, ...]:
    """Return what a user has been told and has not put away yet, the latest first."""
    query = select(NotificationRow).where(
        NotificationRow.user == user, col(NotificationRow.read_at).is_(None)
    )
    latest_first = (col(NotificationRow.at).desc(), col(NotificationRow.id).desc())
    return tuple(map(_notification, tx.session.exec(query.order_by(*latest_first))))


def put_away(tx: Transaction, id_: str, *, user: UserId) -> None:
    """Note that a user has read a notification of theirs; another's stays as it is."""
    row = tx.session.get(NotificationRow, id_)
    if row is not None and row.user == user:
        row.read_at = row.read_at or tx.at


def _notification(row: NotificationRow) -> Notification:
    return Notification(
        id=row.id,
        recording=RecordingId(row.recording),
        user=UserId(row.user),
        kind=NotificationKind(row.kind),
        about=row.about,
        at=row.at,
        read_at=row.read_at,
    )
