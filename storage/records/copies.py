"""Training copies: masked films that are made to be taken out and shown to others."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consent.model import RecordingId, Scope
from storage.records.ids import SequenceId, TrainingCopyId, UserId


class TrainingReason(StrEnum):
    """What a training copy is to be shown at."""

    INTRODUCTION = "introduction"
    DEPARTMENT = "department"
    EDUCATION = "education"


class CopyVoice(StrEnum):
    """What becomes of the voices in a training copy."""

    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class TrainingCopy:
    """A masked copy of a film or a piece of it: asked for, made, fetched once, erased.

    Attributes:
        sequence: The sequence it shows; None for the whole film.
        fraction: How much of it is made, 0..1.
        ends_at: From when on it is erased, fetched or not.
        blob: Where it lies once it is made.
        error: Why it could not be made, as a code of ours.
    """

    id: TrainingCopyId
    recording: RecordingId
    asked_at: datetime
    asked_by: UserId
    reason: TrainingReason
    sequence: SequenceId | None
    start_ms: int
    end_ms: int
    voice: CopyVoice
    ends_at: datetime
    fraction: float = 0.0
    made_at: datetime | None = None
    fetched_at: datetime | None = None
    blob: str | None = None
    error: str | None = None

    @property
    def scope(self) -> frozenset[Scope]:
        """Which parts of the recording are in it."""
        return scope_of(self.voice)


def scope_of(voice: CopyVoice) -> frozenset[Scope]:
    """Return which parts of a recording a copy uses: without voices it is picture only."""
    return frozenset({Scope.VIDEO} | ({Scope.AUDIO} if voice is CopyVoice.CHANGED else set()))
