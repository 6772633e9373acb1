"""Where a joint room stands, as a value, and the smallest ways to change it.

What follows from what is said in ``room``; how the film waits, in ``room_pace``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from review_app.supervision.room_rounds import Rounds
from review_app.supervision.room_values import (
    PACE,
    WAIT_LIMIT_MS,
    AgendaItem,
    Asking,
    Member,
    Telling,
    Waiting,
    Why,
)
from storage.records import SequenceId, UserId


@dataclass(frozen=True, slots=True)
class Room:
    """Where a joint review stands.

    Attributes:
        seq: Counts the changes that everyone is told of.
        placed: The ``seq`` since which the film runs or stands as it does.
        playing: What people asked for; while ``waiting`` the film stands still all the same.
        pos_ms: Where the film is, or was, at ``at_ms``.
        stop_ms: Where the film pauses by itself: the end of the sequence.
        wait_left_ms: How long the film may still be held before the next command.
        excused: Those for whom the film is not held.
        shown: The sequences that have been played; the minutes name the others as not reached.
        rounds: The rounds of a reflecting group, if it has begun any.
        call: What the call beside the film is named; nobody can guess it.
    """

    agenda: tuple[AgendaItem, ...] = ()
    seq: int = 1
    placed: int = 1
    playing: bool = False
    pos_ms: int = 0
    at_ms: int = 0
    rate: float = 1.0
    stop_ms: int | None = None
    by: UserId | None = None
    why: Why = Why.OPENED
    sequence: SequenceId | None = None
    leader: UserId | None = None
    asking: Asking | None = None
    waiting: Waiting | None = None
    wait_left_ms: int = WAIT_LIMIT_MS
    excused: frozenset[UserId] = frozenset()
    members: Mapping[UserId, Member] = field(default_factory=dict)
    shown: frozenset[SequenceId] = frozenset()
    rounds: Rounds | None = None
    call: str = ""
    ended: bool = False

    @property
    def moving(self) -> bool:
        """Whether the film runs."""
        return self.playing and self.waiting is None

    @property
    def hosted(self) -> bool:
        """Whether one of the two whose room it is is here."""
        return any(member.here and not member.is_guest for member in self.members.values())

    @property
    def pace(self) -> float:
        """How many ms of film go by in one ms."""
        return self.rate * PACE

    def position(self, *, at_ms: int) -> int:
        """Return where the film stands at a moment."""
        if not self.moving:
            return self.pos_ms
        there = self.pos_ms + round(max(0, at_ms - self.at_ms) * self.pace)
        return there if self.stop_ms is None else min(there, self.stop_ms)

    @property
    def due_ms(self) -> int | None:
        """The next moment at which time alone changes something."""
        return min(
            (
                moment
                for moment in (
                    self.waiting.until_ms if self.waiting else None,
                    self.asking.until_ms if self.asking else None,
                    stops_at(self),
                )
                if moment is not None
            ),
            default=None,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A room after something happened, and what to tell."""

    room: Room
    told: tuple[Telling, ...] = ()


def stops_at(room: Room) -> int | None:
    """Return the moment at which the sequence ends by itself."""
    if not room.moving or room.stop_ms is None:
        return None
    left_ms = max(0, room.stop_ms - room.pos_ms)
    return room.at_ms + -int(-left_ms // room.pace)


def changed(room: Room, *, why: Why, by: UserId | None) -> Room:
    """Return the room with one more change to tell."""
    return replace(room, seq=room.seq + 1, why=why, by=by)


def placed_anew(room: Room, *, why: Why, by: UserId | None, elsewhere: bool) -> Room:
    """Return the room whose film has begun to run or stand, perhaps elsewhere.

    Elsewhere nobody is known to have film enough until they have told so.
    """
    room = changed(room, why=why, by=by)
    members = room.members
    if elsewhere:
        members = {id_: replace(each, buffered=False) for id_, each in members.items()}
    return replace(room, placed=room.seq, members=members)


def with_member(room: Room, member: Member) -> Room:
    """Return the room with this person as now known."""
    return replace(room, members={**room.members, member.id: member})


def touched(room: Room, person: UserId, at_ms: int) -> Room:
    """Return the room in which this person just did something."""
    member = room.members.get(person)
    return room if member is None else with_member(room, replace(member, active_at_ms=at_ms))


def item_of(room: Room, sequence: SequenceId | None) -> AgendaItem | None:
    """Return the sequence of that id, if it is on the agenda."""
    return next((item for item in room.agenda if item.id == sequence), None)
