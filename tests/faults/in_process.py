"""A child that is none: it does what it is asked in this process, for tests of many files."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest

from pipeline import worker
from pipeline.children.child import _failure
from pipeline.children.parent import Outcome, _outcome
from pipeline.errors import StageKilled
from pipeline.stages import work


class ChildHere:
    """Takes tasks as a child does and answers alike, errors included."""

    def run(
        self,
        task: str,
        args: Mapping[str, str],
        *,
        progress: Callable[[float], None],
        still_allowed: Callable[[], bool],
    ) -> Outcome:
        assert task == "pipeline.stages.work:work"
        if not still_allowed():
            raise StageKilled
        try:
            work.work(progress, **args)
        except Exception as error:  # noqa: BLE001 - as the child does
            return _outcome(_failure(error), seconds=0.0)
        return Outcome(value=None, seconds=0.0, peak_mib=1.0)

    def kill(self) -> None:
        """End; there is nothing to end."""


@contextmanager
def children_here() -> Iterator[None]:
    """Let workers of this process have no children."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "Supervised", ChildHere)
        work.place.cache_clear()
        yield
        work.place()[0].close()
        work.place.cache_clear()
