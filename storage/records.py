"""Frozen values that travel between the rooms. No rows, no IO, no rules.

Times in a recording are integer milliseconds, half-open ``[start_ms, end_ms)``; moments are
aware UTC. Free text written by people and anything spoken is only ever held here in memory:
at rest it is sealed with the recording's own key.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from consent.model import Participant, RecordingId

UserId = NewType("UserId", str)
CourseId = NewType("CourseId", str)
UploadId = NewType("UploadId", str)
RequestId = NewType("RequestId", str)
TranscriptId = NewType("TranscriptId", str)
SegmentId = NewType("SegmentId", str)
TagId = NewType("TagId", str)
SequenceId = NewType("SequenceId", str)
NoteId = NewType("NoteId", str)
PlanId = NewType("PlanId", str)


# People of the house


class UserRole(StrEnum):
    """What an account is for. Content opens by relationship, never by role alone."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    RESEARCHER = "researcher"


@dataclass(frozen=True, slots=True)
class User:
    """One account."""

    id: UserId
    login: str
    name: str
    role: UserRole
    language: str = "da"


class Package(StrEnum):
    """Themes of the course: for the newly trained, for the experienced."""

    ONE = "package_1"
    TWO = "package_2"


@dataclass(frozen=True, slots=True)
class Course:
    """Twenty weeks of one caseworker with one supervisor."""

    id: CourseId
    caseworker: UserId
    supervisor: UserId
    coordinator: UserId | None
    package: Package
    starts_on: date
    weeks: int = 20


# Recording


class SoundLayout(StrEnum):
    """How the sound was caught; decides how speakers are told apart."""

    ONE_DEVICE = "one_device"
    TWO_MICROPHONES = "two_microphones"


@dataclass(frozen=True, slots=True)
class Recording:
    """Film and sound of one conversation.

    Attributes:
        number: Counts the caseworker's recordings within the course, from 1.
        youth_letter: How the youth is called on screen, never a name.
        received_at: When the whole file had been stored and verified; None before.
        erase_after: The day from which it erases itself.
    """

    id: RecordingId
    course: CourseId
    owner: UserId
    number: int
    youth_letter: str
    recorded_at: datetime
    jurisdiction: str = "DK"
    language: str = "da"
    speakers: int = 2
    sound: SoundLayout = SoundLayout.ONE_DEVICE
    duration_ms: int | None = None
    received_at: datetime | None = None
    erase_after: date | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewRecording:
    """What the caseworker tells before the film arrives."""

    course: CourseId
    recorded_at: datetime
    roster: tuple[Participant, ...]
    jurisdiction: str = "DK"
    language: str = "da"
    speakers: int = 2
    sound: SoundLayout = SoundLayout.ONE_DEVICE
    youth_letter: str = "A"


@dataclass(frozen=True, slots=True)
class Upload:
    """A film on its way in. ``offset`` bytes of ``length`` are stored."""

    id: UploadId
    recording: RecordingId
    owner: UserId
    length: int
    offset: int
    expires_at: datetime
    media_type: str = ""


class BlobRole(StrEnum):
    """What an encrypted blob of a recording is. Part of what authenticates it."""

    SOURCE = "source"
    PROBE = "probe"
    PROXY = "proxy"
    AUDIO = "audio"
    WAVEFORM = "waveform"
    SOUND_HINTS = "sound_hints"
    SPEECH = "speech"
    WORDS = "words"
    SPEAKERS = "speakers"
    TURNS = "turns"
    THUMBNAILS = "thumbnails"
    QUALITY = "quality"
    EVIDENCE_SCAN = "evidence_scan"


# Processing


class Stage(StrEnum):
    """The steps of processing, in order."""

    INGEST = "ingest"
    PROBE = "probe"
    PROXY = "proxy"
    AUDIO = "audio"
    SPEECH = "speech"
    TRANSCRIBE = "transcribe"
    DIARIZE = "diarize"
    ATTRIBUTE = "attribute"
    SEGMENT = "segment"
    TAG = "tag"
    PICTURE = "picture"
    INDEX = "index"


class StageState(StrEnum):
    """Where one stage of one recording stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StageRun:
    """Progress of one stage; ``fraction`` is 0..1, ``error`` a code of ours, never free text."""

    recording: RecordingId
    stage: Stage
    state: StageState
    fraction: float = 0.0
    seconds: float | None = None
    peak_mib: float | None = None
    error: str | None = None
    version: str = ""


class RequestKind(StrEnum):
    """What the app may ask of the workers."""

    PROCESS = "process"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Request:
    """A wish of the app, picked up by a worker."""

    id: RequestId
    kind: RequestKind
    recording: RecordingId
    at: datetime


# What was said


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
    """

    id: TranscriptId
    recording: RecordingId
    version: int
    engine: str
    language: str
    rehearsal: bool
    turns: tuple[Turn, ...]


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


class Origin(StrEnum):
    """Who put a mark there."""

    MACHINE = "machine"
    PERSON = "person"


class Verdict(StrEnum):
    """What a person has made of a machine's suggestion."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Segment:
    """A phase of the conversation. ``reason`` is the cue's id, not its words."""

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


# Supervision


class SequenceKind(StrEnum):
    """What a sequence is chosen for."""

    STRENGTH = "strength"
    OPEN_QUESTION = "open_question"
    WORK_POINT = "work_point"


@dataclass(frozen=True, slots=True)
class Sequence:
    """A stretch chosen for watching together: a time range, never a file.

    Attributes:
        order: Place in the meeting, from 1.
        context_ms: How much before it may be shown as context.
        keywords: The supervisor's *stikord*.
        by: The one who chose it; the caseworker may add own ones.
    """

    id: SequenceId
    recording: RecordingId
    start_ms: int
    end_ms: int
    order: int
    title: str
    kind: SequenceKind
    keywords: tuple[str, ...] = ()
    prompt: str = ""
    context_ms: int = 5_000
    by: UserId | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caseworker wrote to a sequence's prompt before the meeting."""

    sequence: SequenceId
    seen: str
    thought: str
    skipped: bool
    at: datetime


class Visibility(StrEnum):
    """Who may read a note."""

    PRIVATE = "private"
    MEETING = "meeting"
    SHARED = "shared"


class NoteKind(StrEnum):
    """What a note is: an observation, a thought about it, or something agreed."""

    SEEN_HEARD = "seen_heard"
    INTERPRETATION = "interpretation"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Note:
    """A note bound to a moment of the film.

    Attributes:
        revision: Counts from 1; a save must name the revision it changes.
        sequence: The sequence it belongs to, if written in the meeting or under one.
    """

    id: NoteId
    recording: RecordingId
    by: UserId
    at_ms: int
    kind: NoteKind
    visibility: Visibility
    text: str
    written_at: datetime
    revision: int = 1
    sequence: SequenceId | None = None


class Side(StrEnum):
    """The two who sign."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class MinutesItem:
    """One sequence in the minutes: what was seen, what was said. ``reached`` if it was shown."""

    sequence: SequenceId
    title: str
    kind: SequenceKind
    start_ms: int
    seen: str
    said: str
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What the caseworker takes into the next conversation, and what became of it."""

    with_whom: str = ""
    when: str = ""
    will_try: tuple[str, ...] = ()
    will_notice: str = ""
    goal: str = ""
    what_happened: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes and plan of one joint review; additions only once both have signed.

    Attributes:
        revision: 0 before the first save; a save names the revision that it changes.
    """

    recording: RecordingId
    items: tuple[MinutesItem, ...]
    agreements: tuple[str, ...]
    plan: Plan
    revision: int = 0
    signed: dict[Side, datetime] = field(default_factory=dict)
    additions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cycle:
    """One turn of the method around one recording: the dates its step is derived from.

    Attributes:
        wish: What the caseworker wants looked at; None until written.
        camera_cleared_at: The caseworker's word that the camera's own copy is gone.
        meeting_at: When the joint review is agreed for.
        meeting_ended_at: When the joint review was ended.
    """

    recording: RecordingId
    wish: str | None = None
    released_at: datetime | None = None
    answers_sent_at: datetime | None = None
    meeting_at: datetime | None = None
    meeting_ended_at: datetime | None = None
    camera_cleared_at: datetime | None = None
    approved_at: datetime | None = None


# Proof


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


@dataclass(frozen=True, slots=True)
class Erasure:
    """That a recording was erased, and how far that has come. No personal data."""

    recording: RecordingId
    asked_at: datetime
    key_destroyed_at: datetime | None = None
    completed_at: datetime | None = None
