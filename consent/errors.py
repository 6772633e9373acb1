"""What can go wrong when permission is asked for. Words for people are made elsewhere."""

from typing import ClassVar

from consent.model import Gap, Purpose, RecordingId


class ConsentError(Exception):
    """A question about consent could not be answered with yes."""

    advice: str = ""
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

    def __init__(self, problem: str, *, file: str) -> None:
        self.advice = f"Correct it and start again. {file}: {problem}."
        super().__init__(f"{file}: {problem}")


class NoticeInvalid(ConsentError):
    """A notice has a field that is missing, unknown or impossible."""

    advice = "Correct the named field in the notice and load it again."


class NothingAnswered(ConsentError):
    """This person has not answered yet, so there is nothing to give a receipt for."""

    advice = "Ask first. The receipt comes with the answer."
