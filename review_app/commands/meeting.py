"""Intents of the meeting and after it: minutes, plan, signatures."""

from dataclasses import dataclass, replace

from review_app.commands.access import Access
from review_app.dates import film_time
from review_app.errors import BadRequest, Denied
from storage import annotations, cycles, goals, invitations, notes
from storage.errors import Conflict
from storage.records import (
    Minutes,
    MinutesItem,
    Note,
    NoteKind,
    Plan,
    Sequence,
    SequenceId,
    Side,
    Visibility,
)


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What the page may change of an item of the minutes."""

    sequence: SequenceId
    seen: str
    said: str
    reached: bool = True


def end_meeting(access: Access) -> None:
    """Close the joint room to everyone and make minutes of what was shown, said and agreed."""
    if cycles.cycle_of(access.tx, access.id).released_at is None:
        raise BadRequest
    cycles.end_meeting(access.tx, access.id)
    invitations.end_all(access.tx, access.id)
    if cycles.minutes_of(access.tx, access.permit) is None:
        cycles.save_minutes(access.tx, first_minutes(access), by=access.side)
    access.note_in_audit("meeting_ended")


def first_minutes(access: Access) -> Minutes:
    """Return minutes put together from the meeting's sequences and shared notes.

    What a thought rests on is among them wherever in the film it was seen.
    """
    chosen = annotations.sequences_of(access.tx, access.permit)
    shared = [
        note
        for note in notes.notes_of(access.tx, access.permit, reader=access.user.id)
        if note.visibility is Visibility.SHARED
    ]
    room = cycles.room_of(access.tx, access.id) or {}
    shown = frozenset(room.get("shown", ()))
    return Minutes(
        recording=access.id,
        items=tuple(_item(sequence, shared, shown=shown) for sequence in chosen),
        agreements=tuple(n.text for n in shared if n.kind is NoteKind.AGREEMENT),
        plan=Plan(with_whom=access.recording.youth_letter),
        revision=0,
    )


def save_minutes(
    access: Access,
    *,
    items: tuple[ItemChange, ...],
    agreements: tuple[str, ...],
    plan: Plan,
    revision: int,
) -> int:
    """Save minutes and plan and return their new revision.

    Raises:
        Conflict: The other has saved meanwhile; both texts survive.
        Signed: Both have signed; only additions are possible.
    """
    old = _minutes(access)
    changes = {change.sequence: change for change in items}
    new = replace(
        old,
        items=tuple(_changed(item, changes.get(item.sequence)) for item in old.items),
        agreements=tuple(text for text in agreements if text.strip()),
        plan=replace(plan, towards=_own_goal(access, plan), what_happened=old.plan.what_happened),
        revision=revision,
    )
    saved = cycles.save_minutes(access.tx, new, by=access.side)
    access.note_in_audit("minutes_saved", revision=saved.revision)
    return saved.revision


def sign_minutes(access: Access, *, revision: int) -> None:
    """Sign minutes and plan in the version that was on the screen.

    Raises:
        Conflict: The other has saved meanwhile; read it first.
    """
    minutes = _minutes(access)
    if minutes.revision != revision:
        raise Conflict(f"minutes of recording {access.id}", stored=minutes)
    cycles.sign_minutes(access.tx, access.id, side=access.side)
    access.note_in_audit("minutes_signed", side=access.side)


def add_to_minutes(access: Access, *, text: str) -> None:
    """Add a line to minutes that both have signed."""
    if not text.strip() or set(_minutes(access).signed) != set(Side):
        raise BadRequest
    cycles.add_to_minutes(access.tx, access.id, text=text.strip())
    access.note_in_audit("minutes_added_to")


def answer_plan(access: Access, *, text: str) -> None:
    """Write what became of the last plan, at the recording that followed it."""
    if access.side is not Side.CASEWORKER:
        raise Denied
    previous = cycles.previous_minutes(access.tx, access.id)
    if previous is None:
        raise BadRequest
    cycles.answer_plan(access.tx, previous.recording, text=text)
    access.note_in_audit("plan_answered", earlier=previous.recording)


def _minutes(access: Access) -> Minutes:
    minutes = cycles.minutes_of(access.tx, access.permit)
    if minutes is None:
        raise BadRequest
    return minutes


def _own_goal(access: Access, plan: Plan) -> str:
    """Return the goal that a plan serves; it may have been erased while the plan was written."""
    mine = {goal.id for goal in goals.goals_of(access.tx, access.course.id)}
    return plan.towards if plan.towards in mine else ""


def _changed(item: MinutesItem, change: ItemChange | None) -> MinutesItem:
    if change is None:
        return item
    return replace(item, seen=change.seen, said=change.said, reached=change.reached)


def _item(sequence: Sequence, shared: list[Note], *, shown: frozenset[SequenceId]) -> MinutesItem:
    """Return a sequence's item: a line for each note.

    A thought and what it rests on both begin with the place in the film where that was seen.
    """
    under = [note for note in shared if note.sequence == sequence.id]
    thoughts = [note for note in under if note.kind is NoteKind.INTERPRETATION]
    grounds = {thought.rests_on for thought in thoughts}
    places = {note.id: film_time(note.at_ms) for note in shared if note.id in grounds}
    seen = [
        note
        for note in shared
        if note.id in places or (note in under and note.kind is NoteKind.SEEN_HEARD)
    ]
    return MinutesItem(
        sequence=sequence.id,
        title=sequence.title,
        kind=sequence.kind,
        start_ms=sequence.start_ms,
        seen="\n".join(_led(note.text, by=places.get(note.id)) for note in seen),
        said="\n".join(
            _led(note.text, by=places.get(note.rests_on) if note.rests_on else None)
            for note in thoughts
        ),
        reached=bool(under) or sequence.id in shown,
    )


def _led(text: str, *, by: str | None) -> str:
    return f"{by} {text}" if by else text
