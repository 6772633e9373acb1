"""Intents between film and meeting: the wish, the release, the written answers."""

from datetime import timedelta
from typing import Annotated, Final

from pydantic import AwareDatetime, Field

from review_app.commands.access import Access, Relation
from review_app.commands.arguments import OneSequence
from review_app.errors import BadRequest, Denied, NotReceived, NotReleased
from storage import annotations, cycles, notes
from storage.records import Side

_MEETING_WITHIN: Final = timedelta(days=366)
MeetingMinutes = Annotated[int, Field(ge=5, le=480)]


def write_wish(near: Relation, *, text: str) -> None:
    """Tell the supervisor what feedback is wanted on."""
    _check_side(near, Side.CASEWORKER)
    if not text.strip():
        raise BadRequest
    cycles.write_wish(near.tx, near.id, text=text.strip())
    near.note_in_audit("wish_written")


def release(
    access: Access, *, meeting_at: AwareDatetime | None = None, minutes: MeetingMinutes = 60
) -> None:
    """Let the caseworker see the sequences and their questions, and the hour if there is one.

    Raises:
        BadRequest: Nothing has been chosen yet, or the meeting is not within a year.
    """
    _check_side(access, Side.SUPERVISOR)
    if not annotations.sequences_of(access.tx, access.permit):
        raise BadRequest
    if meeting_at is not None:
        _agree(access, meeting_at=meeting_at, minutes=minutes)
    cycles.release(access.tx, access.id)
    access.note_in_audit("released")


def agree_meeting(access: Access, *, meeting_at: AwareDatetime, minutes: MeetingMinutes) -> None:
    """Set the hour of the joint review, or move it.

    Raises:
        BadRequest: The meeting has been held, or is not within a year.
    """
    _check_side(access, Side.SUPERVISOR)
    _check_ahead(access)
    _agree(access, meeting_at=meeting_at, minutes=minutes)
    access.note_in_audit("meeting_agreed", minutes=minutes)


def call_off_meeting(access: Access) -> None:
    """Take back the hour of the joint review; another may be agreed on later.

    Raises:
        BadRequest: The meeting has been held.
    """
    _check_side(access, Side.SUPERVISOR)
    _check_ahead(access)
    cycles.call_off_meeting(access.tx, access.id)
    access.note_in_audit("meeting_called_off")


def take_back(access: Access) -> None:
    """Close the sequences to the caseworker again.

    Raises:
        BadRequest: The meeting has been held.
    """
    _check_side(access, Side.SUPERVISOR)
    _check_ahead(access)
    cycles.take_back(access.tx, access.id)
    access.note_in_audit("taken_back")


def write_answer(
    access: Access,
    *,
    sequence: OneSequence,
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
    """Record the caseworker's word that the camera's own copy is gone.

    Raises:
        NotReceived: It would be the only copy.
    """
    _check_side(near, Side.CASEWORKER)
    if near.recording.received_at is None:
        raise NotReceived
    cycles.confirm_camera_cleared(near.tx, near.id)
    near.note_in_audit("camera_cleared")


def _check_side(near: Relation, side: Side) -> None:
    if near.side is not side:
        raise Denied


def _check_ahead(access: Access) -> None:
    if cycles.cycle_of(access.tx, access.id).meeting_ended_at is not None:
        raise BadRequest


def _agree(access: Access, *, meeting_at: AwareDatetime, minutes: int) -> None:
    if abs(meeting_at - access.tx.at) > _MEETING_WITHIN:
        raise BadRequest
    cycles.agree_meeting(access.tx, access.id, meeting_at=meeting_at, minutes=minutes)


def _check_released(access: Access) -> None:
    if cycles.cycle_of(access.tx, access.id).released_at is None:
        raise NotReleased
