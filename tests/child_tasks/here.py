"""Film tasks without a process of their own, for tests of many files: as quick as decoding is."""

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

from pipeline.children.keeper import Task
from pipeline.stages import work as stages
from pipeline.stages import workshop


def do_here(
    task: Task,
    *,
    source: object,
    progress: Callable[[float], None],
    target: object = None,
    **_limits: object,
) -> Any:  # noqa: ANN401 - JSON
    """Do what ``do_confined`` lets a confined process do."""
    module, _, function = task.name.partition(":")
    done = getattr(import_module(module), function)(source, target, progress=progress, **task.args)
    return json.loads(json.dumps(done))


def work(*, progress: Callable[[float], None], stage: str, recording: str) -> None:
    """Do a stage as a child does, and its film tasks in the same process."""
    workshop.do_confined = do_here  # type: ignore[assignment]
    stages.work(progress, stage=stage, recording=recording)
