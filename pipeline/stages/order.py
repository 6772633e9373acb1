"""When a stage's result is still good. Imports nothing heavy, for workers and commands ask."""

import hashlib

from storage.records import Stage, StageRun, StageState

VERSIONS = {
    Stage.INGEST: "1",
    Stage.PROBE: "1",
    Stage.PROXY: "1",
    Stage.AUDIO: "1",
    Stage.SPEECH: "1",
    Stage.TRANSCRIBE: "1",
    Stage.DIARIZE: "1",
    Stage.ATTRIBUTE: "1",
    Stage.SEGMENT: "1",
    Stage.TAG: "1",
    Stage.PICTURE: "1",
    Stage.INDEX: "1",
}
"""Raise a stage's version when it would give another result for the same film."""


def version_of(stage: Stage, *, model: str) -> str:
    """Return what a stage's result depends on besides the film itself.

    It changes with the stage's own version, that of every stage before it, and, from the
    recognizer on, with the speech model.
    """
    stages = list(Stage)
    before = stages[: stages.index(stage) + 1]
    parts = [f"{s}={VERSIONS[s]}" for s in before]
    if Stage.TRANSCRIBE in before:
        parts.append(f"model={model}")
    return hashlib.sha256(";".join(parts).encode()).hexdigest()[:12]


def is_done(run: StageRun | None, *, version: str) -> bool:
    """Return whether a stage has already given the result that it would give now."""
    return run is not None and run.state is StageState.DONE and run.version == version
