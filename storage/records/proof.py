"""What was done and what was erased, in ids and times."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consent.model import RecordingId


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act: who, what, on what, when. Ids, numbers and times only."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, int | str]
    mac: str


class ErasureReason(StrEnum):
    """Why a recording is erased."""

    WITHDRAWAL = "withdrawal"
    NO_CONSENT = "no_consent"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class Erasure:
    """That a recording was erased, and how far that has come. No personal data.

    Attributes:
        keys_rotated_at: From then on old backups of the key store open nothing either.
    """

    recording: RecordingId
    because: ErasureReason
    asked_at: datetime
    key_destroyed_at: datetime | None = None
    completed_at: datetime | None = None
    keys_rotated_at: datetime | None = None
