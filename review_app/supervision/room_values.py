"""The words of the joint room: who is in it, what happens to it, what it tells.

Frozen values only; what follows from what is said in ``room``. All times named ``at_ms`` are the
server's monotonic clock, all times named ``pos_ms``, ``start_ms`` and ``end_ms`` are the film's.
"""

from dataclasses import dataclass
from enum import StrEnum

from review_app.supervision.room_rounds import Part, Plan, Seat
from storage.records import SequenceId, UserId

PACE = 0.996
"""What a film runs at when people ask for its own rate; see ``decisions/0009``."""
SOONEST_START_MS = 80
"""A browser takes about as long from being asked to a film that moves."""
LATEST_START_MS = 1_500
WAIT_LIMIT_MS = 12_000
LEAD_PASSES_MS = 20_000
SLOWEST_RATE = 0.5
FASTEST_RATE = 2.0


class Kind(StrEnum):
    """What a person may ask of the room."""

    PLAY = "play"
    PAUSE = "pause"
    SEEK = "seek"
    RATE = "rate"
    SEQUENCE = "sequence"
    LEAD_ASK = "lead_ask"
    LEAD_GIVE = "lead_give"
    LEAD_TAKE = "lead_take"
    GO_ON = "go_on"
    POINTER = "pointer"
    ROUNDS = "rounds"
    ROUND_TIME = "round_time"
    ROUND_NEXT = "round_next"
    PART = "part"


class Why(StrEnum):
    """What made the room stand as it does; the chip on the film says it in words."""

    OPENED = "opened"
    PLAY = "play"
    PAUSE = "pause"
    SEEK = "seek"
    RATE = "rate"
    SEQUENCE = "sequence"
    SEQUENCE_END = "sequence_end"
    LEAD = "lead"
    WAITING = "waiting"
    WENT_ON = "went_on"
    LEFT = "left"
    RESTORED = "restored"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One sequence of the meeting: its stretch, and how much around it may be shown."""

    id: SequenceId
    start_ms: int
    end_ms: int
    context_ms: int = 5_000


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the room, here or gone.

    Attributes:
        connections: Open windows; none means gone.
        buffered: Has told that there is enough film to play on from where the room stands.
        drift_ms: How far this person's film is from where it should be, as last told.
        rtt_ms: How long a message and its answer take on this person's line, as last told.
        active_at_ms: When this person last did something in the room.
    """

    id: UserId
    name: str
    side: Seat
    connections: int = 0
    buffered: bool = False
    drift_ms: int | None = None
    rtt_ms: int = 0
    active_at_ms: int = 0

    @property
    def here(self) -> bool:
        """Whether any window of this person is open."""
        return self.connections > 0

    @property
    def is_guest(self) -> bool:
        """Whether this is none of the two whose room it is."""
        return self.side == Seat.GUEST


@dataclass(frozen=True, slots=True)
class Waiting:
    """The film holds for the slower side, never beyond ``until_ms``.

    Attributes:
        people: Those who have not yet told that they can go on from here.
        slow: Those for whom the film was held; the others only have to step back with them.
    """

    people: frozenset[UserId]
    slow: frozenset[UserId]
    since_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody has asked for the lead; the question lapses or passes at ``until_ms``."""

    by: UserId
    since_ms: int
    until_ms: int


# What happens to a room


@dataclass(frozen=True, slots=True)
class Joined:
    """A window of this person opened."""

    id: UserId
    name: str
    side: Seat


@dataclass(frozen=True, slots=True)
class Left:
    """A window of this person closed, or its line was lost."""

    id: UserId


@dataclass(frozen=True, slots=True)
class Command:
    """What a person asks for, and the ``seq`` of the state the person saw when asking.

    Attributes:
        again: Play the chosen sequence from its start.
        to: Who gets the lead, where the leader's own id keeps it; or whose part is chosen.
        plan: The set of rounds that begins; none ends the rounds.
        running: Whether the round's time is to run.
    """

    by: UserId
    kind: Kind
    seq: int
    pos_ms: int | None = None
    rate: float | None = None
    sequence: SequenceId | None = None
    to: UserId | None = None
    again: bool = False
    plan: Plan | None = None
    running: bool = False
    part: Part | None = None
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Ready:
    """A window tells whether it has film enough, and where it stands.

    Attributes:
        seq: The state of the room that the window shows; what was told of a place that the
            room has left since says nothing.
    """

    id: UserId
    seq: int
    buffered: bool
    pos_ms: int
    drift_ms: int | None = None
    rtt_ms: int = 0


@dataclass(frozen=True, slots=True)
class Active:
    """A person wrote or typed: not silent."""

    id: UserId


@dataclass(frozen=True, slots=True)
class AgendaChanged:
    """Sequences were added, moved or removed."""

    agenda: tuple[AgendaItem, ...]


@dataclass(frozen=True, slots=True)
class CallMoved:
    """The call beside the film takes place under another name from now on."""

    name: str


@dataclass(frozen=True, slots=True)
class End:
    """Somebody ends the meeting."""

    by: UserId


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed, nothing else."""


Happening = Joined | Left | Command | Ready | Active | AgendaChanged | CallMoved | End | Tick


# What a room tells


class Event(StrEnum):
    """What everyone is to be told anew."""

    STATE = "state"
    PRESENCE = "presence"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Pointed:
    """A person points at the picture; ``x`` and ``y`` are fractions of its width and height."""

    by: UserId
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Refused:
    """This person may not do that now; everyone else hears nothing of it."""

    to: UserId
    kind: Kind


Telling = Event | Pointed | Refused
