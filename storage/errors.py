"""What can go wrong with what is kept. Messages carry ids, never names or words."""

from typing import ClassVar


class StorageError(Exception):
    """Something that is kept could not be read or written."""

    advice: ClassVar[str] = ""
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


class LoginTaken(StorageError):
    """Another account has this login."""

    advice = "Choose another login."


class UploadUnfinished(StorageError):
    """Part of the film has not arrived yet."""

    advice = "Go on with the upload."
    retryable = True


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


class DatabaseTooNew(StorageError):
    """The database was last used by a newer Samspil."""

    advice = "Install the newer version, or restore a backup made with this one."


class HomeNotWritable(StorageError):
    """The home folder cannot be written to."""

    advice = "Give the account that runs Samspil the folder, or choose another with SAMSPIL_HOME."
