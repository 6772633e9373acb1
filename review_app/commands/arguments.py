"""The shape of what a page may send in an intent: ids, places in a film, names of fields.

Ids and codes stand in the database in the clear, so nothing that could be a sentence passes here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from consent.model import RecordingId
from storage.records import (
    CodingId,
    ConcernId,
    CorrectionId,
    GoalId,
    NoteId,
    Phase,
    SegmentId,
    SequenceId,
    TagId,
    UserId,
    Verdict,
)

_PLAIN_ID: Final = r"^[A-Za-z0-9_-]{1,64}$"
LONGEST_FILM_MS: Final = 24 * 60 * 60 * 1000

FieldName = Annotated[str, Field(pattern=_PLAIN_ID)]
OneCoding = Annotated[CodingId, Field(pattern=_PLAIN_ID)]
OneConcern = Annotated[ConcernId, Field(pattern=_PLAIN_ID)]
OneCorrection = Annotated[CorrectionId, Field(pattern=_PLAIN_ID)]
OneGoal = Annotated[GoalId, Field(pattern=_PLAIN_ID)]
OneNote = Annotated[NoteId, Field(pattern=_PLAIN_ID)]
OneRecording = Annotated[RecordingId, Field(pattern=_PLAIN_ID)]
OneSegment = Annotated[SegmentId, Field(pattern=_PLAIN_ID)]
OneSequence = Annotated[SequenceId, Field(pattern=_PLAIN_ID)]
OneTag = Annotated[TagId, Field(pattern=_PLAIN_ID)]
OneUser = Annotated[UserId, Field(pattern=_PLAIN_ID)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Line = Annotated[str, Field(max_length=20_000)]
Sentence = Annotated[str, Field(max_length=1_000)]
Place = Annotated[int, Field(ge=0, le=LONGEST_FILM_MS)]


@dataclass(frozen=True, slots=True)
class OnePhase:
    """A phase as a person wants it; without an id it is new."""

    start_ms: Place
    end_ms: Place
    phase: Phase
    verdict: Literal[Verdict.SUGGESTED, Verdict.CONFIRMED]
    id: OneSegment | None = None


class Voice(StrEnum):
    """Whom a turn can be said to be by."""

    CASEWORKER = "caseworker"
    YOUTH = "youth"
    PARENT = "parent"
    OTHER = "other"
