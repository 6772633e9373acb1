"""A child that is none: it does what it is asked in this process, for tests of many files."""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline import worker
from pipeline.children.described import described
from pipeline.children.parent import Outcome, _outcome
from pipeline.errors import StageKilled
from pipeline.stages import work, workshop
from storage.home import Home
from storage.records import Stage
from storage.settings import Settings
from tests.child_tasks.here import do_here


class ChildHere:
    """Takes tasks as a child does and answers alike, errors included."""

    def run(
        self,
        task: str,
        args: Mapping[str, str],
        *,
        progress: Callable[[float], None],
        still_allowed: Callable[[], bool],
        limit_s: float,
    ) -> Outcome:
        assert task == "pipeline.stages.work:work"
        assert limit_s > 0
        if not still_allowed():
            raise StageKilled
        try:
            work.work(progress, **args)
        except Exception as error:  # noqa: BLE001 - as the child does
            return _outcome(described(error), seconds=0.0)
        return Outcome(value=None, seconds=0.0, peak_mib=1.0)

    def kill(self) -> None:
        """End; there is nothing to end."""


class ChildThatWaits(ChildHere):
    """Does as ``ChildHere``, but at one stage it waits to be killed, before or after its work."""

    stage: Stage
    moment: str
    waiting: Path

    def run(
        self,
        task: str,
        args: Mapping[str, str],
        *,
        progress: Callable[[float], None],
        still_allowed: Callable[[], bool],
        limit_s: float,
    ) -> Outcome:
        if args["stage"] == self.stage and self.moment == "before":
            self._wait()
        outcome = super().run(
            task, args, progress=progress, still_allowed=still_allowed, limit_s=limit_s
        )
        if args["stage"] == self.stage:
            self._wait()
        return outcome

    def _wait(self) -> None:
        self.waiting.touch()
        threading.Event().wait()


def be_worker_that_waits(moment: str) -> None:
    """Be a worker that waits to be killed at ``stage,before`` or ``stage,after``, then says so."""
    stage, ChildThatWaits.moment, waiting = moment.split(",")
    ChildThatWaits.stage, ChildThatWaits.waiting = Stage(stage), Path(waiting)
    worker.Supervised = ChildThatWaits  # type: ignore[misc,assignment]
    worker.Worker(Home.open(Settings())).start()
    signal.pause()


@contextmanager
def children_here() -> Iterator[None]:
    """Let workers of this process have no children, and these no confined processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "Supervised", ChildHere)
        patch.setattr(workshop, "do_confined", do_here)
        work.place.cache_clear()
        yield
        work.place()[0].close()
        work.place.cache_clear()
