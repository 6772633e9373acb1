"""Accounts, sign-ins and courses."""

# No postponed annotations here: SQLModel resolves them at class creation.

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class UserRow(SQLModel, table=True):
    """An account."""

    __tablename__ = "users"
    id: str = Field(primary_key=True)
    login: str = Field(unique=True)
    name: str
    role: str
    language: str = "da"
    reaction_ms: int = 400
    pre_roll_ms: int = 0
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
    leader: str | None = None
