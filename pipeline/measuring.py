"""Counting figures that a page waits for, in a child of its own beside whatever is processed."""

import threading
from collections.abc import Callable

from consent.model import RecordingId
from pipeline.children.parent import Supervised
from pipeline.errors import StageKilled

_LIMIT_S = 300.0


class Measuring:
    """The children of one worker that count figures.

    Args:
        is_allowed: Whether a recording may be used at this moment.
    """

    def __init__(self, *, is_allowed: Callable[[RecordingId], bool]) -> None:
        self._is_allowed = is_allowed
        self._children: set[Supervised] = set()
        self._stopped = False
        self._lock = threading.Lock()

    def count(self, recording: RecordingId) -> Exception | None:
        """Count a recording's figures anew and return what has hindered it, if anything has.

        The child is dead within a second of a withdrawal, and when the worker stops.
        """
        with self._lock:
            if self._stopped:
                return StageKilled()
            child = Supervised()
            self._children.add(child)
        try:
            child.run(
                "pipeline.stages.work:measure",
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
        """End what is being counted; it is counted again by the next worker."""
        with self._lock:
            self._stopped = True
            for child in self._children:
                child.kill()
