"""A home with a film in it, and workers in processes of their own that can be killed.

Workers are forked from one process that has imported everything, as starting Python anew for
each would take most of the tests' time. What they start in turn are the real children.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlmodel import select

from consent.model import Event, Evidence, EvidenceId, Method, Purpose, RecordingId
from pipeline import demo, intake
from pipeline.rehearsal import SAMPLE
from storage import consent_ledger, recordings, requests
from storage.home import Home
from storage.identity import new_id
from storage.records import NewRecording, RequestKind, Stage, StageRun, StageState
from storage.settings import Settings
from storage.tables import StageRunRow
from tests import films

SECONDS = 4
YOUTH_BORN = date(2011, 3, 8)


def context() -> ForkServerContext:
    """Return how worker processes are made."""
    made = multiprocessing.get_context("forkserver")
    stages = [f"pipeline.stages.{stage.value}" for stage in Stage]
    made.set_forkserver_preload(["pipeline.worker", "tests.faults.in_process", *stages])
    return made


def sample(folder: Path, *, seconds: float = SECONDS) -> Path:
    """Return the first seconds of the shipped conversation as a film of its own."""
    path = folder / f"sample-{seconds}.mp4"
    path.write_bytes(films.made("mp4", "-i", str(SAMPLE), "-t", str(seconds), "-c", "copy"))
    return path


@dataclass(frozen=True)
class WorkerProcess:
    """A worker that can be killed."""

    process: BaseProcess

    def kill(self) -> None:
        """Kill it as the kernel does when memory is short."""
        assert self.process.pid is not None
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()


def begin_worker(env: Mapping[str, str], *, tidy_s: float = 60) -> WorkerProcess:
    """Start a worker on the home that these variables name."""
    process = context().Process(target=_be_worker, args=(dict(env), tidy_s))
    process.start()
    return WorkerProcess(process)


def _be_worker(env: dict[str, str], tidy_s: float) -> None:
    _live_in(env)
    from pipeline.worker import Worker  # noqa: PLC0415 - imported beforehand where it is forked

    home = Home.open(Settings())
    Worker(home, at_once=home.settings.workers, tidy_s=tidy_s).start()
    signal.pause()


def take_in(home: Home, film: Path, *, agreed: bool = True) -> RecordingId:
    """Register and take in a film as the command does, in the demonstration's course."""
    shown = demo.prepare(home)
    recording = register(home, shown, agreed=agreed)
    intake.take_in(home, [film], recording, progress=lambda _: None)
    return recording


def register(home: Home, shown: demo.Demo, *, agreed: bool = True) -> RecordingId:
    """Register another recording of the demonstration's caseworker."""
    with home.reading() as tx:
        now = tx.at
    new = NewRecording(
        course=shown.course.id,
        recorded_at=now,
        roster=intake.roster_of(youth_born=YOUTH_BORN, custody_holders=1),
    )
    return intake.register(home, new, owner=shown.course.caseworker, agreed=agreed)


def runs_of(home: Home, recording: RecordingId) -> dict[Stage, StageRun]:
    with home.reading() as tx:
        return {run.stage: run for run in requests.stage_runs_of(tx, recording)}


def moments_of(home: Home, recording: RecordingId) -> dict[Stage, tuple[object, object]]:
    """Return what shows whether a stage was done again: its seconds, and when it was told."""
    with home.reading() as tx:
        query = select(StageRunRow).where(StageRunRow.recording == recording)
        rows = tx.session.exec(query).all()
    return {Stage(r.stage): (r.seconds, r.changed_at) for r in rows if r.state == StageState.DONE}


def wait_for(holds: Callable[[], object], *, seconds: float = 300) -> float:
    """Wait until something holds, and return how long that took."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            pytest.fail(f"not within {seconds} s")
        time.sleep(0.01)
    return time.monotonic() - began


def is_over(home: Home, recording: RecordingId) -> bool:
    with home.reading() as tx:
        return not requests.has_open(tx, recording)


def all_done(home: Home, recording: RecordingId) -> bool:
    runs = runs_of(home, recording)
    return [run.state for run in runs.values()] == [StageState.DONE] * len(Stage)


def ask(home: Home, recording: RecordingId, kind: RequestKind = RequestKind.PROCESS) -> None:
    with home.transaction() as tx:
        requests.ask(tx, kind, recording)


def answer(home: Home, recording: RecordingId, event: Event, *, people: int | None = None) -> None:
    """Write down what the people on the roster say."""
    with home.transaction() as tx:
        on = recordings.recording(tx, recording).recorded_at.date()
        for person in consent_ledger.roster_of(tx, recording)[:people]:
            consent_ledger.record_evidence(
                tx,
                Evidence(
                    id=EvidenceId(new_id()),
                    recording=recording,
                    person=person.person,
                    purpose=Purpose.SUPERVISION,
                    event=event,
                    at=tx.at,
                    method=Method.DIGITAL,
                    valid_from=on,
                ),
            )


def children_of(pid: int) -> set[int]:
    """Return the processes below a process that still live, however deep."""
    parents = _parents()
    found: set[int] = set()
    while more := {p for p, above in parents.items() if above in found | {pid}} - found:
        found |= more
    return found


def living() -> set[int]:
    """Return the processes that live."""
    return set(_parents())


def _parents() -> dict[int, int]:
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
            if fields[0] not in {"Z", "X"}:
                parents[int(path.parent.name)] = int(fields[1])
    return parents


def begin(body: Callable[[str], None], env: Mapping[str, str], argument: str) -> WorkerProcess:
    """Run something else in a process that can be killed."""
    process = context().Process(target=_be, args=(body, dict(env), argument))
    process.start()
    return WorkerProcess(process)


def _live_in(env: Mapping[str, str]) -> None:
    """Have these variables and none of those of the test in which the first process was made."""
    for name in [name for name in os.environ if name.startswith("SAMSPIL_")]:
        del os.environ[name]
    os.environ.update(env)


def _be(body: Callable[[str], None], env: dict[str, str], argument: str) -> None:
    _live_in(env)
    body(argument)
