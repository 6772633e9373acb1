"""Where a recording stands in the cycle of the method, derived from what is known about it.

The step is never stored: it follows from the facts, so it cannot disagree with them.
"""

from dataclasses import dataclass
from enum import StrEnum

from storage.records import Cycle, Side, StageRun, StageState


class Step(StrEnum):
    """The steps from film to plan, and the two ways out of them."""

    RECEIVING = "receiving"
    LOCKED = "locked"
    PROCESSING = "processing"
    FAILED = "failed"
    WISH = "wish"
    SELECT = "select"
    PREPARE = "prepare"
    MEETING = "meeting"
    MINUTES = "minutes"
    APPROVED = "approved"
    ERASED = "erased"


TRANSITIONS: dict[Step, frozenset[Step]] = {
    Step.RECEIVING: frozenset({Step.LOCKED, Step.PROCESSING, Step.ERASED}),
    Step.LOCKED: frozenset({Step.PROCESSING, Step.WISH, Step.SELECT, Step.ERASED}),
    Step.PROCESSING: frozenset({Step.FAILED, Step.LOCKED, Step.WISH, Step.SELECT, Step.ERASED}),
    Step.FAILED: frozenset({Step.PROCESSING, Step.LOCKED, Step.ERASED}),
    Step.WISH: frozenset({Step.SELECT, Step.LOCKED, Step.ERASED}),
    Step.SELECT: frozenset({Step.PREPARE, Step.LOCKED, Step.ERASED}),
    Step.PREPARE: frozenset({Step.SELECT, Step.MEETING, Step.LOCKED, Step.ERASED}),
    Step.MEETING: frozenset({Step.MINUTES, Step.LOCKED, Step.ERASED}),
    Step.MINUTES: frozenset({Step.APPROVED, Step.LOCKED, Step.ERASED}),
    Step.APPROVED: frozenset({Step.LOCKED, Step.ERASED}),
    Step.ERASED: frozenset(),
}

# The seven steps that the overview shows, in order.
SHOWN = (
    "record",
    "consent",
    "wish",
    "select",
    "prepare",
    "watch_together",
    "plan",
)
_SHOWN_AT: dict[Step, int] = {
    Step.RECEIVING: 0,
    Step.LOCKED: 1,
    Step.PROCESSING: 1,
    Step.FAILED: 1,
    Step.WISH: 2,
    Step.SELECT: 3,
    Step.PREPARE: 4,
    Step.MEETING: 5,
    Step.MINUTES: 6,
    Step.APPROVED: 7,
    Step.ERASED: 7,
}

_WAITS_FOR: dict[Step, frozenset[Side]] = {
    Step.LOCKED: frozenset({Side.CASEWORKER}),
    Step.FAILED: frozenset({Side.CASEWORKER}),
    Step.WISH: frozenset({Side.CASEWORKER}),
    Step.SELECT: frozenset({Side.SUPERVISOR}),
    Step.PREPARE: frozenset({Side.CASEWORKER}),
    Step.MEETING: frozenset(Side),
    Step.MINUTES: frozenset(Side),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the step is derived from.

    Attributes:
        permitted: A permit for supervision exists at this moment.
        stages: What processing has reported; empty before it began.
        stages_needed: How many stages make a recording ready.
    """

    received: bool
    permitted: bool
    erased: bool
    cycle: Cycle
    stages: tuple[StageRun, ...]
    stages_needed: int


def step_of(facts: Facts) -> Step:
    """Return where the recording stands."""
    if facts.erased:
        return Step.ERASED
    if not facts.received:
        return Step.RECEIVING
    if not facts.permitted:
        return Step.LOCKED
    if any(run.state is StageState.FAILED for run in facts.stages):
        return Step.FAILED
    if sum(run.state is StageState.DONE for run in facts.stages) < facts.stages_needed:
        return Step.PROCESSING
    return _step_of_review(facts.cycle)


def _step_of_review(cycle: Cycle) -> Step:
    if cycle.approved_at is not None:
        return Step.APPROVED
    if cycle.meeting_ended_at is not None:
        return Step.MINUTES
    if cycle.answers_sent_at is not None:
        return Step.MEETING
    if cycle.released_at is not None:
        return Step.PREPARE
    return Step.SELECT if cycle.wish else Step.WISH


def shown_step(step: Step) -> int:
    """Return how many of the seven shown steps are behind the recording."""
    return _SHOWN_AT[step]


def waits_for(step: Step, side: Side) -> bool:
    """Return whether it is this side's turn."""
    return side in _WAITS_FOR.get(step, frozenset())


def diagram() -> str:
    """Return the steps as a Mermaid state diagram, for the documentation."""
    arrows = (
        f"    {start} --> {end}"
        for start, ends in TRANSITIONS.items()
        for end in sorted(ends, key=list(Step).index)
    )
    return "\n".join(("stateDiagram-v2", f"    [*] --> {Step.RECEIVING}", *arrows))
