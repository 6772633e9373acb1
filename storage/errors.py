"""What can go wrong with what is kept. Messages carry ids, never names or words."""

from typing import ClassVar


class StorageError(Exception):
    """Something that is kept could not be read or written."""

    advice: str = ""
    retryable: ClassVar[bool] = False

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class NotFound(StorageError):
    """There is nothing here."""

    advice = "It may have been erased. Go back to the list."


class Conflict(StorageError):
    """Someone else has changed this since it was read.

    Attributes:
        stored: What it is now.
    """

    advice = "Both texts are shown. Choose what to keep and save again."

    def __init__(self, message: str | None = None, *, stored: object = None) -> None:
        self.stored = stored
        super().__init__(message)


class AlreadyReceived(StorageError):
    """The same film is already here."""

    advice = "Open the recording that has it, or choose another film."

    def __init__(self, recording: str) -> None:
        self.recording = recording
        self.code = f"AlreadyReceived:{recording}"
        super().__init__(f"same content as recording {recording}")


class DatabaseDamaged(StorageError):
    """The database file is damaged and cannot be read."""

    advice = "Stop Samspil and put back the home from your latest backup."


class Signed(StorageError):
    """The minutes are signed by both, so nothing in them changes any more."""

    advice = "Write an addition instead."


class CodingFinished(StorageError):
    """You have finished marking this stretch, so your marks stay as they are."""

    advice = "Begin a new one if you want to mark it again."


class WordTooLong(StorageError):
    """A line is longer than 60 characters."""

    advice = "Write a word or a name on each line, not a sentence."


class VocabularyTooLong(StorageError):
    """There are more than 100 words."""

    advice = "Keep those that are misheard most. A recognizer cannot be told more."


class LoginTaken(StorageError):
    """Another account has this login."""

    advice = "Choose another login."


class UploadUnfinished(StorageError):
    """Part of the film has not arrived yet."""

    advice = "Go on with the upload."
    retryable = True


class PartUnknown(StorageError):
    """This file is not one of those that were announced for the recording."""

    advice = "Reload the page and choose the files again. What has arrived is kept."


class TooManyParts(StorageError):
    """A recording cannot consist of so many files."""

    advice = "Join them on the computer first, or add more than one recording."


class NotPlain(StorageError):
    """Only numbers and short ids may stand in the clear."""

    def __init__(self, field: str) -> None:
        super().__init__(f"field {field} is neither a number nor a short id")


class BrokenChain(StorageError):
    """The audit log has been changed outside Samspil."""

    advice = "Keep a copy as it is and tell whoever answers for data protection."

    def __init__(self, seq: int) -> None:
        self.seq = seq
        super().__init__(f"audit entry {seq} does not follow from the one before")


class ProofBroken(StorageError):
    """What is kept outside the database as proof has been changed."""

    advice = "Keep a copy as it is and tell whoever answers for data protection."

    def __init__(self, file: str, line: int) -> None:
        self.file = file
        self.line = line
        super().__init__(f"line {line} of {file} does not follow from the one before")


class ProofUnwritable(StorageError):
    """The folder of what proves cannot be written to, and nothing is erased without it."""

    advice = "Mount it, or give the account that runs Samspil the folder SAMSPIL_PROOF_DIR."
    retryable = True


class LogCut(StorageError):
    """The end of the audit log is missing, or an older one was put in its place."""

    advice = "Keep a copy as it is and tell whoever answers for data protection."

    def __init__(self, *, seq: int, last: int) -> None:
        self.seq = seq
        self.last = last
        super().__init__(f"entry {seq} was noted outside, the log ends at {last}")


class LogReplaced(StorageError):
    """An entry of the audit log is not the one that was noted outside the database."""

    advice = "Keep a copy as it is and tell whoever answers for data protection."

    def __init__(self, seq: int) -> None:
        self.seq = seq
        super().__init__(f"entry {seq} differs from the anchor")


class ProofCut(StorageError):
    """Lines are missing from what is kept outside the database as proof."""

    advice = "Keep a copy as it is and tell whoever answers for data protection."

    def __init__(self, file: str, *, expected: int, found: int) -> None:
        self.file = file
        super().__init__(f"{file} has {found} lines, the audit log knows of {expected}")


class CertificateFalse(StorageError):
    """This certificate of erasure was not made here, or was changed since."""

    advice = "Print it anew with samspil certificate."


class RecordingHeld(StorageError):
    """A duty to keep this recording stands, so it is not erased yet."""

    advice = "It is locked for everybody. Erasing goes on when the duty is lifted."


class RestoreUnfinished(StorageError):
    """A backup is being put back, and that has not ended."""

    advice = "Run samspil restore again with the same folder. Until then nothing opens."


class StillRunning(StorageError):
    """A worker of this site is running."""

    advice = "Stop Samspil on every machine first."


class HomeNotEmpty(StorageError):
    """There is something here already, and putting back a backup would replace it."""

    advice = "Choose an empty home, or say --replace if what is here may go."


class FolderNotEmpty(StorageError):
    """The folder for the backup holds something already."""

    advice = "Name a new folder."


class BackupDamaged(StorageError):
    """A file of the backup is missing or has been changed."""

    advice = "Use another backup. Nothing has been put back."

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"file {name} is not the one that was written")


class BackupTooNew(StorageError):
    """The backup was made by a newer Samspil."""

    advice = "Install that version, then put it back."


class DatabaseTooNew(StorageError):
    """The database was last used by a newer Samspil."""

    advice = (
        "Install the newer version, or restore a backup made with this one: with --replace, or, on "
        "a database server, into a new database."
    )


class HomeNotWritable(StorageError):
    """The home folder cannot be written to."""

    advice = "Give the account that runs Samspil the folder, or choose another with SAMSPIL_HOME."


class SubtitlesRefused(StorageError):
    """The file with the text cannot be used.

    Attributes:
        line: Which line of it, from 1; None if it is not about one.
    """

    def __init__(self, *, line: int | None = None) -> None:
        self.line = line
        super().__init__(None if line is None else f"line {line} of the subtitles")


class SubtitlesUnreadable(SubtitlesRefused):
    """The file is no text, or a very long one."""

    advice = "Choose subtitles that end in .vtt or .srt, saved as UTF-8, of at most 8 MB."


class SubtitlesEmpty(SubtitlesRefused):
    """There are no subtitles in the file."""

    advice = "Choose the file that has the text with its times, in WebVTT or SRT."


class SubtitlesTooLate(SubtitlesRefused):
    """The text goes on after the end of the film."""

    advice = "It may belong to another film. Choose the file that was made from this one."


class SubtitleTimeUnreadable(SubtitlesRefused):
    """The times cannot be read."""

    advice = "Write them as 00:01:02.500 --> 00:01:04.000 and choose the file again."


class TimeRunsBackwards(SubtitlesRefused):
    """The subtitle ends before it begins."""

    advice = "Put its two times right and choose the file again."


class TextWithoutTime(SubtitlesRefused):
    """These words have no time."""

    advice = "Put a line with their times above them, or take them out, and choose the file again."
