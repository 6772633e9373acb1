"""What can go wrong with models and programs. Words for people are made elsewhere."""

from pipeline.errors import PipelineError


class EngineError(PipelineError):
    """A model or a program failed."""


class ModelIncomplete(EngineError):
    """The model folder lacks a file that the recognizer needs."""

    advice = "Fetch or convert the model again: samspil models shows how."


class ModelUnknown(EngineError):
    """There is no model of this name in the catalogue."""

    advice = "Choose a name that samspil models lists."


class ModelNeedsConversion(EngineError):
    """The model is published in another format and must be converted on this machine."""

    advice = "Convert it with ct2-transformers-converter into a folder and name that folder."


class DiarizerMissing(EngineError):
    """What was chosen to tell voices apart is not installed here."""

    advice = "Install it beside Samspil, or correct SAMSPIL_DIARIZER."


class VoiceModelsMissing(EngineError):
    """The folder lacks a model that is needed to tell voices apart."""

    advice = "Put the files that samspil models names into the folder of SAMSPIL_DIARIZER_DIR."
