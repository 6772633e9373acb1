"""What was said, by whom, and the marks laid over it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consent.model import RecordingId
from storage.records.ids import SegmentId, TagId, TranscriptId, UserId


@dataclass(frozen=True, slots=True)
class Word:
    """One recognized word; ``probability`` 0..1 as the recognizer gives it."""

    start_ms: int
    end_ms: int
    text: str
    probability: float = 1.0


class TurnKind(StrEnum):
    """A turn takes the floor; a backchannel ("mm", "ja") does not."""

    TURN = "turn"
    BACKCHANNEL = "backchannel"


class Doubt(StrEnum):
    """Why a stretch of text may never have been said."""

    OVER_SILENCE = "over_silence"
    LOOP = "loop"
    CREDIT_LINE = "credit_line"
    IMPOSSIBLE_RATE = "impossible_rate"
    LOW_CONFIDENCE = "low_confidence"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says until another speaks.

    Attributes:
        speaker: Role of the voice ("caseworker", "youth", "parent", ...) or "?" in doubt.
        speaker_confidence: Mean posterior of that speaker over the turn's words, 0..1.
    """

    index: int
    start_ms: int
    end_ms: int
    speaker: str
    words: tuple[Word, ...]
    kind: TurnKind = TurnKind.TURN
    speaker_confidence: float = 1.0
    doubts: frozenset[Doubt] = frozenset()

    @property
    def text(self) -> str:
        """The words as one line."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Transcript:
    """A version of the text of one recording.

    Attributes:
        version: Counts from 1; a re-run makes a new version, never overwrites.
        engine: Recognizer and model, such as "faster-whisper/rehearsal".
        rehearsal: Made with the rehearsal model, so it says nothing about real speech.
        revision: Of the newest correction that is in it; 0 if nobody has corrected anything.
    """

    id: TranscriptId
    recording: RecordingId
    version: int
    engine: str
    language: str
    rehearsal: bool
    turns: tuple[Turn, ...]
    revision: int = 0


@dataclass(frozen=True, slots=True)
class TranscriptVersion:
    """Which text there is, without the text; ``blob`` is the key of its blob."""

    id: TranscriptId
    recording: RecordingId
    version: int
    engine: str
    language: str
    rehearsal: bool
    blob: str
    made_at: datetime


class Origin(StrEnum):
    """Who put a mark there."""

    MACHINE = "machine"
    PERSON = "person"


class Verdict(StrEnum):
    """What a person has made of a machine's suggestion."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Phase(StrEnum):
    """Stretches that most conversations with a caseworker are made of."""

    OPENING = "opening"
    AGENDA = "agenda"
    RIGHTS = "rights"
    TOPIC = "topic"
    DECISION = "decision"
    SUMMARY = "summary"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Segment:
    """A phase at its place, by ``Phase``'s name. ``reason`` is the cue's id, not its words."""

    id: SegmentId
    recording: RecordingId
    start_ms: int
    end_ms: int
    phase: str
    reason: str = ""
    origin: Origin = Origin.MACHINE
    verdict: Verdict = Verdict.SUGGESTED


@dataclass(frozen=True, slots=True)
class Tag:
    """A codebook keyword at a point or a stretch.

    Attributes:
        codebook: Name and version, such as "conversation@1".
        confidence: 0..1 for a suggestion; 1 for a person's mark.
        reason: The cue's id; the words themselves stay in the transcript.
        modifier: Code of what tells it apart from others of its tag; empty if none was chosen.
    """

    id: TagId
    recording: RecordingId
    codebook: str
    code: str
    start_ms: int
    end_ms: int
    origin: Origin = Origin.MACHINE
    verdict: Verdict = Verdict.SUGGESTED
    confidence: float = 1.0
    reason: str = ""
    by: UserId | None = None
    modifier: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a judged suggestion teaches.

    Attributes:
        codebook: Name and version of the keyword's codebook.
        traits: The turn as the learner sees it, packed; whoever learns has written it.
    """

    codebook: str
    code: str
    accepted: bool
    traits: bytes
