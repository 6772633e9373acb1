"""What was done and what was erased, in ids and times."""

from dataclasses import dataclass
from datetime import date, datetime
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


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the audit log ended at a moment, noted outside the database.

    Attributes:
        number: Its place among the anchors, from 1.
        seq: The last entry there was then.
        mac: That entry's link of the chain.
        restored: A backup was put back: what the log held after this entry is known to be gone.
    """

    number: int
    day: date
    seq: int
    mac: str
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Certificate:
    """What proves an erasure to whoever asked for it. No personal data.

    Attributes:
        holdings: What was erased, as kinds and counts; not what is counted by person, for a number
            would tell of another's answer, nor that anybody was worried.
        seq: The audit entry that says so.
        entry_mac: Its link of the chain.
        anchor: The first anchor at or after that entry; None while none has been noted.
        mac: The site's own signature over everything above.
    """

    recording: RecordingId
    because: ErasureReason
    asked_at: datetime
    key_destroyed_at: datetime
    completed_at: datetime
    keys_rotated_at: datetime | None
    holdings: tuple[tuple[str, int], ...]
    seq: int
    entry_mac: str
    anchor: Anchor | None
    mac: str = ""
