"""A recording, its way in, and what is kept of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from consent.model import Participant, RecordingId
from storage.records.ids import CourseId, PartId, UploadId, UserId


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
        erase_after: The day from which it erases itself at the latest; the course's end or a
            yes that no longer holds may bring it forward (``consent_ledger.erase_day``).
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


class PartKind(StrEnum):
    """What a file of a recording seems to come from, by its name: for words, never for work."""

    CAMERA = "camera"
    SOUND = "sound"


ONLY_PART: Final = PartId("")
"""A film that comes in one file is its recording's only part, and needs no name among others."""


@dataclass(frozen=True, slots=True)
class FilmPart:
    """One of the files that a film arrives in, announced before it is here.

    Attributes:
        id: Chosen by the browser; the file's bytes are bound to it.
        blob: Where it lies encrypted; None until all of it has arrived.
    """

    id: PartId
    recording: RecordingId
    kind: PartKind = PartKind.CAMERA
    blob: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a film on its way in. ``offset`` bytes of ``length`` are stored."""

    id: UploadId
    recording: RecordingId
    owner: UserId
    length: int
    offset: int
    expires_at: datetime
    media_type: str = ""
    part: PartId = ONLY_PART


class BlobRole(StrEnum):
    """What an encrypted blob of a recording is. Part of what authenticates it."""

    SOURCE = "source"
    JOINED = "joined"
    ALIGNMENT = "alignment"
    PROBE = "probe"
    PROXY = "proxy"
    AUDIO = "audio"
    WAVEFORM = "waveform"
    SOUND_HINTS = "sound_hints"
    SPEECH = "speech"
    WORDS = "words"
    SPEAKERS = "speakers"
    OWN_TEXT = "own_text"
    TURNS = "turns"
    THUMBNAILS = "thumbnails"
    QUALITY = "quality"
    MOVEMENT = "movement"
    MEASURES = "measures"
    EVIDENCE_SCAN = "evidence_scan"
    TRAINING_COPY = "training_copy"
