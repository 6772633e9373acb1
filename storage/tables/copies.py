"""Training copies that are asked for, being made, or waiting to be fetched."""

# No postponed annotations here: SQLModel resolves them at class creation.

from datetime import datetime

from sqlmodel import Field, SQLModel


class TrainingCopyRow(SQLModel, table=True):
    """A training copy. ``sealed_mark`` is what is burnt into its picture: who took it, and when."""

    __tablename__ = "training_copies"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    asked_at: datetime
    asked_by: str
    reason: str
    sequence: str | None = None
    start_ms: int
    end_ms: int
    voice: str
    sealed_mark: bytes
    ends_at: datetime
    fraction: float = 0.0
    made_at: datetime | None = None
    fetched_at: datetime | None = None
    blob: str | None = None
    error: str | None = None
