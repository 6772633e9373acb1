"""What can go wrong between the camera and the review desk. Words for people are made elsewhere.

Messages carry codes, sizes and times, never a file's name, its tags or what is said in it.
"""

from enum import StrEnum


class PipelineError(Exception):
    """A recording could not be worked on."""

    advice: str = ""
    retryable: bool = False

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class Refusal(StrEnum):
    """Why an uploaded file is not taken as a recording."""

    EMPTY = "empty"
    NOT_MEDIA = "not_media"
    TYPE = "type"
    TRUNCATED = "truncated"
    NO_STREAMS = "no_streams"
    NO_VIDEO_PARAMS = "no_video_params"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    TOO_MANY_STREAMS = "too_many_streams"
    DAMAGED = "damaged"
    NO_SOUND = "no_sound"
    NOT_JOINABLE = "not_joinable"
    CAMERA_SILENT = "camera_silent"


ADVICE = {
    Refusal.EMPTY: "The file is empty. Copy it from the camera again.",
    Refusal.NOT_MEDIA: "This is not a film or a sound recording. Choose the file from the camera.",
    Refusal.TYPE: "This kind of file is not taken. Choose the film itself, such as an mp4 or mov.",
    Refusal.TRUNCATED: "The end of the film is missing. Copy it from the camera again.",
    Refusal.NO_STREAMS: "No picture and no sound was found. Copy the file from the camera again.",
    Refusal.NO_VIDEO_PARAMS: "The picture cannot be read. Copy the file from the camera again.",
    Refusal.TOO_SHORT: "The recording has no length. Choose another file.",
    Refusal.TOO_LONG: "The recording is too long. Divide it and upload each part.",
    Refusal.TOO_LARGE: "The picture is too large. Export the film in a smaller format.",
    Refusal.TOO_MANY_STREAMS: "The file holds too many tracks. Export picture and sound only.",
    Refusal.DAMAGED: "The file is damaged. Copy it from the camera again.",
    Refusal.NO_SOUND: "The recording has no sound. Choose one in which the conversation is heard.",
    Refusal.NOT_JOINABLE: (
        "The file is of another kind than the first. Choose files of one camera and one setting."
    ),
    Refusal.CAMERA_SILENT: (
        "The film has no sound, so the recorder's cannot be laid under it. Join them beforehand."
    ),
}
"""What the person who uploaded can do; English message ids for the translations."""


class MediaRefused(PipelineError):
    """An uploaded file is not taken as a recording.

    Attributes:
        code: Why, for translation and for the recording's status; where the recording has
            several files, with the number of this one: ``damaged:2``.
        file: That number, in the order given, from 1.
    """

    def __init__(self, code: Refusal, *, file: int | None = None) -> None:
        self.refusal = code
        self.file = file
        self.code: str = code if file is None else f"{code}:{file}"
        self.advice = ADVICE[code]
        super().__init__(f"media refused: {self.code}")


class Failure(StrEnum):
    """What an engine could not do."""

    PROGRAM_MISSING = "program_missing"
    PROGRAM_FAILED = "program_failed"
    INCOMPLETE = "incomplete"
    UNREADABLE = "unreadable"
    UNWRITABLE = "unwritable"
    CRASHED = "crashed"


class EngineFailed(PipelineError):
    """A program or library stopped in the middle of its work."""

    advice = "Try again. If it happens again, run `samspil doctor`."
    retryable = True

    def __init__(self, code: Failure, *, detail: str = "") -> None:
        self.code = code
        super().__init__(f"engine failed: {code} {detail}".rstrip())


class DiskFull(PipelineError):
    """There is not enough free disk space for this work."""

    advice = "Free disk space on the server. The work goes on by itself after that."
    retryable = True

    def __init__(self, *, needed_mib: int, free_mib: int) -> None:
        self.needed_mib = needed_mib
        self.free_mib = free_mib
        super().__init__(f"needs {needed_mib} MiB, {free_mib} MiB are free")


class FileMissing(PipelineError):
    """There is no such file."""

    advice = "Check the path. In a shell, put quotes round a name with spaces."


class VoicesUnclear(PipelineError):
    """It is not told for each speaker of the text what they are."""

    advice = "Name one role for each, with commas between, such as --voices caseworker,youth."


class SpeakersMissing(PipelineError):
    """The folder does not exist or holds no sound of which is known who speaks when."""

    advice = "Name a folder with *.wav files and, for each, RTTM lines of the same name."


class StageKilled(PipelineError):
    """The work was stopped because the recording may no longer be used."""

    advice = "Nothing needs to be done. The work starts again if everyone consents again."


class ChildDied(PipelineError):
    """The child process ended without an answer."""

    advice = "Try again. If it happens again, give the worker more memory."
    retryable = True


class WorkTooLong(PipelineError):
    """The step took far longer than any film of this length should take."""

    advice = "The film may be damaged. Copy it from the camera again, or export it anew."


class WorkerDied(PipelineError):
    """One worker after another has died at this work."""

    advice = "Look for what ends the workers, such as too little memory. Then try again."


class TaskFailed(PipelineError):
    """A task in a child process failed.

    Attributes:
        kind: Class of the error in the child, such as "MediaRefused".
        code: Its code, if it has one.
        where: File and line in our own code; never text from the recording.
    """

    def __init__(
        self, *, kind: str, code: str, where: str = "", advice: str = "", retryable: bool = False
    ) -> None:
        self.kind = kind
        self.code = code
        self.where = where
        self.advice = advice
        self.retryable = retryable
        super().__init__(f"{kind} {code} at {where}")
