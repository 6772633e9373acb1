"""Intents of writing: notes and drafts."""

from review_app.commands.access import Access, Relation
from review_app.errors import Denied
from storage import drafts, notes
from storage.identity import new_id
from storage.records import Note, NoteId, NoteKind, SequenceId, Visibility


def write_note(
    access: Access,
    *,
    at_ms: int,
    kind: NoteKind,
    visibility: Visibility,
    text: str,
    id: NoteId | None = None,  # noqa: A002 - the page's own word
    revision: int = 0,
    sequence: SequenceId | None = None,
) -> Note:
    """Write a note or a new version of one's own note.

    Raises:
        Conflict: The note has been changed since it was read; both texts survive.
    """
    note = Note(
        id=id or NoteId(new_id()),
        recording=access.id,
        by=access.user.id,
        at_ms=max(at_ms, 0),
        kind=kind,
        visibility=visibility,
        text=text,
        written_at=access.tx.at,
        revision=revision,
        sequence=sequence,
    )
    saved = notes.write_note(access.tx, note)
    access.note_in_audit("note_written", note=saved.id, visibility=visibility)
    return saved


def remove_note(access: Access, *, id: NoteId) -> None:  # noqa: A002 - the page's own word
    """Remove one's own note."""
    removed = notes.remove_note(access.tx, id, by=access.user.id)
    if removed.recording != access.id:
        raise Denied
    access.note_in_audit("note_removed", note=id)


def keep_draft(near: Relation, *, field: str, text: str) -> None:
    """Keep what is being written, for this person alone; an empty text drops it."""
    if text:
        drafts.keep_draft(near.tx, user=near.user.id, recording=near.id, field=field, text=text)
    else:
        drafts.drop_draft(near.tx, user=near.user.id, recording=near.id, field=field)
