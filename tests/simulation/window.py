"""A simulated window: a clock that is wrong, a film that is slow, and a line that breaks."""

from dataclasses import dataclass
from typing import Any

from storage.records import UserId
from tests.simulation.house import Chair, Server
from tests.simulation.step import Clock, Pace, StartCost, target
from tests.simulation.world import Line, Message, Weather, World

_LOOP_MS = 50
_TELL_MS = 1000
_LATE_START_MS = 400
_JUMP_EVERY_MS = 1500
_FIRST_RETRY_MS = 500.0
_LONGEST_RETRY_MS = 10_000.0


@dataclass(frozen=True, slots=True)
class Machine:
    """What a window runs on.

    Attributes:
        skew_ms: How far its clock is from the true one.
        clock_ppm: How much its clock gains, in millionths.
        film_ppm: How much its film gains, in millionths.
        start_ms: From "play" to the first frame that moves.
        seek_ms: How long a jump takes.
        loss_ms: How far the film falls back with each change of its rate.
    """

    skew_ms: float
    clock_ppm: float
    film_ppm: float
    start_ms: float
    seek_ms: float
    loss_ms: float


class Film:
    """A picture that runs, jumps and stalls as browsers' films do."""

    def __init__(self, world: World, machine: Machine) -> None:
        self._world = world
        self._machine = machine
        self._place = 0.0
        self._since = 0.0
        self.rate = 1.0
        self.running = False
        self.playing = False
        self.stalled = False
        self._there_at = 0.0

    @property
    def place_ms(self) -> float:
        """Where it stands."""
        if not self.running:
            return self._place
        gained = 1 + self._machine.film_ppm / 1e6
        return self._place + (self._world.now_ms - self._since) * self.rate * gained

    @property
    def buffered(self) -> bool:
        """Whether it could go on now."""
        return not self.stalled and self._world.now_ms >= self._there_at

    def set_rate(self, rate: float) -> None:
        """Run faster or slower from here."""
        self._settle()
        if self.running and rate != self.rate:
            self._place -= self._machine.loss_ms
        self.rate = rate

    def play(self) -> None:
        """Begin to move, a moment later."""
        if not self.playing:
            self.playing = True
            self._go_on(after_ms=self._machine.start_ms)

    def pause(self) -> None:
        """Stand still."""
        self._settle()
        self.playing = self.running = False

    def seek(self, to_ms: float) -> None:
        """Jump; it stands still until it is there."""
        self._settle()
        self._place, self.running = max(0.0, to_ms), False
        self._there_at = self._world.now_ms + self._machine.seek_ms
        self._go_on(after_ms=self._machine.seek_ms)

    def stall(self, *, stalled: bool) -> None:
        """Run out of film, or have enough again."""
        self._settle()
        self.stalled, self.running = stalled, False
        self._go_on(after_ms=0)

    def _go_on(self, *, after_ms: float) -> None:
        self._world.later(after_ms, self._try)

    def _try(self) -> None:
        if self.playing and self.buffered and not self.running:
            self._since, self.running = self._world.now_ms, True

    def _settle(self) -> None:
        self._place, self._since = self.place_ms, self._world.now_ms


class Window:
    """One person's page: what ``room_link.js`` and ``room_film.js`` do, without a browser."""

    def __init__(
        self, world: World, server: Server, person: UserId, *, machine: Machine, weather: Weather
    ) -> None:
        self.person = person
        self.machine = machine
        self.weather = weather
        self.film = Film(world, machine)
        self.state: dict[str, Any] | None = None
        self.asleep = False
        self._world = world
        self._server = server
        self._seat: Chair | None = None
        self._clock = Clock()
        self._retry_ms = _FIRST_RETRY_MS
        self._jumped_at = self._told_at = -1e9
        self._told: bool | None = None
        self.out = False
        self._start_cost = StartCost()
        self._starting = False
        self._begun = False
        self._pace = Pace()
        self._hurries = 0
        self._seek_cost = 150.0
        self._connect()
        self._loop()

    @property
    def now_ms(self) -> float:
        """This machine's clock."""
        return self._world.now_ms * (1 + self.machine.clock_ppm / 1e6) + self.machine.skew_ms

    @property
    def open(self) -> bool:
        """Whether the page believes that it is connected."""
        return self._seat is not None

    @property
    def seq(self) -> int:
        """Which state of the room the page shows; 0 before it has heard of one."""
        return self.state["seq"] if self.state else 0

    @property
    def target_ms(self) -> float:
        """Where the page believes that the film should stand."""
        if self.state is None:
            return self.film.place_ms
        place = target(self.state, self.now_ms + self._clock.offset_ms)
        stop: float | None = self.state["stop_ms"]
        return place if stop is None else min(place, stop)

    @property
    def round_left_ms(self) -> float | None:
        """How much of the round the page shows as left; None while there are no rounds."""
        rounds = self.state and self.state["rounds"]
        if not rounds:
            return None
        since = self.now_ms + self._clock.offset_ms - rounds["at_ms"]
        left: float = rounds["left_ms"] - (max(0.0, since) if rounds["running"] else 0.0)
        return left

    def command(self, kind: str, **values: object) -> None:
        """Ask something of the room."""
        if kind == "pause":
            self.film.pause()
            values["pos_ms"] = round(self.film.place_ms)
        self._send({"t": "cmd", "kind": kind, "seq": self.seq, **values})

    def lose_line(self, *, server_notices_after_ms: float) -> None:
        """Lose the connection; each end finds out by itself."""
        seat = self._seat
        if seat is None:
            return
        seat.line.up = False
        self._world.later(server_notices_after_ms, lambda: self._server.leave(seat))

    def reload(self) -> None:
        """Begin anew, knowing nothing."""
        self.lose_line(server_notices_after_ms=5)
        self.film.pause()
        self.film = Film(self._world, self.machine)
        self.state, self._seat = None, None
        self._connect()

    # The line

    def _connect(self) -> None:
        self._clock = Clock()
        line = Line(self._world, self.weather)
        seat = Chair(self.person, line, lambda message: self._heard(seat, message))
        self._world.later(2 * self.weather.delay_ms, lambda: self._knock(seat))

    def _knock(self, seat: Chair) -> None:
        if self._seat is not None:
            return
        if not self._server.up or self.asleep:
            self._again()
            return
        if not self._server.lets_in(self.person):
            self.out = True
            return
        self._seat, self._retry_ms = seat, _FIRST_RETRY_MS
        self._told = None
        self._server.enter(seat)
        self._ping(seat, 0)
        self._check(seat)

    def _check(self, seat: Chair) -> None:
        """Find out, some time after it broke, that the line is gone."""
        if self._seat is not seat:
            return
        if not seat.line.up:
            self._seat = None
            self._again()
            return
        self._world.later(self._world.chance.uniform(20, 800), lambda: self._check(seat))

    def _again(self) -> None:
        self._world.later(self._retry_ms, self._connect)
        self._retry_ms = min(_LONGEST_RETRY_MS, self._retry_ms * 1.7)

    def _ping(self, seat: Chair, sent: int) -> None:
        if self._seat is seat:
            self._send({"t": "ping", "c": self.now_ms})
            pause_ms = 120 if sent < 8 else 500 if self._clock.count < 16 else 5000
            self._world.later(pause_ms, lambda: self._ping(seat, sent + 1))

    def _send(self, message: Message) -> None:
        seat = self._seat
        if seat is not None and not self.asleep:
            seat.line.send("up", message, lambda told: self._server.hear(seat, told))

    def _heard(self, seat: Chair, message: Message) -> None:
        if self._seat is not seat or self.asleep:
            return
        if message["t"] == "pong":
            self._clock.add(message["c"], message["s1"], message["s2"], self.now_ms)
        if message["t"] == "state":
            self.state, self._told = message, None
            self._apply()
            self._tell_ready()

    # The film

    def _apply(self) -> None:
        state = self.state
        if state is None:
            return
        self._begun = self._begun and state["playing"]
        self._own_pace(state)
        if not state["playing"]:
            self.film.pause()
            if abs(self.film.place_ms - state["pos_ms"]) > 0.01:
                self.film.seek(state["pos_ms"])
            return
        if not self._clock.ready:
            return
        wait_ms = state["at_ms"] - (self.now_ms + self._clock.offset_ms)
        if wait_ms <= 5:
            self._run()
            return
        if abs(self.film.place_ms - state["pos_ms"]) > 40:
            self.film.seek(state["pos_ms"])
        self._starting = True
        seq = self.seq
        self._world.later(
            wait_ms - self._start_cost.ms, lambda: self._run() if self.seq == seq else None
        )

    def _run(self) -> None:
        if self.state is None or not self.state["playing"]:
            return
        self.film.play()
        if abs(self.film.place_ms - self.target_ms) > 600:
            self._jump()

    def _jump(self) -> None:
        self._jumped_at = self.now_ms
        self.film.seek(self.target_ms + self._seek_cost * self.film.rate)
        self._seek_cost = min(1000.0, 0.5 * self._seek_cost + 0.5 * self.machine.seek_ms)

    def _loop(self) -> None:
        if not self.asleep:
            self._follow()
        self._world.later(_LOOP_MS, self._loop)

    def _follow(self) -> None:
        self._tell_ready()
        state, film = self.state, self.film
        if state is None or not state["playing"] or not self._clock.ready:
            return
        now = self.now_ms + self._clock.offset_ms
        if not film.playing and now > state["at_ms"] + _LATE_START_MS:
            self._run()
            return
        if not film.running or now < state["at_ms"]:
            self._own_pace(state)
            return
        found = self._pace.look((film.place_ms - self.target_ms) / state["pace"], self.now_ms)
        if found is None:
            return
        if self._starting:
            self._starting = False
            self._start_cost.learn(found.drift_ms)
        self._begun = True
        if found.jump:
            if self.now_ms - self._jumped_at > _JUMP_EVERY_MS:
                self._jump()
        elif found.change:
            film.set_rate(state["pace"] * (1 + found.change))
            hurry = self._hurries
            self._world.later(
                found.for_ms, lambda: self._own_rate(state) if self._hurries == hurry else None
            )
        else:
            self._own_rate(state)

    def _own_pace(self, state: dict[str, Any]) -> None:
        self._hurries += 1
        self._own_rate(state)
        self._pace.anew(self.now_ms)

    def _own_rate(self, state: dict[str, Any]) -> None:
        self.film.set_rate(state["pace" if self._begun else "rate"])

    def _tell_ready(self) -> None:
        if not self.open:
            return
        buffered = self.film.buffered
        due = self.film.playing and self.now_ms - self._told_at > _TELL_MS
        if buffered == self._told and not due:
            return
        self._told, self._told_at = buffered, self.now_ms
        rtt = round(self._clock.rtt_ms) if self._clock.count else 0
        place = round(self.film.place_ms)
        told = {"seq": self.seq, "buffered": buffered, "pos_ms": place, "rtt_ms": rtt}
        self._send({"t": "ready", **told})
