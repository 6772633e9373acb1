"""Which stage is which file, and when a stage's result is still good."""

import hashlib
from collections.abc import Callable
from typing import Protocol

from consent.model import RecordingId
from pipeline.stages import (
    attribute,
    audio,
    diarize,
    index,
    ingest,
    picture,
    probe,
    proxy,
    segment,
    speech,
    tag,
    transcribe,
)
from pipeline.stages.workshop import Workshop
from storage.records import Stage, StageRun, StageState


class StageFile(Protocol):
    """What every stage's file offers."""

    VERSION: str
    run: Callable[..., None]


FILES: dict[Stage, StageFile] = {
    Stage.INGEST: ingest,
    Stage.PROBE: probe,
    Stage.PROXY: proxy,
    Stage.AUDIO: audio,
    Stage.SPEECH: speech,
    Stage.TRANSCRIBE: transcribe,
    Stage.DIARIZE: diarize,
    Stage.ATTRIBUTE: attribute,
    Stage.SEGMENT: segment,
    Stage.TAG: tag,
    Stage.PICTURE: picture,
    Stage.INDEX: index,
}


def run_stage(stage: Stage, recording: RecordingId, *, shop: Workshop) -> None:
    """Run one stage of one recording."""
    FILES[stage].run(recording, shop=shop)


def version_of(stage: Stage, *, model: str) -> str:
    """Return what a stage's result depends on besides the film itself.

    It changes with the stage's own version, that of every stage before it, and, from the
    recognizer on, with the speech model.
    """
    stages = list(Stage)
    before = stages[: stages.index(stage) + 1]
    parts = [f"{s}={FILES[s].VERSION}" for s in before]
    if Stage.TRANSCRIBE in before:
        parts.append(f"model={model}")
    return hashlib.sha256(";".join(parts).encode()).hexdigest()[:12]


def is_done(run: StageRun | None, *, version: str) -> bool:
    """Return whether a stage has already given the result that it would give now."""
    return run is not None and run.state is StageState.DONE and run.version == version
