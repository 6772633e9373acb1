"""Simulated time, and lines on which messages take their while."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

Message = dict[str, Any]


class World:
    """Time that jumps from one happening to the next, and the one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.now_ms = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._turn = count()

    def later(self, delay_ms: float, run: Callable[[], None]) -> None:
        """Let something happen after a while."""
        at_ms = self.now_ms + max(0.0, delay_ms)
        heapq.heappush(self._due, (at_ms, next(self._turn), run))

    def go_on_until(self, at_ms: float) -> None:
        """Let everything happen that is due by then."""
        while self._due and self._due[0][0] <= at_ms:
            self.now_ms, _, run = heapq.heappop(self._due)
            run()
        self.now_ms = at_ms


@dataclass(frozen=True, slots=True)
class Weather:
    """How a line behaves.

    Attributes:
        delay_ms: One way, at best.
        jitter_ms: Mean of what comes on top, exponentially distributed.
        lost: Share of the messages that have to be sent again, a third of a second later.
    """

    delay_ms: float
    jitter_ms: float
    lost: float


@dataclass(slots=True)
class Line:
    """One connection between a window and the server: in order, both ways, until it breaks.

    A stream never swaps or drops messages; what a packet's loss costs is time, for everything
    behind it too. When a line breaks, what is under way is gone, and each end finds out by
    itself, the server perhaps much later.
    """

    world: World
    weather: Weather
    up: bool = True
    _arrives: dict[str, float] = field(default_factory=dict)

    def send(self, way: str, message: Message, deliver: Callable[[Message], None]) -> None:
        """Bring a message to the other end, unless the line breaks before."""
        if not self.up:
            return
        weather, chance = self.weather, self.world.chance
        took = weather.delay_ms + chance.expovariate(1.0) * weather.jitter_ms
        if chance.random() < weather.lost:
            took += 300.0
        arrives = max(self._arrives.get(way, 0.0), self.world.now_ms + took)
        self._arrives[way] = arrives
        self.world.later(arrives - self.world.now_ms, lambda: deliver(message) if self.up else None)
