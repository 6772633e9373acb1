"""What can go wrong with what is kept. Messages carry ids, never names or words."""

from typing import ClassVar


class StorageError(Exception):
    """Something that is kept could not be read or written."""

    advice: ClassVar[str] = ""
    retryable: ClassVar[bool] = False

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class NotFound(StorageError):
    """There is nothing with this id."""

    advice = "It may have been erased. Go back to the list."


class Conflict(StorageError):
    """Someone else has changed this since it was read."""

    advice = "Both texts are shown. Choose what to keep and save again."


class AlreadyReceived(StorageError):
    """The same film is already here."""

    advice = "Open the recording that has it, or choose another film."

    def __init__(self, recording: str) -> None:
        self.recording = recording
        super().__init__(f"same content as recording {recording}")


class DatabaseDamaged(StorageError):
    """The database file is damaged and cannot be read."""

    advice = "Stop Samspil and restore the latest backup with: samspil restore"


class Signed(StorageError):
    """The minutes are signed by both, so nothing in them changes any more."""

    advice = "Write an addition instead."
