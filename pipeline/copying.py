"""Making training copies: one after another, each in a child that is killed without permission.

Beside the stages, not one of them: a copy is made when somebody asks for it, as often as they do.
"""

import logging
import time
from collections.abc import Callable

from consent.errors import ConsentError
from consent.model import RecordingId
from pipeline.children.parent import Supervised
from pipeline.errors import PipelineError, TaskFailed
from storage import training_copies
from storage.errors import StorageError
from storage.home import Home
from storage.records import TrainingCopy

_LOG = logging.getLogger(__name__)
_TELL_S = 0.3
_LEAST_S = 300.0
_TIMES_LENGTH = 10.0


def make_copies(home: Home, recording: RecordingId, *, stopping: Callable[[], bool]) -> None:
    """Make the copies of a recording that are asked for, and erase those whose time is over."""
    training_copies.erase_over(home)
    with home.reading() as tx:
        waiting = [
            each
            for each in reversed(training_copies.copies_of(tx, recording))
            if each.made_at is None and each.error is None
        ]
    for each in waiting:
        if not stopping():
            _make(home, each, stopping=stopping)


def _make(home: Home, copy: TrainingCopy, *, stopping: Callable[[], bool]) -> None:
    """Make one copy; what goes wrong is noted with it, and hinders no other."""
    told = 0.0

    def tell(fraction: float) -> None:
        nonlocal told
        if time.monotonic() - told >= _TELL_S:
            told = time.monotonic()
            with home.transaction() as tx:
                training_copies.report(tx, copy.id, fraction=fraction)

    try:
        with Supervised() as child:
            child.run(
                "pipeline.stages.work:copy",
                {"id_": copy.id},
                progress=tell,
                still_allowed=lambda: not stopping() and _is_allowed(home, copy),
                limit_s=_LEAST_S + (copy.end_ms - copy.start_ms) / 1000 * _TIMES_LENGTH,
            )
    except PipelineError as error:
        if stopping() or not _is_allowed(home, copy):
            return  # gone on with by the next worker, or closed
        code = (error.code or error.kind) if isinstance(error, TaskFailed) else type(error).__name__
        _LOG.warning("Unable to make training copy %s: %s", copy.id, code)
        with home.transaction() as tx:
            training_copies.report(tx, copy.id, fraction=0.0, error=code)


def _is_allowed(home: Home, copy: TrainingCopy) -> bool:
    try:
        with home.reading() as tx:
            training_copies.copy(tx, copy.id)
            training_copies.teaching_permit(tx, copy.recording, voice=copy.voice)
    except (ConsentError, StorageError):
        return False
    return True
