"""Stages, how far they are, and what the app asks of the workers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consent.model import RecordingId
from storage.records.ids import RequestId


class Stage(StrEnum):
    """The steps of processing, in order."""

    INGEST = "ingest"
    JOIN = "join"
    PROBE = "probe"
    PROXY = "proxy"
    AUDIO = "audio"
    SPEECH = "speech"
    TRANSCRIBE = "transcribe"
    DIARIZE = "diarize"
    ATTRIBUTE = "attribute"
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
    """What the app may ask of the workers; to reread is to go through a corrected text again."""

    PROCESS = "process"
    MEASURE = "measure"
    ERASE = "erase"
    COPY = "copy"
    REREAD = "reread"
    LEARN = "learn"


@dataclass(frozen=True, slots=True)
class Request:
    """A wish of the app, picked up by a worker."""

    id: RequestId
    kind: RequestKind
    recording: RecordingId
    at: datetime
