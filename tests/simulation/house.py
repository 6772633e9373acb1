"""The simulated server: one room, the windows in it, and what a restart finds."""

from collections.abc import Callable
from dataclasses import dataclass

from review_app.routes.room_wire import command_from, ready_from, state_message
from review_app.supervision.room import advance, open_room, restore, snapshot
from review_app.supervision.room_rounds import Seat
from review_app.supervision.room_state import Room
from review_app.supervision.room_values import (
    AgendaItem,
    Event,
    Happening,
    Joined,
    Left,
    Refused,
    Tick,
)
from storage.records import SequenceId, UserId
from tests.simulation.world import Line, Message, World

AGENDA = (
    AgendaItem(SequenceId("s1"), 10_000, 40_000),
    AgendaItem(SequenceId("s2"), 60_000, 75_000),
)
_SAVE_EVERY_MS = 2_000
OUT_WITHIN_MS = 2_000
SEATS = {UserId("person-0"): Seat.SUPERVISOR, UserId("person-1"): Seat.CASEWORKER}
"""Whose room it is; everyone else is a guest."""


class TwoTruths(AssertionError):
    """Windows were told different things under the same number."""


@dataclass(slots=True, eq=False)
class Chair:
    """A window as the server sees it: whose it is, and how to reach it."""

    person: UserId
    line: Line
    deliver: Callable[[Message], None]


@dataclass(slots=True)
class Seen:
    """What happened in one run."""

    states: int = 0
    refused: int = 0
    restarts: int = 0
    broken_lines: int = 0
    longest_wait_ms: float = 0.0
    shut_out: int = 0


class NotTheirs(AssertionError):
    """A guest led, saw the film without a host, or was told something after being shut out."""


class Server:
    """Keeps one room as the real server does: tells, sets its timer, saves, restarts."""

    def __init__(self, world: World, seen: Seen) -> None:
        self.room = open_room(AGENDA)
        self.up = True
        self.seats: list[Chair] = []
        self._world = world
        self._seen = seen
        self._ahead_ms = 1_000_000.0
        self._saved = snapshot(self.room, at_ms=self.clock_ms)
        self._saved_at = 0.0
        self._told: dict[int, Message] = {}
        self._life = 0
        self._shut_out: dict[UserId, float] = {}

    @property
    def clock_ms(self) -> int:
        """The server's own clock; another one after each restart."""
        return round(self._world.now_ms + self._ahead_ms)

    def lets_in(self, person: UserId) -> bool:
        """Return whether a person may still come in."""
        return person not in self._shut_out

    def shut_out(self, person: UserId) -> None:
        """End a guest's invitation; the room asks once a second and waits for the answer."""
        if self.lets_in(person):
            self._seen.shut_out += 1
            self._shut_out[person] = self._world.now_ms
            self._world.later(self._world.chance.uniform(0, OUT_WITHIN_MS), self._close_to_them)

    def _close_to_them(self) -> None:
        for seat in [each for each in self.seats if not self.lets_in(each.person)]:
            self.leave(seat)
            seat.line.up = False

    def enter(self, seat: Chair) -> None:
        """Let a window in."""
        self.seats.append(seat)
        self.happens(Joined(seat.person, "", SEATS.get(seat.person, Seat.GUEST)))
        self._tell(seat, self._state())

    def leave(self, seat: Chair) -> None:
        """Notice that a window is gone."""
        if self.up and seat in self.seats:
            self.seats.remove(seat)
            self.happens(Left(seat.person))

    def hear(self, seat: Chair, message: Message) -> None:
        """Take a message from a window."""
        if not self.up or seat not in self.seats:
            return
        match message["t"]:
            case "ping":
                clock = self._world.now_ms + self._ahead_ms
                self._tell(seat, {"t": "pong", "c": message["c"], "s1": clock, "s2": clock})
            case "cmd":
                self.happens(command_from(message, by=seat.person))
            case "ready":
                self.happens(ready_from(message, by=seat.person))

    def happens(self, happening: Happening) -> None:
        """Let something happen to the room and tell who is to be told."""
        before = self.room
        step = advance(self.room, happening, at_ms=self.clock_ms)
        self.room = step.room
        self._guests_stay_guests()
        if Event.STATE in step.told:
            for seat in self.seats:
                self._tell(seat, self._state())
        self._seen.refused += sum(isinstance(told, Refused) for told in step.told)
        self._watch_the_wait(before)
        runs = self.room.moving or (self.room.rounds is not None and self.room.rounds.running)
        saved_long_ago = self._world.now_ms - self._saved_at > _SAVE_EVERY_MS
        if before.seq != self.room.seq or (runs and saved_long_ago):
            self._saved = snapshot(self.room, at_ms=self.clock_ms)
            self._saved_at = self._world.now_ms
        self._set_timer()

    def restart(self, *, away_ms: float) -> None:
        """Die, and come back with what was saved and another clock."""
        self.up = False
        self._life += 1
        self._seen.restarts += 1
        for seat in self.seats:
            seat.line.up = False
        self.seats = []
        self._world.later(away_ms, self._come_back)

    def _come_back(self) -> None:
        self._ahead_ms = self._world.chance.uniform(0, 10_000_000)
        self.room = restore(AGENDA, self._saved)
        self.up = True

    def _state(self) -> Message:
        message = state_message(self.room, at_ms=self.clock_ms)
        truth = {name: value for name, value in message.items() if name != "srv"}
        if self._told.setdefault(self.room.seq, truth) != truth:
            raise TwoTruths(self._told[self.room.seq], truth)
        return message

    def _tell(self, seat: Chair, message: Message) -> None:
        self._seen.states += message["t"] == "state"
        since = self._shut_out.get(seat.person)
        if since is not None and self._world.now_ms > since + OUT_WITHIN_MS:
            raise NotTheirs(seat.person)
        seat.line.send("down", message, seat.deliver)

    def _guests_stay_guests(self) -> None:
        leader = self.room.members.get(self.room.leader) if self.room.leader else None
        if (leader and leader.is_guest) or (self.room.moving and not self.room.hosted):
            raise NotTheirs(self.room)

    def _set_timer(self) -> None:
        due, life, seq = self.room.due_ms, self._life, self.room.seq
        if due is not None:
            self._world.later(due - self.clock_ms + 1, lambda: self._tick(life, seq))

    def _tick(self, life: int, seq: int) -> None:
        if self.up and (life, seq) == (self._life, self.room.seq):
            self.happens(Tick())

    def _watch_the_wait(self, before: Room) -> None:
        if before.waiting:
            waited_ms = self.clock_ms - before.waiting.since_ms
            self._seen.longest_wait_ms = max(self._seen.longest_wait_ms, waited_ms)
