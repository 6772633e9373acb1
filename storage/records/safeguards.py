"""What guards a recording beside consent: scans, codes, holds, concerns, emergency access."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from consent.model import EvidenceId, PersonId, RecordingId
from storage.records.ids import AccessAskId, BreakGlassId, ConcernId, HoldId, UserId


@dataclass(frozen=True, slots=True)
class CodeHolder:
    """Whom a code to the consent page belongs to. ``person`` is gone once all is erased."""

    recording: RecordingId
    person: PersonId | None


@dataclass(frozen=True, slots=True)
class EvidenceScan:
    """Where the picture of a signed paper lies."""

    evidence: EvidenceId
    recording: RecordingId
    blob: str
    at: datetime
    by: UserId


@dataclass(frozen=True, slots=True)
class AccessAsk:
    """That a person asks for what is held about them, and by when it is to be answered."""

    id: AccessAskId
    recording: RecordingId
    person: PersonId
    at: datetime
    due_on: date
    answered_at: datetime | None = None
    answered_by: UserId | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """How much of one kind is held about a recording, and since when. Never content.

    Attributes:
        name: The table, or the role of a blob.
        size: Bytes; None for what is kept as rows.
    """

    name: str
    count: int
    size: int | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None


class HoldKind(StrEnum):
    """Why a recording must not be erased for now."""

    LEGAL = "legal"
    CASE_OPEN = "case_open"
    CONCERN = "concern"


@dataclass(frozen=True, slots=True)
class Hold:
    """A duty to keep a recording. Erasure waits for it; it opens nothing to anybody.

    Attributes:
        ground: Code of the legal ground, as the jurisdiction's profile lists them.
    """

    id: HoldId
    recording: RecordingId
    kind: HoldKind
    ground: str
    placed_at: datetime
    placed_by: UserId
    lifted_at: datetime | None = None
    lifted_by: UserId | None = None


class ConcernStep(StrEnum):
    """What was done about a concern."""

    RAISED = "raised"
    LEADER_TOLD = "leader_told"
    LEADER_READ = "leader_read"
    ASSESSED = "assessed"
    AUTHORITY_NOTIFIED = "authority_notified"
    NO_DUTY = "no_duty"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step about a concern: what, when, who."""

    step: ConcernStep
    at: datetime
    by: UserId


@dataclass(frozen=True, slots=True)
class Concern:
    """A worry about a child, flagged by someone in the review.

    Attributes:
        leader: Who is told, without content.
        at_ms: Where in the film, for the two who may see it.
    """

    id: ConcernId
    recording: RecordingId
    raised_at: datetime
    raised_by: UserId
    leader: UserId
    hold: HoldId
    steps: tuple[StepTaken, ...]
    at_ms: int | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Emergency access to one recording: asked for by one person, approved by another."""

    id: BreakGlassId
    recording: RecordingId
    asked_at: datetime
    asked_by: UserId
    reason: str
    approved_at: datetime | None = None
    approved_by: UserId | None = None
    ends_at: datetime | None = None


class ExportReason(StrEnum):
    """Why a copy leaves the system."""

    ACCESS_ASKED = "access_asked"
    COURT = "court"
    CASE_FILE = "case_file"
    NEW_AUTHORITY = "new_authority"


class NotificationKind(StrEnum):
    """What a user is told about a recording. Never content."""

    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_GIVEN = "consent_given"
    CONSENT_REFUSED = "consent_refused"
    CONSENT_INVALIDATED = "consent_invalidated"
    ACCESS_ASKED = "access_asked"
    CONCERN_RAISED = "concern_raised"
    BREAK_GLASS_ASKED = "break_glass_asked"
    BREAK_GLASS_OPENED = "break_glass_opened"
    INVITED = "invited"


@dataclass(frozen=True, slots=True)
class Notification:
    """Something a user is told: a kind, and the id of what it is about."""

    id: str
    recording: RecordingId
    user: UserId
    kind: NotificationKind
    about: str
    at: datetime
    read_at: datetime | None = None
