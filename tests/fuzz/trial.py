"""One bad film's way through the stages that read it, and what must hold on that way."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pipeline import demo
from pipeline.children.parent import Supervised
from pipeline.engines.ffmpeg import STALL_S
from pipeline.errors import ChildDied, Failure, TaskFailed, WorkTooLong
from pipeline.words import failure_in_words
from pipeline.worker import code_of
from storage import recordings
from storage.erasure import erase
from storage.home import Home
from storage.records import BlobRole, Stage, StageRun, StageState
from storage.settings import Settings
from tests.faults import flow
from tests.fuzz.watch import files_in, readable_in, written_by

STAGES = (Stage.PROBE, Stage.PROXY, Stage.AUDIO, Stage.PICTURE)
"""The stages that decode what somebody sent; later ones read what these have made."""
LIMIT_S = STALL_S + 60
FINE = "fine"
UNFORESEEN = "Something unforeseen"


class Broken(AssertionError):
    """A film did what no film may do."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a film fared: the stage that stopped it, if any, and why; and how long that took."""

    stage: Stage | None
    code: str
    seconds: float


class Laboratory:
    """A home in a folder of its own, and a child that reads what is put there.

    Args:
        limit_s: Seconds that a stage may take.
        apart: Each film task has its confined process, as in use. Else the child does it, which
            is several times as quick, and a crash ends the child.
    """

    def __init__(self, *, limit_s: float = LIMIT_S, apart: bool = True) -> None:
        self._limit_s = limit_s
        self._tasks, self._work = (
            ("pipeline.stages", "work") if apart else ("tests.child_tasks", "here")
        )
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.temporary = self.folder / "temporary"
        self.temporary.mkdir()
        self.home = Home.open(Settings(home=self.folder / "home"))
        self._stack.callback(self.home.close)
        self._shown = demo.prepare(self.home)
        self._child: Supervised | None = None
        self._written: set[Path] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end_child()
        self._stack.close()

    def fare(self, content: bytes) -> Verdict:
        """Let a film go through the stages.

        Raises:
            Broken: It crashed the child, held it up, left something behind, lay in plain
                somewhere, or stopped without plain words.
        """
        recording = flow.register(self.home, self._shown)
        deposit = self.home.vault.put(recording, role=BlobRole.SOURCE)
        with deposit as writer:
            writer.write(content)
        with self.home.transaction() as tx:
            recordings.mark_received(tx, recording, source=deposit.ref)
        began = time.monotonic()
        stage, code = self._stopped_at(recording)
        seconds = time.monotonic() - began
        self._check_traces(content)
        if code == Failure.CRASHED:
            raise Broken(f"{stage} crashed, though apart from the rest")
        if stage is not None:
            run = StageRun(recording, stage, StageState.FAILED, error=code)
            said = failure_in_words(self.home, run)
            if said.startswith(UNFORESEEN):
                raise Broken(f"no plain words for {code} at {stage}")
        erase(self.home, recording)
        return Verdict(stage, code, seconds)

    def _stopped_at(self, recording: str) -> tuple[Stage | None, str]:
        for stage in STAGES:
            try:
                self._child_now().run(
                    f"{self._tasks}.{self._work}:work",
                    {"stage": stage.value, "recording": recording},
                    progress=lambda _: None,
                    still_allowed=self._look,
                    limit_s=self._limit_s,
                )
            except TaskFailed as error:
                return stage, code_of(error)
            except WorkTooLong:
                self._end_child()
                raise Broken(f"{stage} was not done within {self._limit_s:g} s") from None
            except ChildDied as error:
                self._end_child()
                raise Broken(f"{stage}: {error}") from None
        return None, FINE

    def _check_traces(self, content: bytes) -> None:
        self._look()
        places = (self.folder,)
        spool = files_in((self.temporary, self.home.settings.home / "spool"))
        for what, found in (
            ("left behind", spool),
            ("in the clear", readable_in(places, content)),
            ("written elsewhere", self._written),
        ):
            if found:
                raise Broken(f"{what}: {', '.join(sorted(path.name for path in found))}")

    def _look(self) -> bool:
        """Note what the child has open for writing that does not belong to the home."""
        if self._child is not None:
            self._written |= written_by(self._child.pid, outside=self.folder)
        return True

    def _child_now(self) -> Supervised:
        if self._child is None:
            own = {"SAMSPIL_HOME": str(self.home.settings.home), "TMPDIR": str(self.temporary)}
            with _environment(own):
                self._child = Supervised(tasks=self._tasks)
        return self._child

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None
            self.home.vault.sweep()  # as a worker does


@contextmanager
def _environment(own: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
