"""A worker: picks up what the app asks for, runs stages in children, says how far they are."""

import logging
import os
import platform
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from consent.errors import ConsentError
from consent.model import Purpose, RecordingId
from pipeline import housekeeping, presence, trying
from pipeline.children.parent import Supervised
from pipeline.copying import make_copies
from pipeline.errands import ERRANDS, Errands
from pipeline.errors import StageKilled, TaskFailed, WorkerDied
from pipeline.stages.order import is_done, limit_s, version_of
from pipeline.workflow import Hands, Workflow
from storage import audit, consent_ledger, parts, recordings, requests, trials, workers
from storage.anchors import ACTOR
from storage.erasure import erase, erasures
from storage.errors import NotFound, StorageError
from storage.home import Home
from storage.records import ErasureReason, RequestId, RequestKind, Stage, StageRun, StageState
from storage.training_copies import erase_over
from storage.transaction import Transaction
from storage.vocabulary import words_from

_LOG = logging.getLogger(__name__)
_LOOK_S = 0.25
_BEAT_S = 1.0
_SILENT_S = 10.0
_TELL_S = 0.3
_TIDY_S = 60.0
_REMEMBER = timedelta(days=7)
_STOPPED = {StageState.FAILED, StageState.REFUSED}


class _Stopping(BaseException):
    """The worker stops. No error of a stage: it is gone on with by the next worker."""


class Worker:
    """One process that works on recordings until it is stopped.

    Args:
        at_once: How many recordings are worked on at the same time.
        tidy_s: Seconds between two rounds of housekeeping.
    """

    def __init__(self, home: Home, *, at_once: int = 1, tidy_s: float = _TIDY_S) -> None:
        self._home = home
        self._tidy_s = tidy_s
        self._name = f"{platform.node()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._children: dict[RecordingId, Supervised] = {}
        self._lock = threading.Lock()
        self._heard: dict[str, tuple[datetime, float]] = {}
        self._errands = Errands(is_allowed=self._is_allowed)
        hands = Hands(
            work=self.work,
            reread=self.reread,
            erase=self._erase,
            finish=self._finish,
            beside={RequestKind.COPY: self._copy, **{k: partial(self._run, k) for k in ERRANDS}},
        )
        self._workflow = Workflow(
            url=home.settings.jobs(), worker=self._name, at_once=at_once, hands=hands
        )
        self._presence = presence.Presence(home.settings.home, name=self._name)

    def start(self) -> None:
        """Begin to work in the background."""
        self._home.vault.sweep()
        try:
            self._workflow.start()
        except BaseException:
            self._presence.leave()
            raise
        rounds: tuple[tuple[Callable[[], None], float], ...] = (
            (self._look, _LOOK_S),
            (self._beat, _BEAT_S),
            (self._answer_trials, _LOOK_S),
            (self._tidy, self._tidy_s),
        )
        for body, every_s in rounds:
            thread = threading.Thread(target=self._repeat, args=(body, every_s), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop at once; what is running is gone on with by the next worker."""
        self._stopping.set()
        for recording in list(self._children):
            self._end_child(recording)
        self._errands.stop()
        for thread in self._threads:
            thread.join()
        self._workflow.stop()
        self._presence.leave()

    def work(self, stage: Stage, recording: RecordingId) -> None:
        """Run one stage of one recording in a child process, unless it is done already.

        The child is dead within a second of a withdrawal.
        """
        with self._home.reading() as tx:
            runs = {run.stage: run for run in requests.stage_runs_of(tx, recording)}
            source = words_from(tx, recording, model=self._home.settings.model)
        version = version_of(stage, words_from=source)
        if is_done(runs.get(stage), version=version):
            return
        report = _Report(self._home, recording, stage, version)
        report.tell(StageState.RUNNING)
        try:
            outcome = self._child_of(recording).run(
                "pipeline.stages.work:work",
                {"stage": stage.value, "recording": recording},
                progress=report.progress,
                still_allowed=lambda: self._is_allowed(recording),
                limit_s=self._limit_s(stage, recording),
            )
        except Exception as error:
            self._end_child(recording)
            if self._stopping.is_set():
                raise _Stopping from error
            with suppress(NotFound):  # erased meanwhile: nothing more is told about it
                if isinstance(error, StageKilled) or not self._is_allowed(recording):
                    report.refused()
                else:
                    report.tell(StageState.FAILED, error=code_of(error))
            raise
        report.done(peak_mib=outcome.peak_mib)

    def _run(self, kind: RequestKind, request: RequestId, recording: RecordingId) -> None:
        """Do an errand beside other work on the recording, which goes on."""
        self._done(request, error=self._errands.run(kind, recording))

    def _copy(self, request: RequestId, recording: RecordingId) -> None:
        """Make training copies beside other work on the recording, which goes on."""
        make_copies(self._home, recording, stopping=self._stopping.is_set)
        self._done(request)

    def _done(self, request: RequestId, *, error: Exception | None = None) -> None:
        if self._stopping.is_set():
            raise _Stopping
        with self._home.transaction() as tx:
            requests.mark_done(tx, request, error=code_of(error) if error else None)

    def reread(self, recording: RecordingId) -> None:
        """Go through a corrected text again in a child process. It is no stage: nothing waits.

        What fails is tried again with the next correction.
        """
        self._child_of(recording).run(
            "pipeline.stages.work:reread",
            {"recording": recording},
            progress=lambda _: None,
            still_allowed=lambda: self._is_allowed(recording),
            limit_s=self._limit_s(Stage.TAG, recording),
        )

    def _limit_s(self, stage: Stage, recording: RecordingId) -> float:
        with self._home.reading() as tx:
            film_bytes = parts.film_bytes(tx, recording)
            length_ms = recordings.recording(tx, recording).duration_ms or 0
        return limit_s(stage, film_bytes=film_bytes, duration_ms=length_ms)

    def _child_of(self, recording: RecordingId) -> Supervised:
        """Return the recording's child; one child does all its stages, so models load once."""
        with self._lock:
            if self._stopping.is_set():
                raise _Stopping
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

    def _erase(
        self, recording: RecordingId, because: ErasureReason = ErasureReason.WITHDRAWAL
    ) -> None:
        """Stop work on a recording and erase it; the work stops even where a duty keeps it."""
        self._end_child(recording)
        erase(self._home, recording, because=because)

    def _finish(self, request: RequestId, recording: RecordingId, error: str | None) -> None:
        """Note the end of a request, in the words of the stage that has stopped it, if any has."""
        self._end_child(recording)
        with self._home.transaction() as tx:
            stopped = [r for r in requests.stage_runs_of(tx, recording) if r.state in _STOPPED]
            if error is not None and stopped:
                error = stopped[0].error or stopped[0].state.value
            requests.mark_done(tx, request, error=error)

    def _repeat(self, body: Callable[[], None], every_s: float) -> None:
        """Do something again and again until stopped, whatever happens to it."""
        while not self._stopping.is_set():
            try:
                body()
            except Exception as error:  # noqa: BLE001 - a worker outlives a bad moment of the database
                _LOG.warning("Unable to do a round of %s: %s", body.__name__, type(error).__name__)
            self._stopping.wait(every_s)

    def _look(self) -> None:
        """Pick up requests of the app."""
        with self._home.reading() as tx:
            if not requests.waiting(tx, limit=1):
                return
        with self._home.transaction() as tx:
            for request in requests.waiting(tx):
                self._workflow.take_on(request)
                requests.mark_picked(tx, request.id)

    def _beat(self) -> None:
        """Say that this worker lives, and take over from those that do not."""
        with self._home.transaction() as tx:
            workers.report_worker(tx, self._name)
            heard = workers.heard_of(tx)
        home = self._home.settings.home
        for other in {*presence.dead_workers(home), *self._silent(heard)}:
            if self._workflow.take_over(other):
                with self._home.transaction() as tx:
                    workers.drop_worker(tx, other)
                presence.forget(home, name=other)

    def _answer_trials(self) -> None:
        """Check the test recordings that somebody waits for."""
        trying.answer_trials(self._home)

    def _silent(self, heard: Mapping[str, datetime]) -> set[str]:
        """Return the workers whose sign of life has not changed for some seconds of our clock."""
        now = time.monotonic()
        before = self._heard
        self._heard = {
            name: before[name] if name in before and before[name][0] == at else (at, now)
            for name, at in heard.items()
        }
        return {name for name, (_, since) in self._heard.items() if now - since >= _SILENT_S}

    def _tidy(self) -> None:
        """Keep house for the site, one duty after another; one that fails hinders no other."""
        duties: tuple[Callable[[], None], ...] = (
            lambda: housekeeping.erase_what_is_due(self._home, erase_one=self._erase),
            lambda: housekeeping.keep_keys(self._home),
            lambda: housekeeping.keep_proof(self._home),
            lambda: housekeeping.end_expired_uploads(self._home),
            lambda: trials.sweep(self._home),
            lambda: erase_over(self._home),
            lambda: housekeeping.discard_what_was_taken_back(self._home),
            lambda: housekeeping.go_on_where_there_is_room(self._home),
            self._sweep,
            self._take_on_again,
            self._end_given_up,
            self._forget_ended,
            self._forget_erased,
        )
        for duty in duties:
            try:
                duty()
            except Exception as error:  # noqa: BLE001 - see _repeat
                _LOG.warning("Unable to keep house: %s", type(error).__name__)

    def _take_on_again(self) -> None:
        ended = self._workflow.ended_well()  # what ends from here on was not put back by a backup
        with self._home.reading() as tx:
            unended = requests.unended(tx)
        for request in unended:  # the engine's database may be new, or newer than ours
            self._workflow.take_on(request, anew=request.id in ended)

    def _end_given_up(self) -> None:
        """End what one worker after another has died of; a person may ask for it again."""
        for request, recording in self._workflow.given_up():
            with self._home.transaction() as tx, suppress(NotFound):
                for run in requests.stage_runs_of(tx, recording):
                    if run.state is StageState.RUNNING:
                        failed = replace(run, state=StageState.FAILED, error=WorkerDied.__name__)
                        requests.report_stage(tx, failed)
            self._finish(request, recording, WorkerDied.__name__)
            self._workflow.forget(request)

    def _sweep(self) -> None:
        self._home.vault.sweep()

    def _forget_ended(self) -> None:
        self._workflow.forget_ended(before=self._home.clock() - _REMEMBER)

    def _forget_erased(self) -> None:
        """Let the engine forget the work on what is erased, ids though it has only."""
        with self._home.reading() as tx:
            erased = {each.recording for each in erasures(tx) if each.completed_at}
        self._workflow.forget_about(erased)


def code_of(error: Exception) -> str:
    """Return what is kept of a failure: a code of ours, or the kind of error. Never its text."""
    if isinstance(error, TaskFailed):
        return error.code or error.kind
    return str(getattr(error, "code", type(error).__name__))


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
                actor=ACTOR,
                action="stage_done",
                subject=self._recording,
                detail={"stage": self._stage.value},
            )

    def refused(self) -> None:
        """Note in the audit log that the stage may not go on and why, and tell the stage.

        Raises:
            NotFound: It was erased meanwhile: the refusal is noted, the stage is gone.
        """
        with self._home.transaction() as tx:
            audit.append(
                tx,
                actor=ACTOR,
                action="permit_denied",
                subject=self._recording,
                detail={
                    "purpose": Purpose.SUPERVISION.value,
                    "kind": self._why_refused(tx),
                    "stage": self._stage.value,
                },
            )
        self.tell(StageState.REFUSED)

    def _why_refused(self, tx: Transaction) -> str:
        try:
            gaps = consent_ledger.gaps(tx, self._recording)
        except NotFound:
            return "erased"
        return gaps[0].kind.value if gaps else "stopped"

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
