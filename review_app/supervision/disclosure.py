"""What is done about a concern, in which order and by whom: the path from a worry to its end.

The duty to notify is each professional's own, so the two in the review may notify the authority
at any point and need not wait for anybody. Everything that ends the matter is the leader's.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from review_app.errors import StepNotOpen
from storage.records import ConcernStep


class Part(StrEnum):
    """On whose behalf a step is taken."""

    REVIEW = "review"
    LEADER = "leader"


TRANSITIONS: Final = MappingProxyType(
    {
        ConcernStep.RAISED: frozenset({ConcernStep.LEADER_TOLD}),
        ConcernStep.LEADER_TOLD: frozenset(
            {ConcernStep.LEADER_READ, ConcernStep.AUTHORITY_NOTIFIED}
        ),
        ConcernStep.LEADER_READ: frozenset({ConcernStep.ASSESSED, ConcernStep.AUTHORITY_NOTIFIED}),
        ConcernStep.ASSESSED: frozenset({ConcernStep.AUTHORITY_NOTIFIED, ConcernStep.NO_DUTY}),
        ConcernStep.NO_DUTY: frozenset({ConcernStep.AUTHORITY_NOTIFIED, ConcernStep.CLOSED}),
        ConcernStep.AUTHORITY_NOTIFIED: frozenset({ConcernStep.CLOSED}),
        ConcernStep.CLOSED: frozenset(),
    }
)

# The first two come with raising it, and are nobody's to take later.
_TAKEN_BY: Final = MappingProxyType(
    {
        ConcernStep.LEADER_READ: frozenset({Part.LEADER}),
        ConcernStep.ASSESSED: frozenset(Part),
        ConcernStep.AUTHORITY_NOTIFIED: frozenset(Part),
        ConcernStep.NO_DUTY: frozenset({Part.LEADER}),
        ConcernStep.CLOSED: frozenset({Part.LEADER}),
    }
)


def may_take(step: ConcernStep, *, after: ConcernStep, part: Part) -> bool:
    """Return whether a step may follow the last one, and is this part's to take."""
    return step in TRANSITIONS[after] and part in _TAKEN_BY.get(step, frozenset())


def check_may_take(step: ConcernStep, *, after: ConcernStep, part: Part) -> None:
    """Refuse a step out of its order, or one that is the other part's.

    Raises:
        StepNotOpen: The step cannot be taken now, or not by this part.
    """
    if not may_take(step, after=after, part=part):
        raise StepNotOpen


def open_steps(*, after: ConcernStep, part: Part) -> tuple[ConcernStep, ...]:
    """Return the steps that this part may take next, in the order of the path."""
    return tuple(step for step in ConcernStep if may_take(step, after=after, part=part))


def diagram() -> str:
    """Return the path as a Mermaid state diagram, for the documentation."""
    arrows = (
        f"    {start} --> {end}"
        for start, ends in TRANSITIONS.items()
        for end in sorted(ends, key=list(ConcernStep).index)
    )
    return "\n".join(("stateDiagram-v2", f"    [*] --> {ConcernStep.RAISED}", *arrows))
