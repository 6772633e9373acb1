"""The rows. They never leave storage: what travels is in ``storage.records``.

No content stands here in the clear. Columns named ``sealed_*`` hold text encrypted with the
recording's key, of ``goals`` with the course's; everything else is ids, codes, times and counts.
A table with a ``recording`` column is a holding and has exactly one eraser (``storage.erasure``);
goals are erased some time after their course (``storage.course_erasure``).
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
from storage.tables.goals import GoalLookRow, GoalRow
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
    InvitationRow,
    LessonRow,
    MinutesRow,
    NoteRow,
    RoomRow,
    SegmentRow,
    SequenceRow,
    TagRow,
    TranscriptRow,
)
from storage.tables.words import CodebookRow, VocabularyRow

__all__ = [
    "AccessAskRow",
    "AnswerRow",
    "AuditRow",
    "BlobRow",
    "BreakGlassRow",
    "CodebookRow",
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
    "GoalLookRow",
    "GoalRow",
    "HoldRow",
    "InvitationRow",
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
    "VocabularyRow",
    "WorkerRow",
    "columns",
]
