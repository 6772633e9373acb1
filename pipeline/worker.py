"""A worker: picks up what the app asks for, runs stages in children, says how far they are."""

import logging
import os
import platform
import threading
import time
from uuid import uuid4

from consent.errors import ConsentError
from consent.model import RecordingId
from pipeline.children.parent import Supervised
from pipeline.errors import PipelineError, StageKilled, TaskFailed
from pipeline.stages.order import is_done, version_of
from pipeline.workflow import Hands, Workflow
from storage import audit, consent_ledger, requests, workers
from storage.erasure import erase
from storage.errors import StorageError
from storage.home import Home
from storage.records import RequestId, Stage, StageRun, StageState

_LOG = logging.getLogger(__name__)
_LOOK_S = 0.25
_BEAT_S = 1.0
_SILENT_S = 10.0
_TELL_S = 0.3
_ACTOR = "worker"
_REFUSALS = frozenset({"ConsentMissing", "KeyDestroyed", "NotFound"})
"""What a child meets when the recording may no longer be used."""


class Worker:
    """One process that works on recordings until it is stopped."""

    def __init__(self, home: Home, *, at_once: int = 1) -> None:
        self._home = home
        self._name = f"{platform.node()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._stopping = threading.Event()
        self._children: dict[RecordingId, Supervised] = {}
        self._lock = threading.Lock()
        hands = Hands(work=self.work, erase=self._erase, finish=self._finish)
        self._workflow = Workflow(
            url=home.settings.jobs(), worker=self._name, at_once=at_once, hands=hands
        )

    def start(self) -> None:
        """Begin to work in the background."""
        self._workflow.start()
        for body in (self._look, self._beat):
            threading.Thread(target=body, name=body.__name__, daemon=True).start()

    def stop(self) -> None:
        """Stop at once; what is running is gone on with by the next worker."""
        self._stopping.set()
        self._workflow.stop()
        for recording in list(self._children):
            self._end_child(recording)

    def work(self, stage: Stage, recording: RecordingId) -> None:
        """Run one stage of one recording in a child process, unless it is done already.

        The child is dead within a second of a withdrawal.
        """
        version = version_of(stage, model=self._home.settings.model)
        with self._home.reading() as tx:
            runs = {run.stage: run for run in requests.stage_runs_of(tx, recording)}
        if is_done(runs.get(stage), version=version):
            return
        report = _Report(self._home, recording, stage, version)
        report.tell(StageState.RUNNING)
        child = self._child_of(recording)
        try:
            outcome = child.run(
                "pipeline.stages.work:work",
                {"stage": stage.value, "recording": recording},
                progress=report.progress,
                still_allowed=lambda: self._is_allowed(recording),
            )
        except PipelineError as error:
            self._end_child(recording)
            if isinstance(error, StageKilled) or _is_refusal(error):
                report.tell(StageState.REFUSED)
            else:
                report.tell(StageState.FAILED, error=code_of(error))
            raise
        report.done(peak_mib=outcome.peak_mib)

    def _child_of(self, recording: RecordingId) -> Supervised:
        """Return the recording's child; one child does all its stages, so models load once."""
        with self._lock:
            if recording not in self._children:
                self._children[recording] = Supervised()
            return self._children[recording]

    def _end_child(self, recording: RecordingId) -> None:
        with self._lock:
            child = self._children.pop(recording, None)
        if child is not None:
            child.kill()

    def _is_allowed(self, recording: RecordingId) -> bool:
        try:
            with self._home.reading() as tx:
                consent_ledger.permit(tx, recording)
        except (ConsentError, StorageError):
            return False
        return True

    def _erase(self, recording: RecordingId) -> None:
        erase(self._home, recording)

    def _finish(self, request: RequestId, recording: RecordingId, error: str | None) -> None:
        self._end_child(recording)
        with self._home.transaction() as tx:
            requests.mark_done(tx, request, error=error)

    def _look(self) -> None:
        """Pick up requests of the app until stopped."""
        while not self._stopping.wait(_LOOK_S):
            try:
                with self._home.transaction() as tx:
                    for request in requests.waiting(tx):
                        self._workflow.take_on(request)
                        requests.mark_picked(tx, request.id)
            except Exception as error:  # noqa: BLE001 - a worker outlives a bad moment of the database
                _LOG.warning("Unable to pick up requests: %s", type(error).__name__)

    def _beat(self) -> None:
        """Say that this worker lives, and take over from those that do not."""
        while True:
            try:
                with self._home.transaction() as tx:
                    workers.report_worker(tx, self._name)
                    silent = workers.silent_workers(tx, for_s=_SILENT_S)
                for other in silent:
                    if self._workflow.take_over(other):
                        with self._home.transaction() as tx:
                            workers.drop_worker(tx, other)
            except Exception as error:  # noqa: BLE001 - see _look
                _LOG.warning("Unable to look after other workers: %s", type(error).__name__)
            if self._stopping.wait(_BEAT_S):
                return


def code_of(error: PipelineError) -> str:
    """Return what is kept of a failure: a code of ours, or the kind of error. Never its text."""
    if isinstance(error, TaskFailed):
        return error.code or error.kind
    return str(getattr(error, "code", type(error).__name__))


def _is_refusal(error: PipelineError) -> bool:
    return isinstance(error, TaskFailed) and error.kind in _REFUSALS


class _Report:
    """What is told about one run of one stage."""

    def __init__(self, home: Home, recording: RecordingId, stage: Stage, version: str) -> None:
        self._home = home
        self._recording = recording
        self._stage = stage
        self._version = version
        self._began = time.monotonic()
        self._told = 0.0

    def progress(self, fraction: float) -> None:
        """Tell how far the stage is, a few times a second at most."""
        now = time.monotonic()
        if now - self._told >= _TELL_S:
            self._told = now
            self.tell(StageState.RUNNING, fraction=min(max(fraction, 0.0), 1.0))

    def done(self, *, peak_mib: float) -> None:
        """Tell that the stage is done, in how many seconds and how much memory."""
        with self._home.transaction() as tx:
            run = self._run(StageState.DONE, fraction=1.0, peak_mib=peak_mib)
            requests.report_stage(tx, run)
            audit.append(
                tx,
                actor=_ACTOR,
                action="stage_done",
                subject=self._recording,
                detail={"stage": self._stage.value},
            )

    def tell(self, state: StageState, *, fraction: float = 0.0, error: str | None = None) -> None:
        """Tell a state of the stage."""
        with self._home.transaction() as tx:
            requests.report_stage(tx, self._run(state, fraction=fraction, error=error))

    def _run(
        self,
        state: StageState,
        *,
        fraction: float,
        error: str | None = None,
        peak_mib: float | None = None,
    ) -> StageRun:
        return StageRun(
            recording=self._recording,
            stage=self._stage,
            state=state,
            fraction=fraction,
            seconds=time.monotonic() - self._began,
            peak_mib=peak_mib,
            error=error,
            version=self._version,
        )
