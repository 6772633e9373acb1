"""Who is in a recording, what they answered, and what guards it beside that."""

# No postponed annotations here: SQLModel resolves them at class creation.

from datetime import date, datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from storage.tables.columns import DOCUMENT


class ParticipantRow(SQLModel, table=True):
    """Someone seen or heard in a recording, or with a say about it."""

    __tablename__ = "participants"
    recording: str = Field(primary_key=True, foreign_key="recordings.id")
    person: str = Field(primary_key=True)
    role: str
    present: bool = True
    ground: str = ""
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
    scope: list[str] = Field(default_factory=list, sa_type=DOCUMENT)
    language: str = "da"
    notice: str = ""
    spoken_at_ms: int | None = None
    place: str = "office"
    written_by: str = ""


class EvidenceScanRow(SQLModel, table=True):
    """Where the picture of a signed paper lies. Append-only."""

    __tablename__ = "evidence_scans"
    evidence: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    blob: str
    at: datetime
    by: str


class ConsentCodeRow(SQLModel, table=True):
    """A private code to the consent page, by its keyed digest.

    It stays after erasure without the person, so that whoever withdrew can see that it is done.
    """

    __tablename__ = "consent_codes"
    digest: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    person: str | None = None
    made_at: datetime
    made_by: str
    revoked_at: datetime | None = None


class AccessAskRow(SQLModel, table=True):
    """That a person in the recording asks for what is held about them."""

    __tablename__ = "access_asks"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    person: str
    at: datetime
    due_on: date
    answered_at: datetime | None = None
    answered_by: str | None = None


class HoldRow(SQLModel, table=True):
    """A duty to keep a recording, which erasure waits for. It opens nothing."""

    __tablename__ = "holds"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    kind: str
    ground: str
    placed_at: datetime
    placed_by: str
    lifted_at: datetime | None = None
    lifted_by: str | None = None


class ConcernRow(SQLModel, table=True):
    """A worry about a child that someone in the review has flagged."""

    __tablename__ = "concerns"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    raised_at: datetime
    raised_by: str
    leader: str
    hold: str
    at_ms: int | None = None
    sealed_text: bytes | None = Field(default=None, sa_type=LargeBinary)
    closed_at: datetime | None = None


class ConcernStepRow(SQLModel, table=True):
    """What was done about a concern, and when."""

    __tablename__ = "concern_steps"
    id: str = Field(primary_key=True)
    concern: str = Field(index=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    step: str
    at: datetime
    by: str


class BreakGlassRow(SQLModel, table=True):
    """Emergency access to one recording: asked for by one person, approved by another."""

    __tablename__ = "break_glass"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    asked_at: datetime
    asked_by: str
    sealed_reason: bytes = Field(sa_type=LargeBinary)
    approved_at: datetime | None = None
    approved_by: str | None = None
    ends_at: datetime | None = None


class NotificationRow(SQLModel, table=True):
    """Something about a recording that a user is told, as a kind and an id."""

    __tablename__ = "notifications"
    id: str = Field(primary_key=True)
    recording: str = Field(foreign_key="recordings.id", index=True)
    user: str = Field(index=True)
    kind: str
    about: str
    at: datetime
    read_at: datetime | None = None
