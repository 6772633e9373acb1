"""A recording, its way in, where its blobs lie, and how far its processing is."""

# No postponed annotations here: SQLModel resolves them at class creation.

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


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


class FilmPartRow(SQLModel, table=True):
    """One of the files that a film arrives in."""

    __tablename__ = "film_parts"
    recording: str = Field(primary_key=True, foreign_key="recordings.id")
    id: str = Field(primary_key=True)
    place: int
    kind: str
    blob: str | None = None


class UploadRow(SQLModel, table=True):
    """A file of a film on its way in."""

    __tablename__ = "uploads"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    owner: str = Field(foreign_key="users.id")
    length: int = Field(sa_type=BigInteger)
    offset: int = Field(default=0, sa_type=BigInteger)
    media_type: str = ""
    part: str = ""
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
