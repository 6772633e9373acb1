"""What happens to a recording, top to bottom: order, retries and recovery, nothing else.

The only importer of the durable engine (DBOS). Arguments of workflows and steps are an on-disk
format: add fields with defaults, never rename. Steps take and return ids, never content, for
the engine keeps what they return. A step that was cut off is run again from its start, so what
it does must be safe to repeat.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from dbos import (
    DBOS,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    SetEnqueueOptions,
    SetWorkflowID,
)

from consent.model import RecordingId
from storage.database import make_engine, plain_errors
from storage.errors import RecordingHeld
from storage.records import Request, RequestId, RequestKind, Stage

_FLOW_VERSION = "1"  # raise only when recordings in progress could not go on in the new flow
_QUEUES = {
    RequestKind.PROCESS: "recordings",
    RequestKind.REREAD: "recordings",
    RequestKind.MEASURE: "measures",
    RequestKind.LEARN: "measures",
    RequestKind.COPY: "copies",
    RequestKind.ERASE: "erasures",
}
"""Figures that a page waits for, learning and an erasure wait for no film that is worked on."""
_FORMER = "segment"
_STEPS = tuple(
    step
    for stage in Stage
    for step in ((_FORMER, stage.value) if stage is Stage.TAG else (stage.value,))
)
"""Stages, and one that earlier versions had: flows under way count their steps by number."""
_LOOK_S = 0.2
_ATTEMPTS = 3
_DEATHS_ALLOWED = 20
_GIVEN_UP = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
_ENDED = ["SUCCESS", "ERROR", "CANCELLED"]
_AT_ONE_SWEEP = 1000


@dataclass(frozen=True)
class Hands:
    """What the flow lets others do for it; each is safe to repeat.

    Attributes:
        work: Runs one stage of one recording and returns when it is done.
        reread: Goes through a recording's corrected text again.
        erase: Erases a recording.
        finish: Notes the end of a request, with an error code or None.
        beside: Does what is asked for beside the stages and notes the end of the request.
    """

    work: Callable[[Stage, RecordingId], None]
    reread: Callable[[RecordingId], None]
    erase: Callable[[RecordingId], None]
    finish: Callable[[RequestId, RecordingId, str | None], None]
    beside: Mapping[RequestKind, Callable[[RequestId, RecordingId], None]]


class Workflow:
    """The durable engine of one worker process. There is one per process."""

    def __init__(self, *, url: str, worker: str, at_once: int, hands: Hands) -> None:
        # Our own engine sets SQLite's write-ahead log, which the file then keeps.
        with plain_errors():
            engine = make_engine(url)
            engine.connect().close()
            engine.dispose()
        config: DBOSConfig = {
            "name": "samspil",
            "system_database_url": url,
            "executor_id": worker,
            "application_version": _FLOW_VERSION,
            "log_level": "ERROR",
            # The default serializer is pickle: a write to the database would run code here.
            "serializer": DBOSPortableJSONSerializer(),
        }
        # An earlier engine of this process has left a handler on what was standard error then.
        logging.getLogger("dbos").handlers.clear()
        DBOS(config=config)
        self._at_once = at_once
        self._flows = _define(hands)

    def start(self) -> None:
        """Begin to work. A recording is worked on by one worker at a time, whoever asks twice."""
        with plain_errors():
            DBOS.launch()
        for queue in _QUEUES.values():
            DBOS.register_queue(
                queue,
                worker_concurrency=self._at_once,
                partition_concurrency=1,
                polling_interval_sec=_LOOK_S,
            )

    def take_on(self, request: Request, *, anew: bool = False) -> None:
        """Queue a request; taking on the same one twice does nothing.

        Args:
            request: What is asked for.
            anew: Do it again although it has ended.
        """
        if anew:
            self.forget(request.id)
        queue, flow = _QUEUES[request.kind], self._flows[request.kind]
        options = SetEnqueueOptions(queue_partition_key=request.recording)
        with SetWorkflowID(request.id), options:
            DBOS.enqueue_workflow(queue, flow, request.id, request.recording)

    def take_over(self, dead_worker: str) -> bool:
        """Go on with what another worker left undone and return whether nothing is left.

        ``resume_workflow`` is no substitute: it would revive cancelled work as well.
        """
        DBOS._recover_pending_workflows([dead_worker])  # noqa: SLF001 - the engine has no public call
        return not DBOS.list_workflows(
            status="PENDING", executor_id=dead_worker, load_input=False, load_output=False
        )

    def given_up(self) -> tuple[tuple[RequestId, RecordingId], ...]:
        """Return what was begun so often, each time by a worker that died, that it is let be."""
        found = DBOS.list_workflows(status=_GIVEN_UP, load_output=False)
        return tuple(
            (RequestId(flow.workflow_id), RecordingId(flow.input["args"][1]))
            for flow in found
            if flow.input is not None
        )

    def forget(self, request: RequestId) -> None:
        """Forget all about a request that has ended."""
        DBOS.delete_workflow(request)

    def ended_well(self) -> frozenset[RequestId]:
        """Return what has ended as it should and is not forgotten yet."""
        found = DBOS.list_workflows(status="SUCCESS", load_input=False, load_output=False)
        return frozenset(RequestId(flow.workflow_id) for flow in found)

    def forget_ended(self, *, before: datetime) -> int:
        """Forget what ended before a moment, and return how much that was."""
        found = DBOS.list_workflows(
            status=_ENDED,
            completed_before=before.isoformat(),
            limit=_AT_ONE_SWEEP,
            load_input=False,
            load_output=False,
        )
        DBOS.delete_workflows([flow.workflow_id for flow in found])
        return len(found)

    def forget_about(self, recordings: Collection[RecordingId]) -> None:
        """Forget what has ended about these recordings."""
        if not recordings:
            return
        found = DBOS.list_workflows(status=_ENDED, load_output=False)
        DBOS.delete_workflows(
            [
                flow.workflow_id
                for flow in found
                if flow.input is not None and flow.input["args"][1] in recordings
            ]
        )

    def stop(self) -> None:
        """Stop at once; what is running is gone on with at the next start."""
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=0)


def _work(hands: Hands, step: str, recording: RecordingId) -> None:
    if step != _FORMER:
        hands.work(Stage(step), recording)


def _define(hands: Hands) -> dict[RequestKind, Callable[[str, str], None]]:
    @DBOS.step(
        name="stage",
        retries_allowed=True,
        max_attempts=_ATTEMPTS,
        should_retry=lambda error: getattr(error, "retryable", False),
    )
    def stage(name: str, recording: str) -> str:
        _work(hands, name, RecordingId(recording))
        return recording

    @DBOS.step(
        name="reading",
        retries_allowed=True,
        max_attempts=_ATTEMPTS,
        should_retry=lambda error: getattr(error, "retryable", False),
    )
    def reading(recording: str) -> str:
        hands.reread(RecordingId(recording))
        return recording

    @DBOS.step(
        name="erasure",
        retries_allowed=True,
        max_attempts=_ATTEMPTS,
        should_retry=lambda error: not isinstance(error, RecordingHeld),
    )
    def erasure(recording: str) -> str:
        hands.erase(RecordingId(recording))
        return recording

    @DBOS.step(name="finish")
    def finish(request: str, recording: str, error: str | None) -> str:
        hands.finish(RequestId(request), RecordingId(recording), error)
        return request

    @DBOS.workflow(name="process", max_recovery_attempts=_DEATHS_ALLOWED)
    def process(request: str, recording: str) -> None:
        def every_stage() -> None:
            for name in _STEPS:
                stage(name, recording)

        finish(request, recording, _error_of(every_stage))

    @DBOS.workflow(name="reread", max_recovery_attempts=_DEATHS_ALLOWED)
    def reread(request: str, recording: str) -> None:
        finish(request, recording, _error_of(lambda: reading(recording)))

    @DBOS.workflow(name="erase", max_recovery_attempts=_DEATHS_ALLOWED)
    def erase(request: str, recording: str) -> None:
        finish(request, recording, _error_of(lambda: erasure(recording)))

    beside = {kind: _beside(kind, do) for kind, do in hands.beside.items()}
    return {
        RequestKind.PROCESS: process,
        RequestKind.REREAD: reread,
        RequestKind.ERASE: erase,
        **beside,
    }


def _beside(
    kind: RequestKind, do: Callable[[RequestId, RecordingId], None]
) -> Callable[[str, str], None]:
    """Define what is done beside the stages; it notes the end of its request itself."""

    @DBOS.step(name=f"{kind}ing")
    def doing(request: str, recording: str) -> str:
        do(RequestId(request), RecordingId(recording))
        return recording

    @DBOS.workflow(name=kind.value, max_recovery_attempts=_DEATHS_ALLOWED)
    def workflow(request: str, recording: str) -> None:
        doing(request, recording)

    return workflow


def _error_of(work: Callable[[], object]) -> str | None:
    """Return the kind of error that work ends with: the request must end in any case."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the stage has said why
        return type(error).__name__
    return None
