"""One simulated meeting: people press keys, faults of every kind, then quiet, then the check."""

from collections.abc import Callable
from dataclasses import dataclass

from review_app.supervision.room_rounds import Part, Plan
from review_app.supervision.room_values import WAIT_LIMIT_MS
from storage.records import UserId
from tests.simulation.house import AGENDA, SEATS, Seen, Server
from tests.simulation.window import Machine, Window
from tests.simulation.world import Weather, World

FAULTS_MS = 60_000
SETTLED_WITHIN_MS = 30_000
"""After the last fault: the longest pause before a window tries its line again is ten seconds,
the film is waited for at most twelve, and the last half second of drift is made up in five."""

TOLD_WITHIN_MS = 3_000
PLAYED_MS = 10_000

_KINDS = ("play", "play", "play", "pause", "seek", "rate", "sequence", "lead_ask", "lead_give")
_KINDS_TOO = ("lead_take", "go_on", "rounds", "round_time", "round_time", "round_next", "part")


@dataclass(frozen=True, slots=True)
class Evening:
    """What one run came to.

    Attributes:
        apart_ms: The largest distance between two films ten seconds into a last play.
        rounds_apart_ms: The same of what two pages show as left of the last round.
    """

    seed: int
    people: int
    seen: Seen
    apart_ms: float
    rounds_apart_ms: float


class NotTogether(AssertionError):
    """Long after the last fault, somebody still saw another state or another moment."""


def meet(seed: int) -> Evening:
    """Run one meeting of the two and up to six guests to its end, and check that all end together.

    Raises:
        TwoTruths: The same number stood for two states.
        NotTogether: Somebody's window never found back to the others.
        NotTheirs: A guest led, saw the film alone, or was told something after being shut out.
    """
    world, seen = World(seed), Seen()
    server = Server(world, seen)
    people = world.chance.randint(2, 8)
    windows = [
        Window(
            world,
            server,
            UserId(f"person-{each}"),
            machine=_machine(world),
            weather=_weather(world),
        )
        for each in range(people)
    ]
    faults = _faults(world, server, windows, seen)
    at_ms = 2_000.0
    while at_ms < FAULTS_MS:
        at_ms += world.chance.expovariate(1 / 900)
        happens = world.chance.choice(faults) if world.chance.random() < 0.4 else None
        world.go_on_until(at_ms)
        if happens:
            happens()
        else:
            _press_a_key(world, world.chance.choice(windows))
    for window in windows:
        _mend(window)
    world.go_on_until(FAULTS_MS + SETTLED_WITHIN_MS)
    windows = [window for window in windows if not window.out]
    _come_together(world, server, windows)
    leading = next(window for window in windows if window.person == server.room.leader)
    leading.command("rounds", plan=world.chance.choice(list(Plan)))
    leading.command("round_time", running=True)
    starter = world.chance.choice(windows)
    leading.command("rate", rate=1.0)
    starter.command("play", again=True)
    world.go_on_until(world.now_ms + PLAYED_MS)
    _come_together(world, server, windows)
    if seen.longest_wait_ms > WAIT_LIMIT_MS + 100:
        raise NotTogether("waited without end", seen.longest_wait_ms)
    if not all(window.film.running for window in windows):
        raise NotTogether("a film stands still")
    places = [window.film.place_ms for window in windows]
    left = [window.round_left_ms for window in windows]
    if None in left or not server.room.rounds or not server.room.rounds.running:
        raise NotTogether("the round does not run everywhere", left)
    shown = [each for each in left if each is not None]
    return Evening(seed, people, seen, max(places) - min(places), max(shown) - min(shown))


def _machine(world: World) -> Machine:
    chance = world.chance
    return Machine(
        skew_ms=chance.uniform(-3_600_000, 3_600_000),
        clock_ppm=chance.uniform(-100, 100),
        film_ppm=chance.uniform(-300, 300),
        start_ms=chance.uniform(10, 150),
        seek_ms=chance.uniform(30, 400),
        loss_ms=chance.uniform(0, 20),
    )


def _weather(world: World) -> Weather:
    chance = world.chance
    return Weather(chance.uniform(1, 100), chance.uniform(0, 30), chance.choice((0.0, 0.01, 0.05)))


def _press_a_key(world: World, window: Window) -> None:
    chance = world.chance
    kind = chance.choice(_KINDS + _KINDS_TOO)
    values: dict[str, object] = {}
    if kind == "seek":
        values["pos_ms"] = chance.randint(0, 90_000)
    if kind == "rate":
        values["rate"] = chance.choice((0.5, 0.75, 1.0, 1.25, 2.0))
    if kind == "sequence":
        values["sequence"] = chance.choice(AGENDA).id
    if kind == "rounds":
        values["plan"] = chance.choice((*Plan, None))
    if kind == "round_time":
        values["running"] = chance.random() < 0.7
    if kind == "part":
        values |= {"to": f"person-{chance.randint(0, 7)}", "part": chance.choice(list(Part))}
    if kind == "play":
        values["again"] = chance.random() < 0.3
    if not window.asleep:
        window.command(kind, **values)


def _faults(
    world: World, server: Server, windows: list[Window], seen: Seen
) -> list[Callable[[], None]]:
    chance = world.chance

    def any_window() -> Window:
        return chance.choice(windows)

    def line_breaks() -> None:
        seen.broken_lines += 1
        any_window().lose_line(server_notices_after_ms=chance.uniform(5, 20_000))

    def film_stalls() -> None:
        window = any_window()
        window.film.stall(stalled=True)
        world.later(chance.uniform(100, 9_000), lambda: window.film.stall(stalled=False))

    def laptop_sleeps() -> None:
        window = any_window()
        window.asleep = True
        window.film.stall(stalled=True)
        window.lose_line(server_notices_after_ms=chance.uniform(5, 20_000))
        world.later(chance.uniform(1_000, 15_000), lambda: _mend(window))

    def line_gets_bad() -> None:
        window = any_window()
        good, window.weather = window.weather, Weather(300, 200, 0.1)
        window.lose_line(server_notices_after_ms=100)
        world.later(chance.uniform(1_000, 8_000), lambda: _better(window, good))

    def server_restarts() -> None:
        if server.up:
            server.restart(away_ms=chance.uniform(200, 5_000))

    def page_reloads() -> None:
        any_window().reload()

    often = [line_breaks, film_stalls, laptop_sleeps, line_gets_bad, page_reloads]
    return [*often, *often, server_restarts, lambda: _shut_out_a_guest(server, any_window())]


def _shut_out_a_guest(server: Server, window: Window) -> None:
    if window.person not in SEATS:
        server.shut_out(window.person)


def _better(window: Window, weather: Weather) -> None:
    window.weather = weather
    window.lose_line(server_notices_after_ms=100)


def _mend(window: Window) -> None:
    window.asleep = False
    window.film.stall(stalled=False)


def _come_together(world: World, server: Server, windows: list[Window]) -> None:
    """Go on until everyone has been told the same, which a change just made may keep a moment."""
    until_ms = world.now_ms + TOLD_WITHIN_MS
    while not all(each.open and each.seq == server.room.seq for each in windows):
        if world.now_ms > until_ms:
            raise NotTogether([(each.open, each.seq) for each in windows], server.room.seq)
        world.go_on_until(world.now_ms + 100)
