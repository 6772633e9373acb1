"""The rows. They never leave storage: what travels is in ``storage.records``.

No content stands here in the clear. Columns named ``sealed_*`` hold text encrypted with the
recording's key; everything else is ids, codes, times and counts. A table with a ``recording``
column is a holding and has exactly one eraser (``storage.erasure``).
"""

from storage.tables import columns
from storage.tables.consent import (
    AccessAskRow,
    BreakGlassRow,
    ConcernRow,
    ConcernStepRow,
    ConsentCodeRow,
    EvidenceRow,
    EvidenceScanRow,
    HoldRow,
    NotificationRow,
    ParticipantRow,
)
from storage.tables.copies import TrainingCopyRow
from storage.tables.people import (
    CourseRow,
    SessionRow,
    UserRow,
)
from storage.tables.proof import (
    AuditRow,
    DeletionRow,
)
from storage.tables.recording import (
    BlobRow,
    FilmPartRow,
    RecordingRow,
    RequestRow,
    StageRunRow,
    UploadRow,
    WorkerRow,
)
from storage.tables.review import (
    AnswerRow,
    CodingRow,
    CodingSheetRow,
    CorrectionRow,
    CycleRow,
    DraftRow,
    LessonRow,
    MinutesRow,
    NoteRow,
    RoomRow,
    SegmentRow,
    SequenceRow,
    TagRow,
    TranscriptRow,
)

__all__ = [
    "AccessAskRow",
    "AnswerRow",
    "AuditRow",
    "BlobRow",
    "BreakGlassRow",
    "CodingRow",
    "CodingSheetRow",
    "ConcernRow",
    "ConcernStepRow",
    "ConsentCodeRow",
    "CorrectionRow",
    "CourseRow",
    "CycleRow",
    "DeletionRow",
    "DraftRow",
    "EvidenceRow",
    "EvidenceScanRow",
    "FilmPartRow",
    "HoldRow",
    "LessonRow",
    "MinutesRow",
    "NoteRow",
    "NotificationRow",
    "ParticipantRow",
    "RecordingRow",
    "RequestRow",
    "RoomRow",
    "SegmentRow",
    "SequenceRow",
    "SessionRow",
    "StageRunRow",
    "TagRow",
    "TrainingCopyRow",
    "TranscriptRow",
    "UploadRow",
    "UserRow",
    "WorkerRow",
    "columns",
]
