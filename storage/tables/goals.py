"""What a caseworker works towards in a course."""

# No postponed annotations here: SQLModel resolves them at class creation.

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel


class GoalRow(SQLModel, table=True):
    """An own goal; its words are sealed with the course's key."""

    __tablename__ = "goals"
    id: str = Field(primary_key=True)
    course: str = Field(foreign_key="courses.id", index=True)
    written_at: datetime
    closed_at: datetime | None = None
    revision: int
    sealed_text: bytes = Field(sa_type=LargeBinary)


class GoalLookRow(SQLModel, table=True):
    """How the caseworker saw a goal after one review; sealed with the recording's key."""

    __tablename__ = "goal_looks"
    goal: str = Field(primary_key=True)
    recording: str = Field(primary_key=True, foreign_key="recordings.id", index=True)
    at: datetime
    sealed_text: bytes = Field(sa_type=LargeBinary)
