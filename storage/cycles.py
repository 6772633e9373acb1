"""One turn of the method around one recording: dates, wish, minutes and plan, joint room.

Which step follows from the dates is not decided here. Minutes are written together, signed by
both, and then only added to.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from consent.gate import Permit
from consent.model import RecordingId
from storage.consent_ledger import gaps
from storage.errors import Conflict, NotFound, Signed
from storage.plain import check_plain
from storage.records import (
    Cycle,
    Minutes,
    MinutesItem,
    Plan,
    SequenceId,
    SequenceKind,
    Side,
)
from storage.tables import CycleRow, MinutesRow, RecordingRow, RoomRow
from storage.transaction import Transaction


def cycle_of(tx: Transaction, recording: RecordingId) -> Cycle:
    """Return the cycle around a recording.

    Raises:
        NotFound: There is no such recording, or it has been erased.
    """
    row = tx.row(CycleRow, recording)
    wish = row.sealed_wish
    return Cycle(
        recording=recording,
        wish=tx.unseal(wish, recording=recording, place=_wish(recording)) if wish else None,
        released_at=row.released_at,
        answers_sent_at=row.answers_sent_at,
        meeting_at=row.meeting_at,
        meeting_minutes=row.meeting_minutes,
        meeting_revision=row.meeting_revision,
        meeting_called_off=row.meeting_called_off,
        meeting_ended_at=row.meeting_ended_at,
        camera_cleared_at=row.camera_cleared_at,
        approved_at=row.approved_at,
    )


def write_wish(tx: Transaction, recording: RecordingId, *, text: str) -> None:
    """Write what the caseworker wants looked at, in place of an earlier wish."""
    row = tx.row(CycleRow, recording)
    row.sealed_wish = tx.seal(text, recording=recording, place=_wish(recording)) if text else None


def release(tx: Transaction, recording: RecordingId) -> None:
    """Hand the sequences to the caseworker. The first moment counts."""
    row = tx.row(CycleRow, recording)
    row.released_at = row.released_at or tx.at


def take_back(tx: Transaction, recording: RecordingId) -> None:
    """Close the sequences to the caseworker again."""
    tx.row(CycleRow, recording).released_at = None


def send_answers(tx: Transaction, recording: RecordingId) -> None:
    """Hand the answers to the supervisor. The first moment counts."""
    row = tx.row(CycleRow, recording)
    row.answers_sent_at = row.answers_sent_at or tx.at


def agree_meeting(
    tx: Transaction, recording: RecordingId, *, meeting_at: datetime, minutes: int
) -> None:
    """Set the hour and the length of the joint review; the same again changes nothing."""
    row = tx.row(CycleRow, recording, lock=True)
    if (row.meeting_at, row.meeting_minutes) != (meeting_at, minutes):
        row.meeting_revision += 1
    row.meeting_at, row.meeting_minutes, row.meeting_called_off = meeting_at, minutes, None


def call_off_meeting(tx: Transaction, recording: RecordingId) -> None:
    """Take back the hour of the joint review; which one it was is kept for the calendars."""
    row = tx.row(CycleRow, recording, lock=True)
    if row.meeting_at is not None:
        row.meeting_called_off, row.meeting_at = row.meeting_at, None
        row.meeting_revision += 1


def end_meeting(tx: Transaction, recording: RecordingId) -> None:
    """End the joint review. The first moment counts."""
    row = tx.row(CycleRow, recording)
    row.meeting_ended_at = row.meeting_ended_at or tx.at


def confirm_camera_cleared(tx: Transaction, recording: RecordingId) -> None:
    """Note the caseworker's word that the camera's own copy is gone. The first moment counts."""
    row = tx.row(CycleRow, recording)
    row.camera_cleared_at = row.camera_cleared_at or tx.at


def camera_cleared_at(tx: Transaction, recording: RecordingId) -> datetime | None:
    """Return when the caseworker said that the camera's copy is gone. It holds while locked too."""
    return tx.row(CycleRow, recording).camera_cleared_at


def minutes_of(tx: Transaction, permit: Permit) -> Minutes | None:
    """Return the minutes, if any have been saved."""
    row = tx.session.get(MinutesRow, permit.recording)
    return _minutes(tx, row) if row else None


def save_minutes(tx: Transaction, minutes: Minutes, *, by: Side) -> Minutes:
    """Save what one side has written; the revision named is the one that it changes.

    Whoever writes something else than what the other has signed asks for a new signature: the
    other's is cleared. A first save names revision 0. Additions are kept as they are.

    Raises:
        Conflict: They have been changed since; ``stored`` holds them as they are now.
        Signed: Both have signed.
    """
    row, stored = _for_change(tx, minutes.recording)
    if stored and len(stored.signed) == len(Side):
        raise Signed
    if minutes.revision != (stored.revision if stored else 0):
        raise Conflict(f"minutes of recording {minutes.recording}", stored=stored)
    unchanged = stored is not None and _content(stored) == _content(minutes)
    other = Side.SUPERVISOR if by is Side.CASEWORKER else Side.CASEWORKER
    if not unchanged:
        _sign(row, other, at=None)
    additions = stored.additions if stored else ()
    return _write(tx, row, replace(minutes, additions=additions))


def sign_minutes(tx: Transaction, recording: RecordingId, *, side: Side) -> Minutes:
    """Sign for one side. When both have signed, the cycle is approved. Once is enough.

    Raises:
        NotFound: No minutes have been saved.
    """
    row, stored = _for_change(tx, recording)
    if stored is None:
        raise NotFound(f"minutes of recording {recording}")
    if side not in stored.signed:
        _sign(row, side, at=tx.at)
    signed = _minutes(tx, row)
    if len(signed.signed) == len(Side):
        cycle = tx.row(CycleRow, recording)
        cycle.approved_at = cycle.approved_at or tx.at
    tx.session.flush()
    return signed


def add_to_minutes(tx: Transaction, recording: RecordingId, *, text: str) -> Minutes:
    """Write an addition; what has been signed stays as it was signed.

    Raises:
        NotFound: No minutes have been saved.
    """
    row, stored = _for_change(tx, recording)
    if stored is None:
        raise NotFound(f"minutes of recording {recording}")
    return _write(tx, row, replace(stored, additions=(*stored.additions, text)))


def answer_plan(tx: Transaction, recording: RecordingId, *, text: str) -> Minutes:
    """Write what became of a plan, signed or not: that is known only afterwards.

    Raises:
        NotFound: No minutes have been saved for this recording.
    """
    row, stored = _for_change(tx, recording)
    if stored is None:
        raise NotFound(f"minutes of recording {recording}")
    return _write(tx, row, replace(stored, plan=replace(stored.plan, what_happened=text)))


def previous_minutes(tx: Transaction, recording: RecordingId) -> Minutes | None:
    """Return the last approved minutes of an earlier recording in the same course.

    Those of a recording that may not be used now are passed over.
    """
    for row in _approved_before(tx, tx.row(RecordingRow, recording)):
        if not gaps(tx, RecordingId(row.recording)):
            return _minutes(tx, row)
    return None


def room_of(tx: Transaction, recording: RecordingId) -> dict[str, Any] | None:
    """Return where the joint room stood when it was last kept."""
    row = tx.session.get(RoomRow, recording)
    return row.state if row else None


def keep_room(tx: Transaction, recording: RecordingId, *, state: Mapping[str, Any]) -> None:
    """Keep where the joint room stands: positions and ids, for it is not sealed.

    Raises:
        NotPlain: A field holds something else than numbers and short ids.
        NotFound: There is no such recording.
    """
    check_plain(state)
    tx.row(RecordingRow, recording)
    tx.session.merge(RoomRow(recording=recording, state=dict(state), saved_at=tx.at))
    tx.session.flush()


def _approved_before(tx: Transaction, recording: RecordingRow) -> Iterator[MinutesRow]:
    query = (
        select(MinutesRow)
        .join(RecordingRow, col(RecordingRow.id) == col(MinutesRow.recording))
        .join(CycleRow, col(CycleRow.recording) == col(MinutesRow.recording))
        .where(
            RecordingRow.course == recording.course,
            RecordingRow.number < recording.number,
            col(CycleRow.approved_at).is_not(None),
        )
        .order_by(col(RecordingRow.number).desc())
    )
    yield from tx.session.exec(query)


def _for_change(tx: Transaction, recording: RecordingId) -> tuple[MinutesRow, Minutes | None]:
    """Return the row to write and what it holds, with the cycle locked: one writer at a time."""
    tx.row(CycleRow, recording, lock=True)
    row = tx.session.get(MinutesRow, recording, populate_existing=True)
    if row is None:
        return MinutesRow(recording=recording, revision=0, sealed_text=b""), None
    return row, _minutes(tx, row)


def _write(tx: Transaction, row: MinutesRow, minutes: Minutes) -> Minutes:
    row.revision += 1
    row.sealed_text = tx.seal(
        json.dumps({**_content(minutes), "additions": minutes.additions}),
        recording=minutes.recording,
        place=_place(minutes.recording),
    )
    tx.session.add(row)
    tx.session.flush()
    return _minutes(tx, row)


def _sign(row: MinutesRow, side: Side, *, at: datetime | None) -> None:
    match side:
        case Side.CASEWORKER:
            row.caseworker_signed_at = at
        case Side.SUPERVISOR:
            row.supervisor_signed_at = at


def _content(minutes: Minutes) -> dict[str, object]:
    """Return what is signed, in the shape in which it is sealed."""
    return {
        "items": [asdict(item) for item in minutes.items],
        "agreements": list(minutes.agreements),
        "plan": asdict(minutes.plan),
    }


def _minutes(tx: Transaction, row: MinutesRow) -> Minutes:
    recording = RecordingId(row.recording)
    words = json.loads(tx.unseal(row.sealed_text, recording=recording, place=_place(recording)))
    moments = {
        Side.CASEWORKER: row.caseworker_signed_at,
        Side.SUPERVISOR: row.supervisor_signed_at,
    }
    return Minutes(
        recording=recording,
        items=tuple(_item(item) for item in words["items"]),
        agreements=tuple(words["agreements"]),
        plan=Plan(**{**words["plan"], "will_try": tuple(words["plan"]["will_try"])}),
        revision=row.revision,
        signed={side: at for side, at in moments.items() if at},
        additions=tuple(words["additions"]),
    )


def _item(kept: dict[str, Any]) -> MinutesItem:
    return MinutesItem(
        **{**kept, "sequence": SequenceId(kept["sequence"]), "kind": SequenceKind(kept["kind"])}
    )


def _place(recording: RecordingId) -> str:
    return f"minutes/{recording}"


def _wish(recording: RecordingId) -> str:
    return f"cycles/{recording}"
