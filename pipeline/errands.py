"""What needs little time: figures, learning. In children beside whatever is being processed."""

import threading
from collections.abc import Callable

from consent.model import RecordingId
from pipeline.children.parent import Supervised
from pipeline.errors import StageKilled
from storage.records import RequestKind

ERRANDS = (RequestKind.MEASURE, RequestKind.LEARN)
"""What may be asked for that is an errand; each is a task of ``pipeline.stages.work``."""
_LIMIT_S = 300.0


class Errands:
    """The children of one worker that do what needs little time.

    Args:
        is_allowed: Whether a recording may be used at this moment.
    """

    def __init__(self, *, is_allowed: Callable[[RecordingId], bool]) -> None:
        self._is_allowed = is_allowed
        self._children: set[Supervised] = set()
        self._stopped = False
        self._lock = threading.Lock()

    def run(self, kind: RequestKind, recording: RecordingId) -> Exception | None:
        """Do an errand about a recording and return what has hindered it, if anything has.

        The child is dead within a second of a withdrawal, and when the worker stops.
        """
        with self._lock:
            if self._stopped:
                return StageKilled()
            child = Supervised()
            self._children.add(child)
        try:
            child.run(
                f"pipeline.stages.work:{kind}",
                {"recording": recording},
                progress=lambda _: None,
                still_allowed=lambda: self._is_allowed(recording),
                limit_s=_LIMIT_S,
            )
        except Exception as error:  # noqa: BLE001 - a request ends in any case
            return error
        finally:
            child.kill()
            with self._lock:
                self._children.discard(child)
        return None

    def stop(self) -> None:
        """End what is being done; the next worker does it again."""
        with self._lock:
            self._stopped = True
            for child in self._children:
                child.kill()
