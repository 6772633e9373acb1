"""The names of things: UUIDs as text, each of its own type."""

from typing import NewType

UserId = NewType("UserId", str)
CourseId = NewType("CourseId", str)
UploadId = NewType("UploadId", str)
PartId = NewType("PartId", str)
RequestId = NewType("RequestId", str)
TranscriptId = NewType("TranscriptId", str)
SegmentId = NewType("SegmentId", str)
TagId = NewType("TagId", str)
SequenceId = NewType("SequenceId", str)
NoteId = NewType("NoteId", str)
AccessAskId = NewType("AccessAskId", str)
HoldId = NewType("HoldId", str)
ConcernId = NewType("ConcernId", str)
BreakGlassId = NewType("BreakGlassId", str)
TrainingCopyId = NewType("TrainingCopyId", str)
CodingId = NewType("CodingId", str)
CorrectionId = NewType("CorrectionId", str)
GoalId = NewType("GoalId", str)
