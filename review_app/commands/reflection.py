"""Intents of writing: notes and drafts."""

from review_app.commands.access import Access, Guest, Relation
from review_app.commands.arguments import FieldName, OneNote, OneSequence, Place
from storage import annotations, consent_ledger, drafts, notes
from storage.errors import NotFound
from storage.identity import new_id
from storage.records import Note, NoteId, NoteKind, Visibility


def write_note(
    access: Access | Guest,
    *,
    at_ms: Place,
    kind: NoteKind,
    visibility: Visibility,
    text: str,
    id: OneNote | None = None,  # noqa: A002 - the page's own word
    revision: int = 0,
    sequence: OneSequence | None = None,
    rests_on: OneNote | None = None,
) -> Note:
    """Write a note or a new version of one's own note.

    An interpretation may name the note of what was seen that it rests on. It is kept as it is
    told: that note may be away for a moment, until an undo brings it back.

    Raises:
        Conflict: The note has been changed since it was read; both texts survive.
    """
    chosen = {each.id for each in annotations.sequences_of(access.tx, access.permit)}
    note = Note(
        id=id or NoteId(new_id()),
        recording=access.id,
        by=access.user.id,
        at_ms=at_ms,
        kind=kind,
        visibility=visibility,
        text=text,
        written_at=access.tx.at,
        revision=revision,
        # A sequence may have been removed while the note was being written.
        sequence=sequence if sequence in chosen else None,
        rests_on=rests_on,
    )
    saved = notes.write_note(access.tx, note)
    access.note_in_audit("note_written", note=saved.id, visibility=visibility)
    return saved


def remove_note(access: Access, *, id: OneNote) -> None:  # noqa: A002 - the page's own word
    """Remove one's own note."""
    removed = notes.remove_note(access.tx, id, by=access.user.id)
    if removed.recording != access.id:
        raise NotFound
    access.note_in_audit("note_removed", note=id)


def keep_draft(near: Relation, *, field: FieldName, text: str) -> None:
    """Keep what is being written, for this person alone; an empty text drops it.

    It is no act yet, and comes every second: the audit log has what is saved in the end.

    Raises:
        ConsentMissing: Only the wish may be written while someone has not agreed.
    """
    _check_open(near, field)
    drafts.keep_draft(near.tx, user=near.user.id, recording=near.id, field=field, text=text)


def draft_of(near: Relation, *, field: FieldName) -> str:
    """Return what this person was writing in a field, or nothing.

    Raises:
        ConsentMissing: Only the wish may be read while someone has not agreed.
    """
    _check_open(near, field)
    return drafts.draft(near.tx, user=near.user.id, recording=near.id, field=field) or ""


def _check_open(near: Relation, field: FieldName) -> None:
    """Ask for consent, but for the wish: every other draft may speak of what was seen."""
    if field != "wish":
        consent_ledger.permit(near.tx, near.id)
