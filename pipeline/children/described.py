"""An error as it travels between processes: class, code and place, never its message."""

import traceback
from pathlib import Path

from pipeline.errors import (
    ChildDied,
    EngineFailed,
    Failure,
    MediaRefused,
    Refusal,
    TaskFailed,
    WorkTooLong,
)

_OURS = Path(__file__).parents[2]


def described(error: BaseException) -> dict[str, object]:
    """Return an error as small JSON, without its message, which may quote the recording."""
    if isinstance(error, TaskFailed):  # it has come from a process of this one
        kind, code, where = error.kind, error.code, error.where
    else:
        kind, code, where = type(error).__name__, str(getattr(error, "code", "")), _where(error)
    return {
        "kind": kind,
        "error": code,
        "where": where,
        "advice": str(getattr(error, "advice", "")),
        "retryable": bool(getattr(error, "retryable", False)),
    }


def failed(description: dict[str, object]) -> TaskFailed:
    """Return the error that says how a task has failed."""
    return TaskFailed(
        kind=str(description["kind"]),
        code=str(description["error"]),
        where=str(description["where"]),
        advice=str(description["advice"]),
        retryable=bool(description["retryable"]),
    )


def again(description: dict[str, object]) -> Exception:
    """Return the error itself where it is one that a film can cause, else that the task failed."""
    kind, code = description["kind"], description["error"]
    if kind == MediaRefused.__name__:
        refusal, _, file = str(code).partition(":")
        return MediaRefused(Refusal(refusal), file=int(file) if file else None)
    if kind == EngineFailed.__name__:
        return EngineFailed(Failure(str(code)), detail=str(description["where"]))
    if kind == WorkTooLong.__name__:
        return WorkTooLong()
    if kind == MemoryError.__name__:
        return ChildDied("out of memory")
    return failed(description)


def _where(error: BaseException) -> str:
    """Return the innermost line of our own code that the error passed through."""
    for step in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(step.filename)
        if path.is_relative_to(_OURS) and "site-packages" not in path.parts:
            return f"{path.relative_to(_OURS)}:{step.lineno}"
    return ""
