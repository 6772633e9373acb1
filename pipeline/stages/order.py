"""When a stage's result is still good. Imports nothing heavy, for workers and commands ask."""

import hashlib

from storage.records import Stage, StageRun, StageState

VERSIONS = {
    Stage.INGEST: "1",
    Stage.JOIN: "1",
    Stage.PROBE: "1",
    Stage.PROXY: "2",
    Stage.AUDIO: "1",
    Stage.SPEECH: "2",
    Stage.TRANSCRIBE: "1",
    Stage.DIARIZE: "1",
    Stage.ATTRIBUTE: "1",
    Stage.TAG: "3",
    Stage.PICTURE: "3",
    Stage.INDEX: "1",
}
"""Raise a stage's version when it would give another result for the same film."""


_LEAST_S = 900.0
_BYTES_PER_S = 1_000_000
_TIMES_LENGTH = {Stage.TRANSCRIBE: 40.0}
"""A large model without an accelerator recognizes far more slowly than people speak."""
_TIMES_LENGTH_ELSE = 10.0


def version_of(stage: Stage, *, words_from: str) -> str:
    """Return what a stage's result depends on besides the film itself.

    It changes with the stage's own version, that of every stage before it, and, from the
    recognizer on, with where the words come from.

    Args:
        stage: The stage.
        words_from: The speech model, or what names the text that somebody has handed in.
    """
    stages = list(Stage)
    before = stages[: stages.index(stage) + 1]
    parts = [f"{s}={VERSIONS[s]}" for s in before]
    if Stage.TRANSCRIBE in before:
        parts.append(f"model={words_from}")
    return hashlib.sha256(";".join(parts).encode()).hexdigest()[:12]


def limit_s(stage: Stage, *, film_bytes: int, duration_ms: int) -> float:
    """Return how many seconds a stage may take at most: many times what it takes on a slow machine.

    It ends what a damaged or malicious film would keep busy for ever.

    Args:
        stage: The stage.
        film_bytes: Size of the film, which the first stages read to its end.
        duration_ms: Its length, 0 while that is not known.
    """
    times = _TIMES_LENGTH.get(stage, _TIMES_LENGTH_ELSE)
    return _LEAST_S + film_bytes / _BYTES_PER_S + duration_ms / 1000 * times


def is_done(run: StageRun | None, *, version: str) -> bool:
    """Return whether a stage has already given the result that it would give now."""
    return run is not None and run.state is StageState.DONE and run.version == version
