"""What can go wrong in analysis. Words for people are made elsewhere."""

from typing import ClassVar


class AnalysisError(Exception):
    """The recording could not be analyzed."""

    advice: ClassVar[str] = ""
    retryable: ClassVar[bool] = False

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class LanguageUnknown(AnalysisError):
    """There are no language tables for this language."""

    advice = "Choose Danish, Swedish or English for the recording."


class SoundUnusable(AnalysisError):
    """The sound has no channel, or not the sample rate that analysis expects."""

    advice = "Prepare the sound again from the source film."
