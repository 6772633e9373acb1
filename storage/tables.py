"""The rows. They never leave storage: what travels is in ``storage.records``.

No content stands here in the clear. Columns named ``sealed_*`` hold text encrypted with the
recording's key; everything else is ids, codes, times and counts. A table with a ``recording``
column is a holding and has exactly one eraser (``storage.erasure``).
"""

# No postponed annotations here: SQLModel resolves them at class creation.

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_JSON = JSON().with_variant(JSONB(), "postgresql")


class UserRow(SQLModel, table=True):
    """An account."""

    __tablename__ = "users"
    id: str = Field(primary_key=True)
    login: str = Field(unique=True)
    name: str
    role: str
    language: str = "da"
    password_hash: str = ""
    active: bool = True


class SessionRow(SQLModel, table=True):
    """A signed-in browser, known by the hash of its cookie."""

    __tablename__ = "sessions"
    token_hash: str = Field(primary_key=True)
    user: str = Field(foreign_key="users.id", index=True)
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime


class CourseRow(SQLModel, table=True):
    """Twenty weeks of one caseworker with one supervisor."""

    __tablename__ = "courses"
    id: str = Field(primary_key=True)
    caseworker: str = Field(foreign_key="users.id", index=True)
    supervisor: str = Field(foreign_key="users.id", index=True)
    coordinator: str | None = Field(default=None, foreign_key="users.id", index=True)
    package: str
    starts_on: date
    weeks: int = 20


class RecordingRow(SQLModel, table=True):
    """A recording's own facts. It stays after erasure, as a date and nothing else."""

    __tablename__ = "recordings"
    __table_args__ = (UniqueConstraint("course", "number"),)
    id: str = Field(primary_key=True)
    course: str = Field(foreign_key="courses.id", index=True)
    owner: str = Field(foreign_key="users.id", index=True)
    number: int
    youth_letter: str
    recorded_at: datetime
    jurisdiction: str
    language: str
    speakers: int
    sound: str
    duration_ms: int | None = None
    received_at: datetime | None = None
    fingerprint: str | None = Field(default=None, index=True)
    erase_after: date | None = None
    erased_at: datetime | None = None


class ParticipantRow(SQLModel, table=True):
    """Someone seen or heard in a recording, or with a say about it."""

    __tablename__ = "participants"
    recording: str = Field(primary_key=True, foreign_key="recordings.id")
    person: str = Field(primary_key=True)
    role: str
    present: bool = True
    sealed_birth_date: bytes | None = Field(default=None, sa_type=LargeBinary)


class EvidenceRow(SQLModel, table=True):
    """One answer about one purpose. Append-only."""

    __tablename__ = "evidence"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    person: str
    purpose: str
    event: str
    at: datetime
    method: str
    valid_from: date
    valid_until: date | None = None
    scope: list[str] = Field(default_factory=list, sa_type=_JSON)
    language: str = "da"
    notice: str = ""
    spoken_at_ms: int | None = None


class UploadRow(SQLModel, table=True):
    """A film on its way in."""

    __tablename__ = "uploads"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    owner: str = Field(foreign_key="users.id")
    length: int = Field(sa_type=BigInteger)
    offset: int = Field(default=0, sa_type=BigInteger)
    media_type: str = ""
    expires_at: datetime


class BlobRow(SQLModel, table=True):
    """Where an encrypted blob of a recording lies; the latest of a role counts."""

    __tablename__ = "blobs"
    key: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    role: str
    size: int = Field(sa_type=BigInteger)
    stored_at: datetime


class RequestRow(SQLModel, table=True):
    """What the app asks of the workers. One of a kind waits per recording."""

    __tablename__ = "requests"
    __table_args__ = (
        Index(
            "uq_requests_waiting",
            "kind",
            "recording",
            unique=True,
            sqlite_where=text("picked_at IS NULL"),
            postgresql_where=text("picked_at IS NULL"),
        ),
    )
    id: str = Field(primary_key=True)
    kind: str
    recording: str = Field(foreign_key="recordings.id", index=True)
    at: datetime
    picked_at: datetime | None = None
    done_at: datetime | None = None
    error: str | None = None


class StageRunRow(SQLModel, table=True):
    """Where one stage of one recording stands."""

    __tablename__ = "stage_runs"
    recording: str = Field(primary_key=True, foreign_key="recordings.id")
    stage: str = Field(primary_key=True)
    state: str
    fraction: float = 0.0
    seconds: float | None = None
    peak_mib: float | None = None
    error: str | None = None
    version: str = ""
    changed_at: datetime


class WorkerRow(SQLModel, table=True):
    """A worker process and when it was last heard of."""

    __tablename__ = "workers"
    id: str = Field(primary_key=True)
    seen_at: datetime


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
    sealed_text: bytes = Field(sa_type=LargeBinary)


class CycleRow(SQLModel, table=True):
    """The dates of one turn of the method."""

    __tablename__ = "cycles"
    recording: str = Field(primary_key=True, foreign_key="recordings.id")
    sealed_wish: bytes | None = Field(default=None, sa_type=LargeBinary)
    released_at: datetime | None = None
    answers_sent_at: datetime | None = None
    meeting_at: datetime | None = None
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
    state: dict[str, Any] = Field(default_factory=dict, sa_type=_JSON)
    saved_at: datetime


class DraftRow(SQLModel, table=True):
    """Text that someone is still writing."""

    __tablename__ = "drafts"
    user: str = Field(primary_key=True, foreign_key="users.id")
    recording: str = Field(primary_key=True, foreign_key="recordings.id")
    field: str = Field(primary_key=True)
    saved_at: datetime
    sealed_text: bytes = Field(sa_type=LargeBinary)


class AuditRow(SQLModel, table=True):
    """One link of the audit chain: ids and times only. Append-only."""

    __tablename__ = "audit"
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=_JSON)
    previous: str
    mac: str


class DeletionRow(SQLModel, table=True):
    """That a recording was erased, for re-application after a restore. No personal data."""

    __tablename__ = "deletions"
    recording: str = Field(primary_key=True)
    asked_at: datetime
    key_destroyed_at: datetime | None = None
    completed_at: datetime | None = None
