"""Intents between film and meeting: the wish, the release, the written answers."""

from datetime import datetime

from review_app.commands.access import Access, Relation
from review_app.errors import BadRequest, Denied, NotReleased
from storage import annotations, cycles, notes
from storage.records import SequenceId, Side


def write_wish(near: Relation, *, text: str) -> None:
    """Tell the supervisor what feedback is wanted on."""
    _check_side(near, Side.CASEWORKER)
    if not text.strip():
        raise BadRequest
    cycles.write_wish(near.tx, near.id, text=text.strip())
    near.note_in_audit("wish_written")


def release(access: Access, *, meeting_at: datetime | None = None) -> None:
    """Let the caseworker see the sequences and their questions.

    Raises:
        BadRequest: Nothing has been chosen yet.
    """
    _check_side(access, Side.SUPERVISOR)
    if not annotations.sequences_of(access.tx, access.permit):
        raise BadRequest
    cycles.release(access.tx, access.id, meeting_at=meeting_at)
    access.note_in_audit("released")


def take_back(access: Access) -> None:
    """Close the sequences to the caseworker again while the meeting has not begun."""
    _check_side(access, Side.SUPERVISOR)
    cycles.take_back(access.tx, access.id)
    access.note_in_audit("taken_back")


def write_answer(
    access: Access,
    *,
    sequence: SequenceId,
    seen: str = "",
    thought: str = "",
    skipped: bool = False,
) -> None:
    """Answer a sequence's question in writing, or pass it by."""
    _check_side(access, Side.CASEWORKER)
    _check_released(access)
    if sequence not in {s.id for s in annotations.sequences_of(access.tx, access.permit)}:
        raise BadRequest
    notes.write_answer(access.tx, sequence, seen=seen, thought=thought, skipped=skipped)
    access.note_in_audit("answer_written", sequence=sequence)


def send_answers(access: Access) -> None:
    """Tell the supervisor that the preparation is done; answers may still be changed."""
    _check_side(access, Side.CASEWORKER)
    _check_released(access)
    cycles.send_answers(access.tx, access.id)
    access.note_in_audit("answers_sent")


def confirm_camera_cleared(near: Relation) -> None:
    """Record the caseworker's word that the camera's own copy is gone."""
    _check_side(near, Side.CASEWORKER)
    cycles.confirm_camera_cleared(near.tx, near.id)
    near.note_in_audit("camera_cleared")


def _check_side(near: Relation, side: Side) -> None:
    if near.side is not side:
        raise Denied


def _check_released(access: Access) -> None:
    if cycles.cycle_of(access.tx, access.id).released_at is None:
        raise NotReleased
