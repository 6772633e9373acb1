"""What can go wrong in analysis. Words for people are made elsewhere."""

from pipeline.errors import PipelineError


class AnalysisError(PipelineError):
    """The recording could not be analyzed."""


class LanguageUnknown(AnalysisError):
    """There are no language tables for this language."""

    advice = "Choose Danish, Swedish or English for the recording."


class SoundUnusable(AnalysisError):
    """The sound has no channel, or not the sample rate that analysis expects."""

    advice = "Prepare the sound again from the source film."


class DialogueInvalid(AnalysisError):
    """A labeled dialogue cannot be read."""

    def __init__(self, *, file: str, line: int, reason: str) -> None:
        self.advice = f"Correct {file}, line {line}: {reason}."
        super().__init__(f"{file}, line {line}: {reason}")


class ReferenceInvalid(AnalysisError):
    """The truth to compare with cannot be read, or is empty."""

    advice = "Write RTTM lines; or JSON with lines, turns or segments that have text or words."
