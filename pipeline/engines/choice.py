"""Which recognizer the settings choose: the rehearsal model, a fetched one, or a folder."""

import os
from pathlib import Path

from pipeline.engines.whisper import FasterWhisperRecognizer
from pipeline.rehearsal import MODEL_DIR

REHEARSAL = "rehearsal"


def chosen_recognizer(model: str, *, models_folder: Path) -> FasterWhisperRecognizer:
    """Return the recognizer of a model's name or folder. Nothing is ever fetched here.

    Raises:
        ModelIncomplete: The folder lacks a file that the recognizer needs.
    """
    threads = os.cpu_count() or 1
    if model == REHEARSAL:
        return FasterWhisperRecognizer(MODEL_DIR, rehearsal=True, threads=threads)
    fetched = models_folder / model
    folder = fetched if fetched.is_dir() else Path(model)
    return FasterWhisperRecognizer(folder, rehearsal=False, threads=threads)
