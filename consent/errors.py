"""What can go wrong when permission is asked for. Words for people are made elsewhere."""

from typing import ClassVar

from consent.model import Gap, Purpose, RecordingId


class ConsentError(Exception):
    """A question about consent could not be answered with yes."""

    advice: ClassVar[str] = ""
    retryable: ClassVar[bool] = False

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class ConsentMissing(ConsentError):
    """Someone on the roster has not agreed, or no longer agrees."""

    advice = "Ask each person who is missing. Until then the recording stays locked."

    def __init__(self, *, recording: RecordingId, purpose: Purpose, gaps: tuple[Gap, ...]) -> None:
        self.recording = recording
        self.purpose = purpose
        self.gaps = gaps
        super().__init__(f"recording {recording}: {len(gaps)} gap(s) for {purpose}")


class JurisdictionInvalid(ConsentError):
    """A jurisdiction profile has a field that is missing or impossible."""

    advice = "Correct the named field in the profile and load it again."
