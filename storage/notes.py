"""Notes bound to a moment of the film, and the caseworker's answers to prompts."""

import json
from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import col, select

from consent.gate import Permit
from consent.model import RecordingId
from storage.errors import Conflict, NotFound
from storage.records import (
    Answer,
    Note,
    NoteId,
    NoteKind,
    SequenceId,
    UserId,
    Visibility,
)
from storage.tables import AnswerRow, CycleRow, NoteRow, SequenceRow
from storage.transaction import Transaction


def notes_of(tx: Transaction, permit: Permit, *, reader: UserId) -> tuple[Note, ...]:
    """Return the notes that this reader may see, by time.

    One's own always; another's if shared, or kept for the meeting and the time has come: the
    sequences are released or the meeting's hour has struck. An interpretation names what it
    rests on as long as that is among them; a note that is removed and written again is named again.
    """
    seen = {Visibility.SHARED}
    if _is_open(tx, permit.recording):
        seen.add(Visibility.MEETING)
    query = select(NoteRow).where(NoteRow.recording == permit.recording)
    by_time = (col(NoteRow.at_ms), col(NoteRow.written_at), col(NoteRow.id))
    return _linked(
        _note(tx, row)
        for row in tx.session.exec(query.order_by(*by_time))
        if row.by == reader or Visibility(row.visibility) in seen
    )


def write_note(tx: Transaction, note: Note) -> Note:
    """Write a new note, or change one: it then names the revision that it changes.

    Raises:
        Conflict: It has been changed since; ``stored`` is the note as it is now.
        NotFound: The note of this id is someone else's, or another recording's.
    """
    row = tx.session.get(NoteRow, note.id, with_for_update=True)
    if row is None:
        row = NoteRow(
            id=note.id,
            recording=note.recording,
            by=note.by,
            at_ms=note.at_ms,
            kind=note.kind,
            visibility=note.visibility,
            written_at=tx.at,
            revision=0,
            sealed_text=b"",
        )
        tx.session.add(row)
    else:
        _check_own(row, note)
        if row.revision != note.revision:
            raise Conflict(f"note {note.id}", stored=_note(tx, row))
    row.at_ms = note.at_ms
    row.kind = note.kind
    row.visibility = note.visibility
    row.sequence = note.sequence
    row.rests_on = note.rests_on
    row.revision += 1
    row.sealed_text = tx.seal(note.text, recording=note.recording, place=f"notes/{note.id}")
    tx.session.flush()
    return _note(tx, row)


def remove_note(tx: Transaction, id_: NoteId, *, by: UserId) -> Note:
    """Take one's own note away and return it; written again as it is, it is back.

    Raises:
        NotFound: There is no such note, or it is someone else's.
    """
    row = tx.row(NoteRow, id_)
    if row.by != by:
        raise NotFound(f"note {id_} of user {by}")
    removed = _note(tx, row)
    tx.session.delete(row)
    tx.session.flush()
    return removed


def answers_of(tx: Transaction, permit: Permit) -> tuple[Answer, ...]:
    """Return the answers to the sequences that there are, in their order."""
    query = (
        select(AnswerRow)
        .join(SequenceRow, col(SequenceRow.id) == col(AnswerRow.sequence))
        .where(AnswerRow.recording == permit.recording)
        .order_by(col(SequenceRow.order), col(SequenceRow.id))
    )
    return tuple(_answer(tx, row) for row in tx.session.exec(query))


def write_answer(
    tx: Transaction, sequence: SequenceId, *, seen: str, thought: str, skipped: bool = False
) -> Answer:
    """Write what the caseworker answers to a sequence's prompt, in place of an earlier answer.

    Raises:
        NotFound: There is no such sequence.
    """
    recording = RecordingId(tx.row(SequenceRow, sequence).recording)
    words = json.dumps({"seen": seen, "thought": thought})
    row = AnswerRow(
        sequence=sequence,
        recording=recording,
        skipped=skipped,
        at=tx.at,
        sealed_text=tx.seal(words, recording=recording, place=f"answers/{sequence}"),
    )
    kept = tx.session.merge(row)
    tx.session.flush()
    return _answer(tx, kept)


def _is_open(tx: Transaction, recording: RecordingId) -> bool:
    cycle = tx.row(CycleRow, recording)
    if cycle.released_at is not None or cycle.meeting_ended_at is not None:
        return True
    return cycle.meeting_at is not None and cycle.meeting_at <= tx.at


def _linked(found: Iterable[Note]) -> tuple[Note, ...]:
    """Return notes without the links that lead to none of what was seen and heard among them."""
    notes = tuple(found)
    seen = {note.id for note in notes if note.kind is NoteKind.SEEN_HEARD}

    def stands(note: Note) -> bool:
        return note.kind is NoteKind.INTERPRETATION and note.rests_on in seen

    return tuple(note if stands(note) else replace(note, rests_on=None) for note in notes)


def _check_own(row: NoteRow, note: Note) -> None:
    if (row.by, row.recording) != (note.by, note.recording):
        raise NotFound(f"note {note.id} of user {note.by} in recording {note.recording}")


def _note(tx: Transaction, row: NoteRow) -> Note:
    recording = RecordingId(row.recording)
    return Note(
        id=NoteId(row.id),
        recording=recording,
        by=UserId(row.by),
        at_ms=row.at_ms,
        kind=NoteKind(row.kind),
        visibility=Visibility(row.visibility),
        text=tx.unseal(row.sealed_text, recording=recording, place=f"notes/{row.id}"),
        written_at=row.written_at,
        revision=row.revision,
        sequence=SequenceId(row.sequence) if row.sequence else None,
        rests_on=NoteId(row.rests_on) if row.rests_on else None,
    )


def _answer(tx: Transaction, row: AnswerRow) -> Answer:
    recording = RecordingId(row.recording)
    place = f"answers/{row.sequence}"
    words = json.loads(tx.unseal(row.sealed_text, recording=recording, place=place))
    return Answer(
        sequence=SequenceId(row.sequence),
        seen=words["seen"],
        thought=words["thought"],
        skipped=row.skipped,
        at=row.at,
    )
