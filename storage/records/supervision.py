"""Sequences, answers, notes, minutes and the plan: what people make of a recording."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from consent.model import RecordingId
from storage.records.ids import NoteId, SequenceId, UserId


class SequenceKind(StrEnum):
    """What a sequence is chosen for."""

    STRENGTH = "strength"
    OPEN_QUESTION = "open_question"
    WORK_POINT = "work_point"


@dataclass(frozen=True, slots=True)
class Sequence:
    """A stretch chosen for watching together: a time range, never a file.

    Attributes:
        order: Place in the meeting, from 1.
        context_ms: How much before it may be shown as context.
        keywords: The supervisor's *stikord*.
        by: The one who chose it; the caseworker may add own ones.
    """

    id: SequenceId
    recording: RecordingId
    start_ms: int
    end_ms: int
    order: int
    title: str
    kind: SequenceKind
    keywords: tuple[str, ...] = ()
    prompt: str = ""
    context_ms: int = 5_000
    by: UserId | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caseworker wrote to a sequence's prompt before the meeting."""

    sequence: SequenceId
    seen: str
    thought: str
    skipped: bool
    at: datetime


class Visibility(StrEnum):
    """Who may read a note."""

    PRIVATE = "private"
    MEETING = "meeting"
    SHARED = "shared"


class NoteKind(StrEnum):
    """What a note is: an observation, a thought about it, or something agreed."""

    SEEN_HEARD = "seen_heard"
    INTERPRETATION = "interpretation"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Note:
    """A note bound to a moment of the film.

    Attributes:
        revision: Counts from 1; a save must name the revision it changes.
        sequence: The sequence it belongs to, if written in the meeting or under one.
        rests_on: The note of what was seen and heard that an interpretation answers for, if any.
    """

    id: NoteId
    recording: RecordingId
    by: UserId
    at_ms: int
    kind: NoteKind
    visibility: Visibility
    text: str
    written_at: datetime
    revision: int = 1
    sequence: SequenceId | None = None
    rests_on: NoteId | None = None


class Side(StrEnum):
    """The two who sign."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class MinutesItem:
    """One sequence in the minutes: what was seen, what was said. ``reached`` if it was shown."""

    sequence: SequenceId
    title: str
    kind: SequenceKind
    start_ms: int
    seen: str
    said: str
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What the caseworker takes into the next conversation, and what became of it.

    Attributes:
        goal: What it serves, as it read when the plan was written; it stays as it was signed.
        towards: The own goal that this is, as long as there is such a goal.
    """

    with_whom: str = ""
    when: str = ""
    will_try: tuple[str, ...] = ()
    will_notice: str = ""
    goal: str = ""
    towards: str = ""
    what_happened: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes and plan of one joint review; additions only once both have signed.

    Attributes:
        revision: 0 before the first save; a save names the revision that it changes.
    """

    recording: RecordingId
    items: tuple[MinutesItem, ...]
    agreements: tuple[str, ...]
    plan: Plan
    revision: int = 0
    signed: dict[Side, datetime] = field(default_factory=dict)
    additions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cycle:
    """One turn of the method around one recording: the dates its step is derived from.

    Attributes:
        wish: What the caseworker wants looked at; None until written.
        camera_cleared_at: The caseworker's word that the camera's own copy is gone.
        meeting_at: When the joint review is agreed for.
        meeting_minutes: How long it is agreed for.
        meeting_revision: How often the two have agreed on an hour or called it off.
        meeting_called_off: The hour that was called off last, while there is no other.
        meeting_ended_at: When the joint review was ended.
    """

    recording: RecordingId
    wish: str | None = None
    released_at: datetime | None = None
    answers_sent_at: datetime | None = None
    meeting_at: datetime | None = None
    meeting_minutes: int | None = None
    meeting_revision: int = 0
    meeting_called_off: datetime | None = None
    meeting_ended_at: datetime | None = None
    camera_cleared_at: datetime | None = None
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """That a colleague may come to the meeting about one recording, until it ends."""

    recording: RecordingId
    guest: UserId
    invited_at: datetime
    invited_by: UserId
