"""What was done and what was erased: kept whole."""

# No postponed annotations here: SQLModel resolves them at class creation.

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import DOCUMENT


class AuditRow(SQLModel, table=True):
    """One link of the audit chain: ids and times only. Append-only."""

    __tablename__ = "audit"
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=DOCUMENT)
    previous: str
    mac: str


class DeletionRow(SQLModel, table=True):
    """That a recording was erased, for re-application after a restore. No personal data."""

    __tablename__ = "deletions"
    recording: str = Field(primary_key=True)
    because: str = "withdrawal"
    asked_at: datetime
    key_destroyed_at: datetime | None = None
    completed_at: datetime | None = None
    keys_rotated_at: datetime | None = None
