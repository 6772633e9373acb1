"""Frozen values that travel between the rooms. No rows, no IO, no rules.

Times in a recording are integer milliseconds, half-open ``[start_ms, end_ms)``; moments are
aware UTC. Free text written by people and anything spoken is only ever held here in memory:
at rest it is sealed with the recording's own key.
"""

from storage.records.ids import (
    CourseId,
    NoteId,
    RequestId,
    SegmentId,
    SequenceId,
    TagId,
    TranscriptId,
    UploadId,
    UserId,
)
from storage.records.people import Course, Package, User, UserRole
from storage.records.processing import Request, RequestKind, Stage, StageRun, StageState
from storage.records.proof import AuditEntry, Erasure
from storage.records.recording import BlobRole, NewRecording, Recording, SoundLayout, Upload
from storage.records.speech import (
    Doubt,
    Origin,
    Segment,
    Tag,
    Transcript,
    TranscriptVersion,
    Turn,
    TurnKind,
    Verdict,
    Word,
)
from storage.records.supervision import (
    Answer,
    Cycle,
    Minutes,
    MinutesItem,
    Note,
    NoteKind,
    Plan,
    Sequence,
    SequenceKind,
    Side,
    Visibility,
)

__all__ = [
    "Answer",
    "AuditEntry",
    "BlobRole",
    "Course",
    "CourseId",
    "Cycle",
    "Doubt",
    "Erasure",
    "Minutes",
    "MinutesItem",
    "NewRecording",
    "Note",
    "NoteId",
    "NoteKind",
    "Origin",
    "Package",
    "Plan",
    "Recording",
    "Request",
    "RequestId",
    "RequestKind",
    "Segment",
    "SegmentId",
    "Sequence",
    "SequenceId",
    "SequenceKind",
    "Side",
    "SoundLayout",
    "Stage",
    "StageRun",
    "StageState",
    "Tag",
    "TagId",
    "Transcript",
    "TranscriptId",
    "TranscriptVersion",
    "Turn",
    "TurnKind",
    "Upload",
    "UploadId",
    "User",
    "UserId",
    "UserRole",
    "Verdict",
    "Visibility",
    "Word",
]
