"""What can go wrong in analysis. Words for people are made elsewhere."""

from pipeline.errors import PipelineError


class AnalysisError(PipelineError):
    """The recording could not be analyzed."""


class SoundUnusable(AnalysisError):
    """The sound has no channel, or not the sample rate that analysis expects."""

    advice = "Prepare the sound again from the source film."


class ReferenceInvalid(AnalysisError):
    """The truth to compare with cannot be read, or is empty."""

    advice = "Write RTTM lines; or JSON with lines, turns or segments that have text or words."
