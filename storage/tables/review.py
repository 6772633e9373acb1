"""The text, and what people make of the film."""

# No postponed annotations here: SQLModel resolves them at class creation.

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import DOCUMENT


class TranscriptRow(SQLModel, table=True):
    """A version of the text; the words themselves are a blob."""

    __tablename__ = "transcripts"
    __table_args__ = (UniqueConstraint("recording", "version"),)
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    version: int
    engine: str
    language: str
    rehearsal: bool
    blob: str
    made_at: datetime


class CorrectionRow(SQLModel, table=True):
    """What one person changed in the text at once. Rows are only added."""

    __tablename__ = "corrections"
    __table_args__ = (UniqueConstraint("recording", "revision"),)
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    version: int
    revision: int
    by: str
    at: datetime
    sealed_text: bytes = Field(sa_type=LargeBinary)


class SegmentRow(SQLModel, table=True):
    """A phase, suggested or set."""

    __tablename__ = "segments"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    start_ms: int
    end_ms: int
    phase: str
    reason: str = ""
    origin: str
    verdict: str


class TagRow(SQLModel, table=True):
    """A codebook keyword, suggested or set."""

    __tablename__ = "tags"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    codebook: str
    code: str
    start_ms: int
    end_ms: int
    origin: str
    verdict: str
    confidence: float
    reason: str = ""
    by: str | None = None
    modifier: str = ""


class LessonRow(SQLModel, table=True):
    """What a judged suggestion teaches; without traits it has been forgotten for good."""

    __tablename__ = "lessons"
    tag: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    layout: str
    made_at: datetime
    sealed_traits: bytes | None = Field(default=None, sa_type=LargeBinary)


class SequenceRow(SQLModel, table=True):
    """A stretch chosen for the meeting."""

    __tablename__ = "sequences"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    start_ms: int
    end_ms: int
    order: int
    kind: str
    context_ms: int
    by: str | None = None
    sealed_text: bytes = Field(sa_type=LargeBinary)


class AnswerRow(SQLModel, table=True):
    """What the caseworker wrote to a prompt."""

    __tablename__ = "answers"
    sequence: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    skipped: bool
    at: datetime
    sealed_text: bytes = Field(sa_type=LargeBinary)


class NoteRow(SQLModel, table=True):
    """A note bound to a moment."""

    __tablename__ = "notes"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    by: str
    at_ms: int
    kind: str
    visibility: str
    written_at: datetime
    revision: int = 1
    sequence: str | None = None
    rests_on: str | None = None
    sealed_text: bytes = Field(sa_type=LargeBinary)


class CycleRow(SQLModel, table=True):
    """The dates of one turn of the method."""

    __tablename__ = "cycles"
    recording: str = Field(primary_key=True, foreign_key="recordings.id")
    sealed_wish: bytes | None = Field(default=None, sa_type=LargeBinary)
    released_at: datetime | None = None
    answers_sent_at: datetime | None = None
    meeting_at: datetime | None = None
    meeting_minutes: int | None = None
    meeting_revision: int = 0
    meeting_called_off: datetime | None = None
    meeting_ended_at: datetime | None = None
    camera_cleared_at: datetime | None = None
    approved_at: datetime | None = None


class MinutesRow(SQLModel, table=True):
    """Minutes and plan of one joint review."""

    __tablename__ = "minutes"
    recording: str = Field(primary_key=True, foreign_key="recordings.id")
    revision: int
    caseworker_signed_at: datetime | None = None
    supervisor_signed_at: datetime | None = None
    sealed_text: bytes = Field(sa_type=LargeBinary)


class RoomRow(SQLModel, table=True):
    """Where a joint room stands, so that a restart finds everybody in the same place."""

    __tablename__ = "rooms"
    recording: str = Field(primary_key=True, foreign_key="recordings.id")
    state: dict[str, Any] = Field(default_factory=dict, sa_type=DOCUMENT)
    saved_at: datetime


class InvitationRow(SQLModel, table=True):
    """A colleague's invitation to the meeting about one recording."""

    __tablename__ = "invitations"
    recording: str = Field(primary_key=True, foreign_key="recordings.id", index=True)
    guest: str = Field(primary_key=True)
    invited_at: datetime
    invited_by: str
    ended_at: datetime | None = None


class CodingRow(SQLModel, table=True):
    """A stretch that two people mark on their own."""

    __tablename__ = "codings"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    codebook: str
    codes: list[str] = Field(default_factory=list, sa_type=DOCUMENT)
    text_version: int
    text_revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    start_ms: int
    end_ms: int
    begun_by: str
    begun_at: datetime


class CodingSheetRow(SQLModel, table=True):
    """What one of the two has marked."""

    __tablename__ = "coding_sheets"
    coding: str = Field(primary_key=True)
    by: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    finished_at: datetime | None = None
    sealed_marks: bytes = Field(sa_type=LargeBinary)


class DraftRow(SQLModel, table=True):
    """Text that someone is still writing."""

    __tablename__ = "drafts"
    user: str = Field(primary_key=True, foreign_key="users.id")
    recording: str = Field(primary_key=True, foreign_key="recordings.id")
    field: str = Field(primary_key=True)
    saved_at: datetime
    sealed_text: bytes = Field(sa_type=LargeBinary)
