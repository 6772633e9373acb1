"""The rounds of a reflecting group: who tells, who listens, and for how long.

A round never cuts anybody off: when its time is over, that is all that is told, and the one who
leads goes on when the group is ready. Who leads and who may is asked in ``room``.

Source: success rounds (tell 3-4 minutes, reflect 3, together 1) and coaching with observers
(10 + 5), as practised in BBIC's implementation, and the reflecting team of Andersen (1987).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from storage.records import Side, UserId

_MINUTE_MS: Final = 60_000


class Seat(StrEnum):
    """Where somebody sits: as one of the two whose room it is, or as their guest."""

    CASEWORKER = Side.CASEWORKER.value
    SUPERVISOR = Side.SUPERVISOR.value
    GUEST = "guest"


class Part(StrEnum):
    """What somebody does in the rounds. Nothing is locked by it."""

    TELLER = "teller"
    INTERVIEWER = "interviewer"
    REFLECTING = "reflecting"
    OBSERVER = "observer"


class RoundKind(StrEnum):
    """What a round is for."""

    TELL = "tell"
    REFLECT = "reflect"
    TOGETHER = "together"


class Plan(StrEnum):
    """The sets of rounds that there are, by their minutes."""

    THREE_THREE_ONE = "3_3_1"
    FOUR_THREE_ONE = "4_3_1"
    TEN_FIVE = "10_5"


PLANS: Final[Mapping[Plan, tuple[tuple[RoundKind, int], ...]]] = MappingProxyType(
    {
        Plan.THREE_THREE_ONE: (
            (RoundKind.TELL, 3 * _MINUTE_MS),
            (RoundKind.REFLECT, 3 * _MINUTE_MS),
            (RoundKind.TOGETHER, 1 * _MINUTE_MS),
        ),
        Plan.FOUR_THREE_ONE: (
            (RoundKind.TELL, 4 * _MINUTE_MS),
            (RoundKind.REFLECT, 3 * _MINUTE_MS),
            (RoundKind.TOGETHER, 1 * _MINUTE_MS),
        ),
        Plan.TEN_FIVE: (
            (RoundKind.TELL, 10 * _MINUTE_MS),
            (RoundKind.REFLECT, 5 * _MINUTE_MS),
        ),
    }
)
"""Each set's rounds in order, with their lengths in ms."""

SPEAKERS: Final[Mapping[RoundKind, frozenset[Part]]] = MappingProxyType(
    {
        RoundKind.TELL: frozenset({Part.TELLER, Part.INTERVIEWER}),
        RoundKind.REFLECT: frozenset({Part.INTERVIEWER, Part.REFLECTING, Part.OBSERVER}),
        RoundKind.TOGETHER: frozenset(Part),
    }
)
"""Whose turn to speak it is in each kind of round; the others listen."""

_PART_OF: Final[Mapping[Seat, Part]] = MappingProxyType(
    {
        Seat.CASEWORKER: Part.TELLER,
        Seat.SUPERVISOR: Part.INTERVIEWER,
        Seat.GUEST: Part.REFLECTING,
    }
)


@dataclass(frozen=True, slots=True)
class Rounds:
    """A set of rounds under way.

    Attributes:
        number: Which round it is, from 0.
        began: The ``seq`` of the room when this round was begun; what was asked on a screen that
            had not seen it is about another round.
        running: Whether its time runs.
        left_ms: How much of it is left at ``at_ms``; below zero once it is over.
        parts: What people do where it is another part than their seat's own.
    """

    plan: Plan
    began: int
    number: int = 0
    running: bool = False
    left_ms: int = 0
    at_ms: int = 0
    parts: Mapping[UserId, Part] = field(default_factory=dict)

    @property
    def kind(self) -> RoundKind:
        """What the round is for."""
        return PLANS[self.plan][self.number][0]

    @property
    def length_ms(self) -> int:
        """How long the round is meant to be."""
        return PLANS[self.plan][self.number][1]

    @property
    def is_last(self) -> bool:
        """Whether no round follows in this set."""
        return self.number == len(PLANS[self.plan]) - 1

    def left(self, *, at_ms: int) -> int:
        """Return how much of the round is left at a moment, in ms; below zero once it is over."""
        return self.left_ms - max(0, at_ms - self.at_ms) if self.running else self.left_ms


def chosen(plan: Plan, *, seq: int, parts: Mapping[UserId, Part], at_ms: int) -> Rounds:
    """Return a set of rounds before its first; its time stands still."""
    fresh = Rounds(plan, began=seq, at_ms=at_ms, parts=parts)
    return replace(fresh, left_ms=fresh.length_ms)


def switched(rounds: Rounds, *, running: bool, at_ms: int) -> Rounds:
    """Return the rounds with the time running or standing from now on."""
    return replace(rounds, running=running, left_ms=rounds.left(at_ms=at_ms), at_ms=at_ms)


def gone_on(rounds: Rounds, *, seq: int, at_ms: int) -> Rounds:
    """Return the rounds at the next one, running; after the last at the first again, standing."""
    if rounds.is_last:
        return chosen(rounds.plan, seq=seq, parts=rounds.parts, at_ms=at_ms)
    following = replace(rounds, number=rounds.number + 1, began=seq, running=True, at_ms=at_ms)
    return replace(following, left_ms=following.length_ms)


def part_of(person: UserId, *, seat: Seat, rounds: Rounds | None) -> Part:
    """Return what somebody does: their seat's own part unless another was chosen."""
    own = _PART_OF[seat]
    return rounds.parts.get(person, own) if rounds else own


def kept(rounds: Rounds | None, *, at_ms: int) -> dict[str, object] | None:
    """Return what a restart needs of the rounds."""
    if rounds is None:
        return None
    return {
        "plan": rounds.plan,
        "number": rounds.number,
        "left_ms": rounds.left(at_ms=at_ms),
        "parts": dict(rounds.parts),
    }


def found_again(saved: object, *, seq: int) -> Rounds | None:
    """Return the rounds as they were kept, their time standing still; None if there were none."""
    if not isinstance(saved, dict) or saved.get("plan") not in set(Plan):
        return None
    plan = Plan(saved["plan"])
    number, left_ms, parts = (saved.get(name) for name in ("number", "left_ms", "parts"))
    if not isinstance(number, int) or not 0 <= number < len(PLANS[plan]):
        return None
    fresh = Rounds(plan, began=seq, number=number)
    known = parts.items() if isinstance(parts, dict) else ()
    return replace(
        fresh,
        left_ms=left_ms if isinstance(left_ms, int) else fresh.length_ms,
        parts={UserId(who): Part(part) for who, part in known if part in set(Part)},
    )
